/** Which assets a rule fits, and bringing what they carry in step with it. */
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../../protocol/errors.ts";
import type { TagPreview, TagRule } from "../../protocol/model/tag.ts";
import { compileQuery } from "../query/compile.ts";
import type { FieldCatalogue } from "../query/fields.ts";
import { listTagged, listTagsOf, putTag, takeTag } from "../store/asset-tags.ts";
import { readCounters } from "../store/counters.ts";
import { assetFields } from "../store/fields.ts";
import { all, transaction } from "../store/sql.ts";
import { getTagById, listTags, noteEvaluation, type StoredTag } from "../store/tags.ts";
import { inOrder } from "./dependencies.ts";
import { ruleQuery } from "./rule-query.ts";

/** A word without a field does not look into tags: a rule would depend on all of them. */
export const ruleFields: FieldCatalogue = {
	...assetFields,
	bare: assetFields.bare.filter((name) => name !== "tags"),
};

/** Assets the rule fits, ascending; null for a static one. Throws `invalid` for a rule that cannot be read. */
export function assetsOfRule(db: DatabaseSync, rule: TagRule, now: number, asset?: number): number[] | null {
	const query = ruleQuery(rule);
	if (query === null) return null;
	const { where } = compileQuery(query, ruleFields, { now });
	const one = asset === undefined ? "" : "a.id = ? AND ";
	const text = `SELECT a.id AS id FROM asset a WHERE ${one}(${where?.sql ?? "1"})`;
	const rows = db.prepare(text).all(...(asset === undefined ? [] : [asset]), ...(where?.params ?? []));
	return rows.map(({ id }) => Number(id));
}

export interface Change {
	readonly matches: number;
	readonly added: readonly number[];
	readonly removed: readonly number[];
}

/** What a rule would change; of a tag that is yet to be made with `tag` null. */
export function changeBy(db: DatabaseSync, tag: number | null, rule: TagRule, now: number): Change {
	const before = new Set(tag === null ? [] : listTagged(db, tag));
	const fitting = assetsOfRule(db, rule, now);
	// What becomes static stays where it is.
	if (fitting === null) return { matches: before.size, added: [], removed: [] };
	const after = new Set(fitting);
	return {
		matches: fitting.length,
		added: fitting.filter((asset) => !before.has(asset)),
		removed: [...before].filter((asset) => !after.has(asset)),
	};
}

/** The same for people: with names. */
export function previewRule(
	db: DatabaseSync,
	tag: number | null,
	rule: TagRule,
	{ now, names }: { now: number; names: number },
): TagPreview {
	const { matches, added, removed } = changeBy(db, tag, rule, now);
	return {
		matches,
		of: readCounters(db).get("assets") ?? 0,
		adds: added.length,
		removes: removed.length,
		added: namesOf(db, added.slice(0, names)),
		removed: namesOf(db, removed.slice(0, names)),
	};
}

/** Applies a tag's rule to all assets. `now` in milliseconds. */
export function evaluateTag(db: DatabaseSync, tag: Pick<StoredTag, "id" | "rule">, now: number): Change {
	return transaction(db, () => {
		const change = changeBy(db, tag.id, tag.rule, now);
		takeTag(db, tag.id, change.removed);
		putTag(db, tag.id, change.added, { why: null, at: now });
		if (tag.rule.kind !== "static") noteEvaluation(db, tag.id, now, null);
		return change;
	});
}

/** Applies a tag's rule and those of the tags whose rules name it. Returns what became of the tag itself. */
export function evaluateWithDependents(db: DatabaseSync, id: number, now: number): Change {
	return transaction(db, () => {
		const tags = inOrder(listTags(db));
		let change: Change = { matches: 0, added: [], removed: [] };
		const changed = new Set<number>();
		for (const { tag, uses } of tags) {
			if (tag.id === id) {
				change = evaluateTag(db, tag, now);
				changed.add(id);
			} else if (tag.rule.kind !== "static" && uses.some((used) => changed.has(used))) {
				tryEvaluate(db, tag, now);
				changed.add(tag.id);
			}
		}
		return change;
	});
}

/** Applies a rule; one that cannot be applied any more leaves its assets and says why. */
export function tryEvaluate(db: DatabaseSync, tag: StoredTag, now: number): Change | null {
	try {
		return evaluateTag(db, getTagById(db, tag.id), now);
	} catch (err) {
		if (!(err instanceof AppError) || err.code !== "invalid") throw err;
		noteEvaluation(db, tag.id, now, err.message);
		return null;
	}
}

/** Brings the tags of one asset in step with its evidence, in the caller's transaction. True when some changed. */
export function retagAsset(db: DatabaseSync, asset: number, now: number): boolean {
	const carried = listTagsOf(db, asset);
	let changed = false;
	for (const { tag } of inOrder(listTags(db))) {
		if (tag.rule.kind === "static" || tag.problem !== null) continue;
		const fits = assetsOfRule(db, tag.rule, now, asset)?.length === 1;
		if (fits === carried.has(tag.id)) continue;
		changed = true;
		if (fits) putTag(db, tag.id, [asset], { why: null, at: now });
		else takeTag(db, tag.id, [asset]);
	}
	return changed;
}

function namesOf(db: DatabaseSync, assets: readonly number[]): string[] {
	return all<{ name: string }>(
		db,
		"SELECT name FROM asset WHERE id IN (SELECT value FROM json_each(?)) ORDER BY name COLLATE NOCASE",
		JSON.stringify(assets),
	).map(({ name }) => name);
}
