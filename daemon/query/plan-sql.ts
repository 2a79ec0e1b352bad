/** A plan as a WHERE condition: the back-end in SQL. */
import { sqlOf } from "./condition-sql.ts";
import type { ColumnField, ExistsField } from "./fields.ts";
import type { Plan } from "./plan.ts";
import { type Fragment, fragment, join } from "./sql.ts";

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
function onValue(column: ColumnField, condition: Parameters<typeof sqlOf>[1]): Fragment {
	if (column.many !== true) return sqlOf(column, condition);
	if (condition.kind === "null") {
		return fragment(`nullif(${column.sql}, '[]') IS ${condition.negated ? "NOT " : ""}NULL`);
	}
	const { sql, params } = sqlOf({ sql: "element.value" }, condition);
	return { sql: `EXISTS (SELECT 1 FROM json_each(${column.sql}) element WHERE ${sql})`, params };
}

function exists({ exists: { tables, on } }: ExistsField, term: Plan | null): Fragment {
	if (term === null) return fragment(`EXISTS (SELECT 1 FROM ${tables} WHERE ${on})`);
	const { sql, params } = fragmentOf(term);
	return { sql: `EXISTS (SELECT 1 FROM ${tables} WHERE ${on} AND (${sql}))`, params };
}
