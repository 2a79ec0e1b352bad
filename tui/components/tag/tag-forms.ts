/** The dialogs about tags: making and changing one with what its rule would change, deleting, putting one on assets. */
import * as tags from "../../../protocol/methods/tags.ts";
import { type Tag, type TagRule, type TagRuleKind, tagRuleKinds } from "../../../protocol/model/tag.ts";
import type { FormValues, Route, ScreenContext } from "../../screens/view.ts";
import { failureOf } from "../../state/list-loader.ts";
import { reversible } from "../../state/undo.ts";
import { plural } from "../../text/format.ts";
import { createLivePreview } from "../dialog/live-preview.ts";
import { previewLines } from "./describe-tag.ts";

const kinds = tagRuleKinds.filter((kind) => kind !== "asset-group");
const examples: Readonly<Record<string, string>> = {
	static: "put on assets by hand; no text",
	"network-range": "10.0.0.0/8, 192.0.2.10-192.0.2.20",
	"os-regex": ".*Linux.*",
	"name-contains": "web",
	"open-ports": "80, 443",
	"vuln-exist": "QIDs: 45179, 105053",
	"installed-software": "openssh-server",
	"asset-search": "<TAG_CRITERIA> … </TAG_CRITERIA>",
	query: "os:debian and port:22",
};

/** A new tag, or a change of one. */
export function openTag(context: ScreenContext, tag: Tag | undefined, done: () => void): void {
	const parent = tag === undefined ? "" : tag.path.slice(0, Math.max(0, tag.path.length - tag.name.length - 1));
	const ruleFixed = tag?.rule.kind === "asset-group";
	const live = livePreview(context, tag);
	context.open({
		to: "form",
		form: {
			title: tag === undefined ? "A new tag" : `Edit the tag ${tag.path}`,
			verb: "saves",
			fields: [
				{ name: "name", label: "Name", value: tag?.name ?? "", hint: "in queries tags:NAME, as a target tag:NAME" },
				{ name: "parent", label: "Below", value: parent, hint: "another tag, by name or path; empty: none" },
				...(ruleFixed
					? []
					: [
							{
								name: "kind",
								label: "Rule",
								value: tag?.rule.kind ?? "static",
								hint: "how it finds its assets",
								choices: kinds,
							},
							{ name: "text", label: "Text", value: tag?.rule.text ?? "", hint: "of the rule; see below" },
						]),
				{
					...{ name: "criticality", label: "Criticality", value: tag?.criticality?.toString() ?? "-" },
					...{ hint: "5 matters most; an asset has the highest of its tags", choices: ["-", "1", "2", "3", "4", "5"] },
				},
				{ name: "colour", label: "Colour", value: tag?.colour ?? "", hint: "#RRGGBB, or empty" },
				{ name: "description", label: "About", value: tag?.description ?? "", hint: "what it is for" },
			],
			preview: (values) => (ruleFixed ? [] : live(values)),
			submit: (values) => save(context, tag, values, false, done),
		},
	});
}

async function save(
	context: ScreenContext,
	tag: Tag | undefined,
	values: FormValues,
	everything: boolean,
	done: () => void,
): Promise<Route | undefined> {
	const { name = "", parent = "", criticality = "-", colour = "", description = "" } = values;
	const rule = ruleOf(values);
	const words = {
		...{ name, description, everything, colour: colour.trim() === "" ? null : colour.trim() },
		criticality: criticality === "-" ? null : Number(criticality),
	};
	try {
		const saved =
			tag === undefined
				? await context.client.call(tags.create, {
						...words,
						...(parent.trim() !== "" && { parent }),
						...(rule !== undefined && { rule }),
					})
				: await context.client.call(tags.edit, {
						...{ tag: tag.path, ...words, parent: parent.trim() === "" ? null : parent },
						...(rule !== undefined && { rule }),
					});
		context.toast("good", `The tag ${saved.path} is on ${plural(saved.assets, "asset")}.`);
		done();
		return undefined;
	} catch (err) {
		if (failureOf(err).code !== "too-large" || everything) throw err;
		return {
			to: "confirm",
			question: {
				title: "Put the tag on everything?",
				effect: [failureOf(err).message, "A tag that is on everything tells nothing apart."],
				...{ yes: "Put it on all", no: "Back" },
				async run() {
					await save(context, tag, values, true, done);
				},
			},
		};
	}
}

/** What a rule would change, asked for while it is being written, below an example of its kind. */
function livePreview(context: ScreenContext, tag: Tag | undefined): (values: FormValues) => readonly string[] {
	const about = tag === undefined ? {} : { tag: tag.path };
	const changes = createLivePreview(
		context,
		(values) => {
			const rule = ruleOf(values);
			return rule === undefined || rule.kind === "static" || rule.text.trim() === "" ? undefined : rule;
		},
		async (rule) => previewLines(await context.client.call(tags.preview, { rule, names: 6, ...about })),
	);
	return (values) => {
		const kind = ruleOf(values)?.kind ?? "static";
		return [`${kind}${kind === "static" ? "" : ", such as"}: ${examples[kind] ?? ""}`, ...changes(values)];
	};
}

function ruleOf({ kind, text = "" }: FormValues): TagRule | undefined {
	if (kind === undefined) return undefined;
	return { kind: kind as TagRuleKind, text: kind === "static" ? "" : text };
}

export function openDeleteTag(context: ScreenContext, tag: Tag, done: () => void): void {
	context.open({
		to: "confirm",
		question: {
			title: `Delete the tag ${tag.path}?`,
			effect: [
				`${plural(tag.assets, "asset")} carry it; they stay.`,
				"Scans that were started with it keep to what it stood for.",
				"It can be put back for 30 days.",
			],
			...{ yes: "Delete", no: "Keep" },
			run: () =>
				void context.client.call(tags.remove, { tag: tag.path }).then(() => {
					context.offerUndo(
						reversible(`The tag ${tag.path} is deleted`, {
							again: () => context.client.call(tags.remove, { tag: tag.path }),
							back: () => context.client.call(tags.restore, { id: tag.id }),
							done,
						}),
					);
					done();
				}, context.fail),
		},
	});
}

/** What was deleted last. */
export function restoreTag(context: ScreenContext, done: () => void): void {
	context.client.call(tags.restore, {}).then((tag) => {
		context.toast("good", `The tag ${tag.path} is back, on ${plural(tag.assets, "asset")}.`);
		done();
	}, context.fail);
}

export function evaluateTag(context: ScreenContext, tag: Tag, done: () => void): void {
	context.client.call(tags.evaluate, { tag: tag.path }).then(({ added, removed }) => {
		context.toast("good", `${tag.path}: +${added} −${removed}.`);
		done();
	}, context.fail);
}

/** Puts a static tag on assets, or takes it off them. One that is not there yet is made. */
export async function openAssign(
	context: ScreenContext,
	assets: readonly { readonly id: number; readonly tags: readonly string[] }[],
	done: () => void,
): Promise<void> {
	const { items } = await context.client.call(tags.list, {});
	const byHand = items.filter(({ rule, system }) => rule.kind === "static" && !system);
	const known = byHand.map(({ path }) => path).join(", ");
	context.open({
		to: "form",
		form: {
			title: `Tag ${plural(assets.length, "asset")}`,
			verb: "does it",
			fields: [
				{
					name: "tag",
					label: "Tag",
					value: byHand[0]?.path ?? "",
					hint: known === "" ? "a new one is made" : `there are: ${known}`,
				},
				{ name: "verb", label: "Put", value: "on", hint: "on them, or take it off", choices: ["on", "off"] },
			],
			async submit({ tag = "", verb = "on" }) {
				const name = tag.trim();
				const isNew = !items.some(({ path, name: own }) =>
					[path, own].some((one) => one.toLowerCase() === name.toLowerCase()),
				);
				const isMade = isNew && verb === "on";
				if (isMade) await context.client.call(tags.create, { name });
				const [method, opposite] = verb === "on" ? [tags.assign, tags.unassign] : [tags.unassign, tags.assign];
				const { changed, tag: saved } = await context.client.call(method, {
					...{ tag: name, ids: assets.map(({ id }) => id) },
				});
				const had = (own: readonly string[]) => own.some((one) => [saved.path, saved.name].includes(one));
				const ids = assets.filter((asset) => had(asset.tags) === (verb === "off")).map(({ id }) => id);
				context.offerUndo(
					reversible(`${saved.path} ${verb === "on" ? "put on" : "taken off"} ${plural(changed, "asset")}`, {
						async again() {
							if (isMade) await context.client.call(tags.create, { name });
							await context.client.call(method, { tag: name, ids });
						},
						async back() {
							await context.client.call(opposite, { tag: saved.path, ids });
							if (isMade) await context.client.call(tags.remove, { tag: saved.path });
						},
						done,
					}),
				);
				done();
				return undefined;
			},
		},
	});
}
