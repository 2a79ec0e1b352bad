/** The dialogs about purges: what is to go, yes or no, putting it back, and rules. */
import type { MethodParams } from "../../../protocol/define.ts";
import { count as countAssets } from "../../../protocol/methods/assets.ts";
import { preview, removeRule, run, saveRule, undo } from "../../../protocol/methods/purges.ts";
import type { Purge, PurgeRule } from "../../../protocol/model/purge.ts";
import type { FormValues, ScreenContext } from "../../screens/view.ts";
import { repeatable, reversible } from "../../state/undo.ts";
import { plural } from "../../text/format.ts";
import { createLivePreview } from "../dialog/live-preview.ts";
import { previewLines } from "./describe-purge.ts";

/** Asks for a query and a reason, then shows what would go. */
export function openPurge(context: ScreenContext, query: string, done: () => void): void {
	const now = matchedNow(context);
	context.open({
		to: "form",
		form: {
			title: "Purge assets from the inventory",
			verb: "shows what would go",
			fields: [
				{ name: "query", label: "Query", value: query, hint: "which assets: lastSeen<now-90d, group:Old, id:7" },
				{ name: "reason", label: "Why", value: "", hint: "for the audit log: returned to the lessor" },
			],
			preview: (values) => [...now(values), "Nothing is purged yet: the next step asks."],
			async submit({ query: filter = "", reason = "" }) {
				const found = await context.client.call(preview, { filter });
				if (found.assets === 0) throw new Error(`No asset matches ${filter}.`);
				if (reason.trim() === "") throw new Error("A purge needs a reason.");
				return {
					to: "confirm",
					question: {
						title: `Purge ${plural(found.assets, "asset")}?`,
						effect: [...previewLines(found, filter), ...(found.everything ? ["THAT IS THE WHOLE INVENTORY."] : [])],
						...{ yes: "Purge", no: "Keep" },
						run() {
							const { assets: expected, everything } = found;
							const act = () => purgeOnce(context, { filter, expected, reason, everything });
							return repeatable(act, done).then(context.offerUndo);
						},
					},
				};
			},
		},
	});
}

/** The daemon refuses it where the query means another number of assets by now. */
async function purgeOnce({ client }: ScreenContext, wish: MethodParams<typeof run>) {
	const purge = await client.call(run, wish);
	return {
		what: `Purge ${purge.id}: ${plural(purge.assets, "asset")} gone`,
		async back() {
			const { refused, refusedTotal } = await client.call(undo, { purge: purge.id });
			const [first] = refused;
			if (first) throw new Error(`${refusedTotal} not put back: ${first.name}: ${first.reason}`);
		},
	};
}

/** How many assets the form's query matches, as it is typed. */
function matchedNow(context: ScreenContext): (values: FormValues) => readonly string[] {
	return createLivePreview(
		context,
		({ query = "" }) => query.trim() || undefined,
		async (filter) => {
			const { total } = await context.client.call(countAssets, { filter: filter === "*" ? "" : filter });
			return [`${plural(total, "asset")} ${total === 1 ? "matches" : "match"} now.`];
		},
	);
}

export function openUndo(context: ScreenContext, purge: Purge, done: () => void): void {
	const left = purge.assets - purge.restored;
	const put = (beside: boolean) =>
		context.client.call(undo, { purge: purge.id, beside }).then(({ restored, refused, refusedTotal }) => {
			const [first] = refused;
			if (first === undefined) context.toast("good", `${plural(restored, "asset")} put back.`);
			else askBeside(restored, refusedTotal, `${first.name}: ${first.reason}`);
			done();
		}, context.fail);
	const askBeside = (restored: number, refused: number, example: string) =>
		context.open({
			to: "confirm",
			question: {
				title: `Put back ${plural(refused, "asset")} beside what is there now?`,
				effect: [
					`${plural(restored, "asset")} put back; ${refused} not, because another asset has the address now.`,
					example,
					"Beside each other they can be merged.",
				],
				...{ yes: "Put back", no: "Leave" },
				run: () => void put(true),
			},
		});
	context.open({
		to: "confirm",
		question: {
			title: `Undo purge ${purge.id}?`,
			effect: [
				`${plural(left, "asset")} come back as they were, with their findings and histories.`,
				"They go again only by another purge.",
			],
			...{ yes: "Undo", no: "Leave" },
			run: () => void put(false),
		},
	});
}

/** A new rule, or a change of one. */
export function openRule(context: ScreenContext, rule: PurgeRule | undefined, done: () => void): void {
	const now = matchedNow(context);
	const name = { name: "name", label: "Name", value: "", hint: "what the rule is called: gone" };
	context.open({
		to: "form",
		form: {
			title: rule === undefined ? "A rule that purges once a day" : `Edit the purge rule ${rule.name}`,
			verb: "saves",
			fields: [
				...(rule === undefined ? [name] : []),
				{ name: "query", label: "Query", value: rule?.query ?? "lastSeen<now-90d", hint: "which assets" },
				{ name: "reason", label: "Why", value: rule?.reason ?? "", hint: "for the audit log" },
				{
					...{ name: "most", label: "At most", value: rule === undefined ? "" : String(rule.most) },
					hint: "when more match, none goes; empty: a tenth of the inventory, at least 10",
				},
			],
			preview: (values) => [
				...now(values),
				"It looks once a day, first a day from now; each purge can be undone for 30 days.",
			],
			async submit({ name: typed = "", query = "", reason = "", most = "" }) {
				const saved = await context.client.call(saveRule, {
					...{ name: rule?.name ?? typed, query },
					...(reason.trim() === "" ? {} : { reason }),
					...(most.trim() === "" ? {} : { most: Number(most) }),
				});
				context.toast("good", `The rule is saved; ${plural(saved.matches, "asset")} match now.`);
				done();
				return undefined;
			},
		},
	});
}

export function switchRule(context: ScreenContext, { name, enabled }: PurgeRule, done: () => void): void {
	context.client.call(saveRule, { name, enabled: !enabled }).then(() => {
		context.offerUndo(
			reversible(enabled ? `The rule ${name} is off` : `The rule ${name} is on`, {
				again: () => context.client.call(saveRule, { name, enabled: !enabled }),
				back: () => context.client.call(saveRule, { name, enabled }),
				done,
			}),
		);
		done();
	}, context.fail);
}

export function openRemoveRule(context: ScreenContext, rule: PurgeRule, done: () => void): void {
	const { name, query, reason, most, enabled } = rule;
	context.open({
		to: "confirm",
		question: {
			title: `Delete the purge rule ${name}?`,
			effect: ["What it purged stays purged, and can be undone as before."],
			...{ yes: "Delete", no: "Keep" },
			run: () =>
				void context.client.call(removeRule, { name }).then(() => {
					context.offerUndo(
						reversible(`The rule ${name} is deleted`, {
							again: () => context.client.call(removeRule, { name }),
							back: () => context.client.call(saveRule, { name, query, reason, most, enabled }),
							done,
						}),
					);
					done();
				}, context.fail),
		},
	});
}
