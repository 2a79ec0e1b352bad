/** The rules of the remediation policy read: what their queries say, for either back-end of the query language. */
import { AppError } from "../../protocol/errors.ts";
import { neverIgnoredQids } from "../../protocol/model/ignore.ts";
import type { PolicyRuleWords } from "../../protocol/model/policy.ts";
import type { Query } from "../query/ast.ts";
import { compileQuery } from "../query/compile.ts";
import { parseQuery } from "../query/parse.ts";
import { assetFields, findingFields } from "../store/fields.ts";
import type { Where } from "../store/page.ts";

/** Rules there may be: each is a term of one statement over all findings. */
export const mostRules = 100;

export interface ReadRule<Rule extends PolicyRuleWords = PolicyRuleWords> {
	readonly rule: Rule;
	/** Null: every finding; every asset. */
	readonly findings: Query | null;
	readonly assets: Query | null;
}

const ignorable = parseQuery(`not qid:[${neverIgnoredQids.join(", ")}]`) as Query;

/** Throws `invalid`, with the position in the query. */
export function readRule<Rule extends PolicyRuleWords>(rule: Rule): ReadRule<Rule> {
	const wanted = parseQuery(rule.findings);
	const assets = parseQuery(rule.assets);
	if (rule.action !== "ignore") return { rule, findings: wanted, assets };
	return { rule, findings: wanted === null ? ignorable : { kind: "and", terms: [wanted, ignorable] }, assets };
}

/** Those that hold: what is switched off, and what cannot be read any more, fits nothing. `now` in milliseconds. */
export function rulesInForce<Rule extends PolicyRuleWords>(rules: readonly Rule[], now: number): ReadRule<Rule>[] {
	return rules
		.filter(({ enabled }) => enabled)
		.flatMap((rule) => (problemOf(rule, now) === null ? [readRule(rule)] : []));
}

/** Why a rule cannot be read; null when it can. */
export function problemOf(rule: PolicyRuleWords, now: number): string | null {
	try {
		conditionOf(readRule(rule), now);
		return null;
	} catch (err) {
		if (err instanceof AppError && err.code === "invalid") return err.message;
		throw err;
	}
}

/** Over `finding f` with its `signature s`, `asset a` and `result r`. */
export function conditionOf({ findings, assets }: ReadRule, now: number): Where {
	const own = compileQuery(findings, findingFields, { now }).where;
	const on = compileQuery(assets, assetFields, { now }).where;
	const terms = [
		...(own === null ? [] : [own]),
		...(on === null ? [] : [{ sql: `f.asset IN (SELECT a.id FROM asset a WHERE ${on.sql})`, params: on.params }]),
	];
	if (terms.length === 0) return { sql: "1", params: [] };
	return { sql: terms.map(({ sql }) => `(${sql})`).join(" AND "), params: terms.flatMap(({ params }) => params) };
}
