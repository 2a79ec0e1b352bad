/** Which assets a rule fits, and bringing what they carry in step with it. */
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../../protocol/errors.ts";
import type { TagPreview, TagRule } from "../../protocol/model/tag.ts";
import { compileQuery } from "../query/compile.ts";
import { listTagged, putTag, takeTag } from "../store/asset-tags.ts";
import { readCounters } from "../store/counters.ts";
import { isAny, matchingAssetIds } from "../store/matching-assets.ts";
import { all, transaction } from "../store/sql.ts";
import { getTagById, listTags, noteEvaluation, type StoredTag } from "../store/tags.ts";
import { inOrder } from "./dependencies.ts";
import { ruleFields } from "./rule-fields.ts";
import { ruleInWords, ruleQuery } from "./rule-query.ts";

/** Assets the rule fits, ascending; null for a static one. Throws `invalid` for a rule that cannot be read. */
export function assetsOfRule(db: DatabaseSync, rule: TagRule, now: number): number[] | null {
	const query = ruleQuery(rule);
	if (query === null) return null;
	const { where } = compileQuery(query, ruleFields, { now });
	return matchingAssetIds(db, where);
}

/** Does the rule fit every asset that has an address? One without can be in no range, and would make an exception of each. */
export function fitsAll(db: DatabaseSync, rule: TagRule, now: number): boolean {
	const query = ruleQuery(rule);
	if (query === null) return false;
	const { where } = compileQuery(query, ruleFields, { now });
	if (where === null) return true;
	return !isAny(db, {
		sql: `EXISTS (SELECT 1 FROM asset_address fx WHERE fx.asset = a.id) AND (${where.sql}) IS NOT TRUE`,
		params: where.params,
	});
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
		means: ruleInWords(rule),
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

function namesOf(db: DatabaseSync, assets: readonly number[]): string[] {
	return all<{ name: string }>(
		db,
		"SELECT name FROM asset WHERE id IN (SELECT value FROM json_each(?)) ORDER BY name COLLATE NOCASE",
		JSON.stringify(assets),
	).map(({ name }) => name);
}
