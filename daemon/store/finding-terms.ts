/**
 * What of a filter over findings can be told from the columns that a reading thread keeps of them (finding-columns.ts), as data
 * that another thread can be handed. Pure.
 */
import type { Condition } from "../query/condition.ts";
import type { Plan } from "../query/plan.ts";
import { fragmentOf } from "../query/plan-sql.ts";
import { exceptedSql, ignoredSql } from "./codes.ts";
import { sideOf } from "./finding-sides.ts";
import type { Where } from "./page.ts";

/** Properties in the bits of one number, see `markOf` (finding-columns.ts). */
export type MarkName = "severity" | "type" | "status" | "fix" | "excepted" | "ignored" | "instance";
export type PlaceName = "port" | "protocol";
export type NumberName = "id" | "firstFound" | "lastFound" | "lastFixed" | "timesFound";

/** Both ends belong to it. */
export type Range = readonly [first: number, last: number];

export type ColumnTerm =
	| { readonly kind: "and" | "or"; readonly terms: readonly ColumnTerm[] }
	| { readonly kind: "not"; readonly term: ColumnTerm }
	| { readonly kind: "mark"; readonly mark: MarkName; readonly condition: Condition }
	| { readonly kind: "place"; readonly place: PlaceName; readonly condition: Condition }
	| {
			readonly kind: "number";
			readonly column: NumberName;
			readonly ranges: readonly Range[];
			readonly orNull: boolean;
	  }
	/** Of the signature or the result: those of its table that fit. */
	| { readonly kind: "row"; readonly table: "signature" | "result"; readonly where: Where };

export interface Told {
	/** Null: nothing. */
	readonly term: ColumnTerm | null;
	/** All that the filter asks is told; else there may be more that fit the term than fit the filter. */
	readonly whole: boolean;
}

const marks: Readonly<Record<string, MarkName>> = {
	"f.severity": "severity",
	"f.type": "type",
	"f.status": "status",
	"f.fix": "fix",
	[exceptedSql]: "excepted",
	[ignoredSql]: "ignored",
	"f.instance": "instance",
};
const places: Readonly<Record<string, PlaceName>> = {
	"nullif(f.port, 0)": "port",
	"(CASE WHEN f.port > 0 THEN f.protocol END)": "protocol",
};
const numbers: Readonly<Record<string, NumberName>> = {
	"f.id": "id",
	"f.first_found": "firstFound",
	"f.last_found": "lastFound",
	"f.last_fixed": "lastFixed",
	"f.times_found": "timesFound",
};
/** Ids are few enough, and asked for by all of the term, that their index is quicker. */
export function asksForFewIds(term: ColumnTerm | null): boolean {
	if (term?.kind === "and") return term.terms.some(asksForFewIds);
	if (term?.kind !== "number" || term.column !== "id" || term.orNull) return false;
	return term.ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0) <= fewIds;
}

const fewIds = 1_000;
const nothing: Told = { term: null, whole: false };

/** Whatever fits the plan fits the term. */
export function toldByColumns(plan: Plan): Told {
	if (sideOf(plan) === "signature") return { term: rowsThatFit("signature", plan), whole: true };
	switch (plan.kind) {
		case "and": {
			const told = plan.terms.map(toldByColumns);
			const terms = told.flatMap(({ term }) => term ?? []);
			const whole = told.every((one) => one.whole);
			return terms.length === 0 && !whole ? nothing : { term: { kind: "and", terms }, whole };
		}
		case "or": {
			const told = plan.terms.map(toldByColumns);
			const terms = told.flatMap(({ term }) => term ?? []);
			if (terms.length < told.length) return nothing;
			return { term: { kind: "or", terms }, whole: told.every((one) => one.whole) };
		}
		case "not": {
			const { term, whole } = toldByColumns(plan.term);
			return term === null || !whole ? nothing : { term: { kind: "not", term }, whole };
		}
		case "value":
			return toldOfValue(plan);
		case "some":
			return nothing;
	}
}

function toldOfValue(plan: Plan & { kind: "value" }): Told {
	const { column, condition } = plan;
	if (column.lookup !== undefined || column.many === true) return nothing;
	if (column.sql === "r.text" && condition.kind !== "null") return { term: rowsThatFit("result", plan), whole: true };
	const mark = marks[column.sql];
	// Of an instance it is only known whether there is one.
	if (mark === "instance") return { term: { kind: "mark", mark, condition }, whole: false };
	const ranges = rangesOf(condition);
	if (ranges === null) return nothing;
	if (mark !== undefined) return { term: { kind: "mark", mark, condition }, whole: true };
	const place = places[column.sql];
	if (place !== undefined) return { term: { kind: "place", place, condition }, whole: true };
	const number = numbers[column.sql];
	return number === undefined ? nothing : { term: { kind: "number", column: number, ...ranges }, whole: true };
}

function rowsThatFit(table: "signature" | "result", plan: Plan): ColumnTerm {
	const { sql, params } = fragmentOf(plan);
	return { kind: "row", table, where: { sql, params: [...params] } };
}

/** Which whole numbers fit; null where texts or something else than numbers are asked for. */
export function rangesOf(condition: Condition): { ranges: Range[]; orNull: boolean } | null {
	switch (condition.kind) {
		case "or": {
			const all = condition.terms.map(rangesOf);
			const known = all.flatMap((one) => one ?? []);
			if (known.length < all.length) return null;
			return { ranges: known.flatMap(({ ranges }) => ranges), orNull: known.some(({ orNull }) => orNull) };
		}
		case "and": {
			const all = condition.terms.map(rangesOf);
			const known = all.flatMap((one) => one ?? []);
			if (known.length < all.length) return null;
			return {
				ranges: known.reduce<Range[]>((left, { ranges }) => left.flatMap((one) => within(one, ranges)), [everything]),
				orNull: known.every(({ orNull }) => orNull),
			};
		}
		case "compare":
			return typeof condition.value === "number" ? only(compared(condition.op, condition.value)) : null;
		case "between": {
			const { first, last } = condition;
			return typeof first === "number" && typeof last === "number" ? only([Math.ceil(first), Math.floor(last)]) : null;
		}
		case "known":
			return only(everything);
		case "null":
			return condition.negated ? only(everything) : { ranges: [], orNull: true };
		default:
			return null;
	}
}

const everything: Range = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

function only(range: Range): { ranges: Range[]; orNull: boolean } {
	return { ranges: range[0] <= range[1] ? [range] : [], orNull: false };
}

function compared(op: "=" | ">" | ">=" | "<" | "<=", value: number): Range {
	const [first, last] = everything;
	switch (op) {
		case "=":
			return [Math.ceil(value), Math.floor(value)];
		case ">":
			return [Math.floor(value) + 1, last];
		case ">=":
			return [Math.ceil(value), last];
		case "<":
			return [first, Math.ceil(value) - 1];
		case "<=":
			return [first, Math.floor(value)];
	}
}

function within([first, last]: Range, ranges: readonly Range[]): Range[] {
	const cut = ranges.map(([from, to]): Range => [Math.max(first, from), Math.min(last, to)]);
	return cut.filter(([from, to]) => from <= to);
}
