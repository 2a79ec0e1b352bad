/** Handlers of the tags area. */
import { AppError } from "../../../protocol/errors.ts";
import type { Tag, TagRule } from "../../../protocol/model/tag.ts";
import { compileFilter } from "../../query/compile.ts";
import { listTaggedAssets, putTag, takeTag } from "../../store/asset-tags.ts";
import { readCounters } from "../../store/counters.ts";
import { findDeletedTag, keepDeletedTag, listDeletedTags, putBackCarriers } from "../../store/deleted-tags.ts";
import { assetFields } from "../../store/fields.ts";
import { matchingAssetIds } from "../../store/matching-assets.ts";
import { transaction } from "../../store/sql.ts";
import {
	createTag,
	deleteTag,
	getTag,
	getTagById,
	listTags,
	type NewTag,
	type StoredTag,
	saveTag,
} from "../../store/tags.ts";
import { refuseCircle } from "../../tags/dependencies.ts";
import { changeBy, evaluateWithDependents, fitsAll, previewRule } from "../../tags/evaluate.ts";
import { ruleInWords, ruleQuery } from "../../tags/rule-query.ts";
import type { AreaHandlers, CallContext } from "../handler.ts";
import type { Services } from "../services.ts";
import { keepingNames } from "./named-targets.ts";

export function tagsHandlers(services: Services): AreaHandlers<"tags"> {
	const { store, audit, hub } = services;
	const { db, clock } = store;
	/** Changes a tag and writes what it was and became, both or neither. */
	const changed = <T>(
		{ user }: CallContext,
		verb: string,
		before: StoredTag | null,
		change: () => { value: T; after: Tag | null; reason?: string },
	): T => {
		const made = transaction(db, () => {
			const { value, after, reason } = change();
			audit.write({
				who: user,
				action: `tag.${verb}`,
				object: `tag ${before?.path ?? after?.path ?? ""}`,
				before: before === null ? null : viewOf(before),
				after: after === null ? null : viewOf(after),
				...(reason === undefined ? {} : { reason }),
			});
			return value;
		});
		hub.post({ kind: "inventory-changed" });
		return made;
	};
	/** The same for what changes which name leads where: nothing that is written down elsewhere may lose its tag by it. */
	const named: typeof changed = (context, verb, before, change) =>
		changed(context, verb, before, () => keepingNames(services, change));
	const parentOf = (parent: string | null | undefined) => (parent == null ? null : getTag(db, parent).id);
	const chosen = ({ ids, filter }: { ids?: number[] | undefined; filter?: string | undefined }): readonly number[] => {
		if ((ids === undefined) === (filter === undefined)) {
			throw new AppError("invalid", "Name the assets either by `ids` or by `filter`.");
		}
		if (ids !== undefined) return ids;
		return matchingAssetIds(db, compileFilter(filter ?? "", assetFields, { now: clock.now() }).where);
	};
	const byHand = (
		verb: "assign" | "unassign",
		name: string,
		some: Parameters<typeof chosen>[0],
		context: CallContext,
	) => {
		const tag = getTag(db, name);
		refuseRule(tag, verb);
		const assets = chosen(some);
		return changed(context, verb, tag, () => {
			const at = clock.now();
			const count =
				verb === "assign" ? putTag(db, tag.id, assets, { why: context.user, at }) : takeTag(db, tag.id, assets);
			evaluateWithDependents(db, tag.id, at);
			const after = getTagById(db, tag.id);
			return { value: { tag: viewOf(after), changed: count }, after, reason: `${count} assets` };
		});
	};
	return {
		list: () => {
			const items = listTags(db).map(toldOf);
			return { items, total: items.length };
		},
		get: ({ tag: name, limit }) => {
			const tag = getTag(db, name);
			const children = listTags(db).filter(({ parent }) => parent === tag.id);
			const assets = listTaggedAssets(db, tag.id, limit).map(({ why, ...one }) => ({ ...one, why: why ?? "rule" }));
			return { tag: toldOf(tag), children: children.map((child) => child.name), assets };
		},
		create: ({ everything, parent, ...words }, context) => {
			checkRule(words.rule);
			if (!everything) refuseEverything(store, null, words.rule);
			return named(context, "create", null, () => {
				const made = createTag(db, { ...words, parent: parentOf(parent) }, clock.now());
				refuseCircle(listTags(db), made);
				if (made.rule.kind !== "static") evaluateWithDependents(db, made.id, clock.now());
				const after = getTagById(db, made.id);
				return { value: viewOf(after), after };
			});
		},
		edit: ({ tag: wanted, everything, parent, rule, ...words }, context) => {
			const tag = getTag(db, wanted);
			if (rule !== undefined) checkRule(rule);
			const given = Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined));
			const next: NewTag = {
				...tag,
				...given,
				rule: rule ?? tag.rule,
				parent: parent === undefined ? tag.parent : parentOf(parent),
			};
			refuseSystemChange(tag, next);
			const anotherRule = rule !== undefined && (rule.kind !== tag.rule.kind || rule.text !== tag.rule.text);
			if (anotherRule && !everything) refuseEverything(store, tag.id, next.rule);
			return named(context, "edit", tag, () => {
				const saved = saveTag(db, tag.id, next, clock.now());
				refuseCircle(listTags(db), saved);
				if (anotherRule || saved.name !== tag.name) evaluateWithDependents(db, tag.id, clock.now());
				const after = getTagById(db, tag.id);
				return { value: viewOf(after), after };
			});
		},
		remove: ({ tag: name }, context) => {
			const tag = getTag(db, name);
			refuseSystemDelete(tag);
			return named(context, "delete", tag, () => {
				keepDeletedTag(db, tag, { at: clock.now(), by: context.user });
				deleteTag(db, tag);
				return { value: { deleted: viewOf(tag) }, after: null, reason: `${tag.assets} assets carried it` };
			});
		},
		deleted: () => {
			const items = listDeletedTags(db);
			return { items, total: items.length };
		},
		restore: ({ id, name }, context) => {
			const kept = findDeletedTag(db, id ?? listDeletedTags(db)[0]?.id ?? 0);
			if (kept === null) throw nothingDeleted(id);
			const { tag } = kept;
			refuseLostParent(db, tag);
			return named(context, "restore", null, () => {
				const again = { id: tag.id, createdAt: tag.createdAt };
				const made = createTag(db, { ...tag, name: name ?? tag.name, again }, clock.now());
				putBackCarriers(db, kept);
				refuseCircle(listTags(db), made);
				if (made.rule.kind !== "static") evaluateWithDependents(db, made.id, clock.now());
				const after = getTagById(db, made.id);
				return { value: viewOf(after), after };
			});
		},
		assign: ({ tag, ...some }, context) => byHand("assign", tag, some, context),
		unassign: ({ tag, ...some }, context) => byHand("unassign", tag, some, context),
		preview: ({ rule, tag, names }) => {
			checkRule(rule);
			return previewRule(db, tag === undefined ? null : getTag(db, tag).id, rule, { now: clock.now(), names });
		},
		evaluate: ({ tag: name }) => {
			const tag = getTag(db, name);
			const { added, removed } = transaction(db, () => evaluateWithDependents(db, tag.id, clock.now()));
			if (added.length + removed.length > 0) hub.post({ kind: "inventory-changed" });
			return { tag: viewOf(getTagById(db, tag.id)), added: added.length, removed: removed.length };
		},
	};
}

function viewOf(tag: Tag | StoredTag): Tag {
	const { systemKind: _, ...view } = { systemKind: null, ...tag };
	return view;
}

function toldOf(tag: Tag | StoredTag): Tag {
	return { ...viewOf(tag), means: ruleInWords(tag.rule) };
}

/** Throws `invalid` with the reason. */
function checkRule(rule: TagRule): void {
	if (rule.kind === "asset-group") {
		throw new AppError("invalid", "Tags of asset groups are made by the daemon.", {
			hint: "Write the rule as a query: group:Web.",
		});
	}
	ruleQuery(rule);
}

/** A rule that fits everything there is was seldom meant. */
function refuseEverything({ db, clock }: Services["store"], tag: number | null, rule: TagRule): void {
	if (rule.kind === "static") return;
	const all = readCounters(db).get("assets") ?? 0;
	if (all < 2 || !fitsAll(db, rule, clock.now())) return;
	const { matches } = changeBy(db, tag, rule, clock.now());
	if (matches < 2) return;
	const what = matches === all ? `all ${all} assets` : `${matches} of ${all} assets, all that have an address`;
	throw new AppError("too-large", `The rule fits ${what}.`, {
		hint: "If that is meant, say so: --everything.",
		details: { matches },
	});
}

function refuseRule(tag: StoredTag, verb: "assign" | "unassign"): void {
	if (tag.rule.kind === "static") return;
	throw new AppError("conflict", `The tag ${JSON.stringify(tag.name)} has a rule: what was ${verb}ed would not last.`, {
		hint: "Change the rule with: vedette tag edit NAME --rule KIND --text TEXT, or make it static first.",
	});
}

function refuseSystemChange(tag: StoredTag, next: NewTag): void {
	if (!tag.system) return;
	const ruleFixed = tag.systemKind !== "internet-facing";
	const fixed =
		next.name !== tag.name ||
		next.parent !== tag.parent ||
		(ruleFixed && next.rule.text + next.rule.kind !== tag.rule.text + tag.rule.kind);
	if (!fixed) return;
	throw new AppError(
		"conflict",
		`The tag ${JSON.stringify(tag.name)} is the daemon's own: that of it cannot be changed.`,
		{
			hint: "Colour, description and criticality can be.",
		},
	);
}

function refuseSystemDelete(tag: StoredTag): void {
	if (!tag.system) return;
	throw new AppError("conflict", `The tag ${JSON.stringify(tag.name)} is the daemon's own: it cannot be deleted.`);
}

function nothingDeleted(id: number | undefined): AppError {
	const what = id === undefined ? "No tag was deleted" : `No tag with the number ${id} was deleted`;
	return new AppError("not-found", `${what} in the last 30 days.`, { hint: "See what was: vedette tag deleted" });
}

function refuseLostParent(db: Services["store"]["db"], tag: StoredTag): void {
	if (tag.parent === null || listTags(db).some(({ id }) => id === tag.parent)) return;
	const parent = findDeletedTag(db, tag.parent);
	throw new AppError("conflict", `The tag that ${JSON.stringify(tag.path)} stood below is deleted.`, {
		hint:
			parent === null
				? "It cannot be put back any more: make the tag anew."
				: `Put that one back first: vedette tag undelete ${tag.parent}`,
	});
}
