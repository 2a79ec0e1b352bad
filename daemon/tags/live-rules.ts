/**
 * All rules made ready for one asset at a time: its facts are read once, and each rule is a function of them. Kept for a
 * connection until a tag changes, a transaction is rolled back, or a rule that speaks of time has become old.
 */
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../../protocol/errors.ts";
import type { Query } from "../query/ast.ts";
import { FactsReader } from "../query/facts.ts";
import { planOf } from "../query/plan.ts";
import { addNeeds, type Facts, noNeeds, planTest } from "../query/plan-test.ts";
import { listTagsOf, putTag, takeTag } from "../store/asset-tags.ts";
import { listTags, tagsVersion } from "../store/tags.ts";
import { inOrder } from "./dependencies.ts";
import { ruleFields } from "./rule-fields.ts";
import { ruleQuery } from "./rule-query.ts";
import { mentionsNow } from "./time-based.ts";

interface LiveRule {
	readonly tag: number;
	readonly fits: (facts: Facts) => boolean;
	/** It looks at tags that rules before it may have just changed. */
	readonly usesTags: boolean;
}

interface LiveRules {
	readonly version: string;
	/** Null: none speaks of time. Milliseconds. */
	readonly goodUntil: number | null;
	readonly rules: readonly LiveRule[];
	readonly reader: FactsReader | null;
}

/** How long `now` in a rule may stand still: the sweep comes once an hour anyway. */
const freshMs = 10_000;
const kept = new WeakMap<DatabaseSync, LiveRules>();

/**
 * Brings the tags of one asset in step with its evidence, in the caller's transaction. True when some changed. `now` in
 * milliseconds. A rule that cannot be applied leaves its tag as it is; the sweep says why.
 */
export function retagAsset(db: DatabaseSync, asset: number, now: number): boolean {
	const { rules, reader } = liveRules(db, now);
	if (reader === null) return false;
	const carried = listTagsOf(db, asset);
	let facts = reader.read(asset);
	let [changed, stale] = [false, false];
	for (const { tag, fits, usesTags } of rules) {
		if (usesTags && stale) {
			facts = reader.read(asset);
			stale = false;
		}
		const wanted = fits(facts);
		if (wanted === carried.has(tag)) continue;
		[changed, stale] = [true, true];
		if (wanted) putTag(db, tag, [asset], { why: null, at: now });
		else takeTag(db, tag, [asset]);
	}
	return changed;
}

function liveRules(db: DatabaseSync, now: number): LiveRules {
	const known = kept.get(db);
	const version = tagsVersion(db);
	const fresh =
		known?.goodUntil === null || (known !== undefined && now <= known.goodUntil && now > known.goodUntil - 2 * freshMs);
	if (known?.version === version && fresh) return known;
	const made = makeRules(db, version, now);
	kept.set(db, made);
	return made;
}

function makeRules(db: DatabaseSync, version: string, now: number): LiveRules {
	const needs = noNeeds();
	let timeBased = false;
	const rules = inOrder(listTags(db)).flatMap(({ tag, uses }): LiveRule[] => {
		const query = tryRule(() => ruleQuery(tag.rule));
		const plan = query && tryRule(() => planOf(query, ruleFields, now, new Set()));
		if (!plan) return [];
		timeBased ||= mentionsNow(query as Query);
		addNeeds(plan, needs);
		return [{ tag: tag.id, fits: planTest(plan), usesTags: uses.length > 0 }];
	});
	const reader = rules.length === 0 ? null : new FactsReader(db, "asset a", "a.id", needs);
	return { version, goodUntil: timeBased ? now + freshMs : null, rules, reader };
}

function tryRule<T>(read: () => T): T | null {
	try {
		return read();
	} catch (err) {
		if (err instanceof AppError && err.code === "invalid") return null;
		throw err;
	}
}
