/** A plan as a WHERE condition: the back-end in SQL. */
import { sqlOf } from "./condition-sql.ts";
import type { ColumnField, ExistsField } from "./fields.ts";
import type { Plan } from "./plan.ts";
import { type Fragment, fragment, join } from "./sql.ts";

/** Up to so many it is cheaper to gather them than to ask each row. */
const fewChildren = 20_000;

export function fragmentOf(plan: Plan): Fragment {
	switch (plan.kind) {
		case "and":
		case "or":
			return join(plan.kind === "and" ? "AND" : "OR", plan.terms.map(fragmentOf));
		case "not": {
			// A null column is neither equal nor unequal to anything; `not` must still include its row.
			const { sql, params } = fragmentOf(plan.term);
			return { sql: `((${sql}) IS NOT TRUE)`, params };
		}
		case "value":
			return onValue(plan.column, plan.condition);
		case "some":
			return exists(plan.children, plan.term);
	}
}

/** The condition on the column, or on some element of what it lists. */
function onValue({ lookup, ...column }: ColumnField, condition: Parameters<typeof sqlOf>[1]): Fragment {
	if (lookup !== undefined) {
		const { sql, params } = onValue(column, condition);
		return { sql: `${lookup.key} IN (SELECT ${lookup.id} FROM ${lookup.table} WHERE ${sql})`, params };
	}
	if (column.many !== true) return sqlOf(column, condition);
	if (condition.kind === "null") {
		return fragment(`nullif(${column.sql}, '[]') IS ${condition.negated ? "NOT " : ""}NULL`);
	}
	const { sql, params } = sqlOf({ sql: "element.value" }, condition);
	return { sql: `EXISTS (SELECT 1 FROM json_each(${column.sql}) element WHERE ${sql})`, params };
}

function exists({ exists: { tables, on, from } }: ExistsField, term: Plan | null): Fragment {
	if (term === null) return fragment(`EXISTS (SELECT 1 FROM ${tables} WHERE ${on})`);
	const { sql, params } = fragmentOf(term);
	const each = `EXISTS (SELECT 1 FROM ${tables} WHERE ${on} AND (${sql}))`;
	if (from === undefined) return { sql: each, params };
	const select = from.select(`(${sql})`);
	const among = `${from.row} IN (${select})`;
	if (from.when === "always") return { sql: among, params };
	// SQLite cannot tell how many fit; a short look can.
	const few = `(SELECT count(*) FROM (${select} LIMIT ${fewChildren})) < ${fewChildren}`;
	return { sql: `CASE WHEN ${few} THEN ${among} ELSE ${each} END`, params: [...params, ...params, ...params] };
}
