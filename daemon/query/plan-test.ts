/**
 * A plan as a function of the facts of one row: the back-end in memory. Facts are gathered once for a row (facts.ts) and
 * asked by any number of plans.
 */
import { testOf, type ValueTest } from "./condition-test.ts";
import { type ColumnField, type ExistsField, type SqlValue, valueSql } from "./fields.ts";
import type { Plan } from "./plan.ts";

/** Values by the expression they come from. */
export type Row = ReadonlyMap<string, SqlValue | null>;

export interface Facts {
	readonly row: Row;
	/** By `childrenKey`. */
	readonly children: ReadonlyMap<string, readonly Row[]>;
}

/** The expressions a plan reads: of the row, and of its children by `childrenKey`. */
export interface Needs {
	readonly columns: Set<string>;
	readonly children: Map<string, { readonly field: ExistsField; readonly columns: Set<string> }>;
}

/** Fields over the same tables read the same children. */
function childrenKey({ exists: { tables, on } }: ExistsField): string {
	return `${tables}|${on}`;
}

export function noNeeds(): Needs {
	return { columns: new Set(), children: new Map() };
}

/** Adds what the plan reads to `needs`. */
export function addNeeds(plan: Plan, needs: Needs): void {
	switch (plan.kind) {
		case "and":
		case "or":
			for (const term of plan.terms) addNeeds(term, needs);
			return;
		case "not":
			addNeeds(plan.term, needs);
			return;
		case "value":
			needs.columns.add(valueSql(plan.column));
			return;
		case "some": {
			const key = childrenKey(plan.children);
			const known = needs.children.get(key) ?? { field: plan.children, columns: new Set<string>() };
			needs.children.set(key, known);
			// A child's columns only: children have no children.
			if (plan.term !== null) addNeeds(plan.term, { columns: known.columns, children: new Map() });
		}
	}
}

/** Does the plan hold for the row with these facts? They must have what `addNeeds` asks for. */
export function planTest(plan: Plan): (facts: Facts) => boolean {
	const test = rowTest(plan);
	return ({ row, children }) => test(row, children);
}

type RowTest = (row: Row, children: Facts["children"]) => boolean;
const noChildren: Facts["children"] = new Map();

function rowTest(plan: Plan): RowTest {
	switch (plan.kind) {
		case "and": {
			const tests = plan.terms.map(rowTest);
			return (row, children) => tests.every((test) => test(row, children));
		}
		case "or": {
			const tests = plan.terms.map(rowTest);
			return (row, children) => tests.some((test) => test(row, children));
		}
		case "not": {
			const test = rowTest(plan.term);
			return (row, children) => !test(row, children);
		}
		case "value": {
			const sql = valueSql(plan.column);
			const test = valueTest(plan.column, plan);
			return (row) => test(row.get(sql) ?? null);
		}
		case "some": {
			const key = childrenKey(plan.children);
			const test = plan.term === null ? () => true : rowTest(plan.term);
			return (_, children) => (children.get(key) ?? []).some((child) => test(child, noChildren));
		}
	}
}

function valueTest({ many }: ColumnField, { condition }: Plan & { kind: "value" }): ValueTest {
	if (many !== true) return testOf(condition);
	if (condition.kind === "null") return (value) => (elementsOf(value).length === 0) !== condition.negated;
	const test = testOf(condition);
	return (value) => elementsOf(value).some((element) => test(element));
}

/** SQLite made the array. */
function elementsOf(value: SqlValue | null): (SqlValue | null)[] {
	return typeof value === "string" ? (JSON.parse(value) as (SqlValue | null)[]) : [];
}
