/** A condition as SQL over an expression: values always as parameters. */
import type { Condition } from "./condition.ts";
import type { ColumnField } from "./fields.ts";
import { type Fragment, fragment, join, like } from "./sql.ts";
import { surePieces } from "./words.ts";

/** What SQL calls `patternFound` (pattern.ts) and `textFits` (words.ts) by; functions.ts registers them. */
export const patternFunction = "query_pattern_found";
export const textFunction = "query_text_fits";

export function sqlOf(column: Pick<ColumnField, "sql" | "few">, condition: Condition): Fragment {
	const { sql } = column;
	switch (condition.kind) {
		case "and":
		case "or":
			return join(
				condition.kind === "and" ? "AND" : "OR",
				condition.terms.map((term) => sqlOf(column, term)),
			);
		case "compare":
			return fragment(`${sql} ${condition.op} ?`, condition.value);
		case "between":
			return fragment(`${sql} BETWEEN ? AND ?`, condition.first, condition.last);
		case "same":
			return fragment(`${sql} = ? COLLATE NOCASE`, condition.text);
		case "like":
			return like(sql, condition.text, condition.before, condition.after);
		case "text": {
			const { test } = condition;
			const call = (value: string) => fragment(`${textFunction}(?, ${value})`, JSON.stringify(test));
			if (column.few !== undefined) return amongFew(column.few, sql, call("few.value"));
			// SQLite's own search is a tenth of the price of a call.
			return join("AND", [...surePieces(test).map((piece) => like(sql, piece, true, true)), call(sql)]);
		}
		case "pattern": {
			const call = (value: string) => fragment(`${patternFunction}(?, ${value})`, condition.pattern);
			return column.few === undefined ? call(sql) : amongFew(column.few, sql, call("few.value"));
		}
		case "known":
			return fragment(`${sql} IS NOT NULL`);
		case "null":
			return fragment(`${sql} IS ${condition.negated ? "NOT " : ""}NULL`);
	}
}

/** For a column of few values: those that fit are found once, and rows are compared with them. */
function amongFew(few: NonNullable<ColumnField["few"]>, sql: string, fits: Fragment): Fragment {
	return { sql: `${sql} IN (${fewValues(few)} AND ${fits.sql})`, params: fits.params };
}

/**
 * A SELECT of `value`, in order: read by hopping from one to the next in the index on the column
 * (https://sqlite.org/lang_with.html), whatever the number of rows. It ends in a condition; ` AND …` may follow, over `few.value`.
 */
export function fewValues({ table, column }: NonNullable<ColumnField["few"]>): string {
	return `WITH RECURSIVE few (value) AS (SELECT min(${column}) FROM ${table}
		UNION ALL SELECT (SELECT min(${column}) FROM ${table} WHERE ${column} > few.value) FROM few WHERE few.value IS NOT NULL)
		SELECT value FROM few WHERE value IS NOT NULL`;
}
