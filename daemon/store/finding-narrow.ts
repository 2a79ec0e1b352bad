/**
 * What a filter over findings says of their assets alone, of their signatures alone, and of whether they are open: far fewer
 * rows than findings, which a page may start from (finding-page.ts). Pure.
 */
import { sqlOf } from "../query/condition-sql.ts";
import { testOf } from "../query/condition-test.ts";
import type { Plan } from "../query/plan.ts";
import { fragmentOf } from "../query/plan-sql.ts";
import { type Fragment, join } from "../query/sql.ts";
import { exceptedSql, ignoredSql, openNumbers, statusNumbers, typeNumbers } from "./codes.ts";
import { type Side, sideOf } from "./finding-sides.ts";
import { type Told, toldByColumns } from "./finding-terms.ts";
import type { Where } from "./page.ts";

/** Whatever fits the filter fits all of these. */
export interface Narrow {
	/** What `finding.open` may be. */
	readonly opens: readonly number[];
	/** What the list leaves out by itself, over `f.open`; null: nothing. */
	readonly scope: string | null;
	/** What severities may be; null: any. */
	readonly severities: readonly number[] | null;
	/** Over `asset a` and `f.asset`; null: any. */
	readonly assets: Where | null;
	/** Over `signature s` and `f.signature`; null: any. */
	readonly signatures: Where | null;
	/** All that the filter says is of these, beside what the list leaves out by itself; null: it says more. */
	readonly alone: "asset" | "signature" | null;
	/** What columns tell of the filter (finding-columns.ts). */
	readonly told: Told;
}

/** `scope` is `findingScope`'s (fields.ts). */
export function narrowFindings(plan: Plan | null, scope: string | null): Narrow {
	const terms = termsOf(plan);
	const on = (side: Side) => terms.flatMap((term) => (sideOf(term) === side ? fragmentOf(term) : []));
	return {
		opens: Object.values(openNumbers).filter((open) => terms.every((term) => mayBe(term, open))),
		scope,
		severities: severitiesOf(terms),
		assets: whereOf([...on("asset"), ...terms.flatMap(hadAddress)]),
		signatures: whereOf(on("signature")),
		alone: aloneOf(terms),
		told: plan === null ? { term: { kind: "and", terms: [] }, whole: true } : toldByColumns(plan),
	};
}

function aloneOf(terms: readonly Plan[]): Narrow["alone"] {
	const [side, ...others] = new Set(terms.map(sideOf));
	return side === undefined || side === "finding" || others.length > 0 ? null : side;
}

function severitiesOf(terms: readonly Plan[]): number[] | null {
	const tests = terms.flatMap((term) =>
		term.kind === "value" && term.column.sql === "f.severity" ? testOf(term.condition) : [],
	);
	if (tests.length === 0) return null;
	return [1, 2, 3, 4, 5].filter((severity) => tests.every((test) => test(severity)));
}

/** All of them hold. */
function termsOf(plan: Plan | null): readonly Plan[] {
	if (plan === null) return [];
	return plan.kind === "and" ? plan.terms.flatMap(termsOf) : [plan];
}

function whereOf(fragments: readonly Fragment[]): Where | null {
	if (fragments.length === 0) return null;
	const { sql, params } = join("AND", fragments);
	return { sql, params: [...params] };
}

/** An asset was covered by a run at each address that it has findings at. */
function hadAddress(term: Plan): Fragment[] {
	if (term.kind !== "value" || term.column.sql !== "f.address") return [];
	const at = (sql: string) => sqlOf({ sql }, term.condition);
	const [now, then] = [at("na.address"), at("nc.address")];
	return [
		{
			sql: `f.asset IN (SELECT na.asset FROM asset_address na WHERE ${now.sql} UNION SELECT nc.asset FROM coverage nc WHERE ${then.sql})`,
			params: [...now.params, ...then.params],
		},
	];
}

/** Can a finding of that `open` fit the term? By its status or type alone. */
function mayBe(term: Plan, open: number): boolean {
	if (term.kind === "and") return term.terms.every((one) => mayBe(one, open));
	if (term.kind === "or") return term.terms.some((one) => mayBe(one, open));
	if (term.kind !== "value") return true;
	const test = testOf(term.condition);
	// What counts as open is not set apart.
	if (apart.has(term.column.sql)) return open !== openNumbers.open || test(0);
	if (term.column.sql === "f.status") return statusesOf(open).some(test);
	return term.column.sql === "f.type" ? typesOf(open).some(test) : true;
}

const apart = new Set([exceptedSql, ignoredSql]);

function statusesOf(open: number): readonly (number | null)[] {
	if (open === openNumbers.information) return [null];
	if (open === openNumbers.fixed) return [statusNumbers.FIXED];
	return [statusNumbers.NEW, statusNumbers.ACTIVE, statusNumbers.REOPENED];
}

function typesOf(open: number): readonly number[] {
	if (open === openNumbers.information) return [typeNumbers.information];
	return [typeNumbers.confirmed, typeNumbers.potential];
}
