/** What is done to duplicates: merging, undoing, saying that they are two, and merging by itself. Each says first what it hits. */
import {
	auto,
	keep,
	merge,
	merges,
	preview,
	reject,
	search,
	status,
	undo,
	unreject,
} from "../../../protocol/methods/duplicates.ts";
import type { DuplicateGroup, MergeField, MergePreview, MergeRecord } from "../../../protocol/model/duplicate.ts";
import type { ScreenContext } from "../../screens/view.ts";
import { repeatable, reversible } from "../../state/undo.ts";
import { count, plural } from "../../text/format.ts";

export interface MergeChoice {
	readonly assets: readonly number[];
	readonly into?: number;
	readonly fields?: Partial<Record<MergeField, number>>;
}

/** Shows what a merge would do; asks a second time when something speaks against it. */
export function askMerge(context: ScreenContext, choice: MergeChoice, done: () => void): void {
	const wish = {
		assets: [...choice.assets],
		fields: choice.fields ?? {},
		...(choice.into === undefined ? {} : { into: choice.into }),
	};
	context.opens(
		context.client.call(preview, wish).then((found) => {
			if (found.impossible !== null) {
				context.toast("bad", found.impossible);
				return;
			}
			const force = found.obstacles.length > 0;
			context.open({
				to: "confirm",
				question: {
					title: force
						? "Merge against what speaks against it?"
						: `Merge ${plural(found.assets.length, "asset")} into one?`,
					effect: effectOf(found),
					...{ yes: force ? "Merge anyway" : "Merge", no: "Leave" },
					run() {
						const act = async () => {
							const made = await context.client.call(merge, { ...wish, force });
							return {
								what: `Merged into ${made.survivor.name} (merge ${made.id})`,
								back: () => context.client.call(undo, { merge: made.id }),
							};
						};
						repeatable(act, done).then(context.offerUndo, context.fail);
					},
				},
			});
		}),
	);
}

function effectOf({ survivor, gone, fields, moves, obstacles, confidence }: MergePreview): string[] {
	const moved = moves
		.filter(({ rows }) => rows > 0)
		.map(({ what, rows }) => `${count(rows)} ${what}`)
		.join(", ");
	const values = fields.map(({ field, value, chosen }) => `${field} ${value || "-"}${chosen ? " (held)" : ""}`);
	return [
		`Stays: ${survivor.id} ${survivor.name}.`,
		`Into it: ${gone.map(({ id, name }) => `${id} ${name}`).join(", ")}.`,
		`${values.join(", ")}.`,
		`What moves: ${moved}.`,
		...(confidence === null && obstacles.length === 0 ? ["Nothing was found that all of them have in common."] : []),
		...obstacles.map((text) => `AGAINST IT: ${text}.`),
		"It can be undone, also after later scans.",
	];
}

export function askNotSame(context: ScreenContext, group: Pick<DuplicateGroup, "members">, done: () => void): void {
	const assets = group.members.map(({ id }) => id);
	context.open({
		to: "form",
		form: {
			title: `${plural(assets.length, "asset")} that are not the same`,
			verb: "remembers",
			fields: [{ name: "why", label: "Why", value: "", hint: "kept with it: two nodes of a cluster (may be empty)" }],
			preview: () => [
				"No two of them are shown as one machine again, nor merged,",
				"until it is taken back: vedette duplicates maybe-same",
			],
			async submit({ why = "" }) {
				const { pairs } = await context.client.call(reject, { assets, why });
				context.offerUndo(
					reversible(`Remembered: ${plural(pairs, "pair")} not the same`, {
						again: () => context.client.call(reject, { assets, why }),
						back: () => context.client.call(unreject, { assets }),
						done,
					}),
				);
				done();
				return undefined;
			},
		},
	});
}

/** The newest merge that holds. */
export function askUndoNewest(context: ScreenContext, done: () => void): void {
	context.opens(
		context.client.call(merges, { filter: "undone:no", limit: 1 }).then(({ items: [newest] }) => {
			if (newest === undefined) context.toast("info", "There is no merge to undo: none was made, or all are undone.");
			else askUndo(context, newest, done);
		}),
	);
}

export function askUndo(context: ScreenContext, found: MergeRecord, done: () => void): void {
	const { id, survivor, gone, whyNotUndone, automatic, undone } = found;
	if (undone !== null || whyNotUndone !== null) {
		context.toast("info", whyNotUndone ?? "It is undone already.");
		return;
	}
	context.open({
		to: "confirm",
		question: {
			title: `Undo merge ${id}?`,
			effect: [
				`${survivor.id} ${survivor.name} is taken apart: ${gone.map((side) => `${side.id} ${side.name}`).join(", ")} again.`,
				"Each has its own history; what came in since goes to the one it came from.",
				...(automatic ? ["It was merged by itself: they are remembered as not the same."] : []),
			],
			...{ yes: "Undo", no: "Leave" },
			run() {
				context.client.call(undo, { merge: id }).then(({ assets, arrived }) => {
					const since =
						arrived.length > 0 ? `; what came in at ${plural(arrived.length, "address", "addresses")} went along` : "";
					context.toast("good", `${plural(assets.length, "asset")} again${since}.`);
					done();
				}, context.fail);
			},
		},
	});
}

/** Somebody has looked at what speaks against it. */
export function askKeep(context: ScreenContext, found: MergeRecord, done: () => void): void {
	const against = found.conflicts.filter(({ kept }) => kept === null).map(({ text }) => text);
	context.open({
		to: "form",
		form: {
			title: `Keep merge ${found.id} against what speaks against it`,
			verb: "keeps it",
			fields: [
				{ name: "why", label: "Why", value: "", hint: "kept with it: two boards in one chassis (may be empty)" },
			],
			preview: () => [...against, "It is told again when something else speaks against it."],
			async submit({ why = "" }) {
				await context.client.call(keep, { merge: found.id, why });
				context.toast("good", `Merge ${found.id} is kept.`);
				done();
				return undefined;
			},
		},
	});
}

export function startSearch(context: ScreenContext): void {
	context.client
		.call(search, {})
		.then(() => context.toast("info", "The whole inventory is searched; the list follows."), context.fail);
}

/** Switches merging by itself on or off, after showing what that would merge now. */
export function askAuto(context: ScreenContext, done: () => void): void {
	context.opens(
		context.client.call(status, {}).then(({ auto: now }) => {
			context.open({
				to: "form",
				form: {
					title: `Merging by itself: ${now === null ? "off" : `from ${now} % on`}`,
					verb: "shows what that merges",
					fields: [
						{
							...{ name: "above", label: "From", value: now === null ? "95" : String(now) },
							hint: "how sure, 50 to 100; empty switches it off",
						},
					],
					preview: () => ["Only groups that nothing speaks against. Every merge can be undone."],
					async submit({ above: typed = "" }) {
						if (typed.trim() === "") {
							await context.client.call(auto, { above: null });
							context.offerUndo(
								reversible("Nothing is merged by itself any more", {
									again: () => context.client.call(auto, { above: null }),
									back: () => context.client.call(auto, { above: now }),
									done,
								}),
							);
							done();
							return undefined;
						}
						const above = Number(typed);
						const found = await context.client.call(auto, { above, dryRun: true, limit: 5 });
						return { to: "confirm", question: autoQuestion(context, above, found, done) };
					},
				},
			});
		}),
	);
}

function autoQuestion(
	context: ScreenContext,
	above: number,
	{ groups, previews }: { groups: number; previews: MergePreview[] },
	done: () => void,
) {
	const examples = previews.map(
		({ survivor, gone }) =>
			`${gone.map(({ id, name }) => `${id} ${name}`).join(", ")} into ${survivor.id} ${survivor.name}`,
	);
	return {
		title: `Merge from ${above} % on by itself?`,
		effect: [
			`${plural(groups, "group")} now${groups > examples.length ? ", among them" : ""}${examples.length > 0 ? ":" : "."}`,
			...examples,
			"And what is found as sure from now on.",
		],
		...{ yes: "Switch on", no: "Leave" },
		async run() {
			await context.client.call(auto, { above });
			context.toast("good", `From ${above} % on, groups are merged by themselves.`);
			done();
		},
	};
}
