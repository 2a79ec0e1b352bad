/** A condition as SQL over an expression: values always as parameters. */
import type { Condition } from "./condition.ts";
import type { ColumnField } from "./fields.ts";
import { type Fragment, fragment, join, like } from "./sql.ts";
import { surePieces, type TextTest } from "./words.ts";

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
			const found = surePieces(test).map((piece) => like(sql, piece, true, true));
			// In ASCII that is all there is to it.
			if (test.kind === "within" && found.length > 0) return join("AND", found);
			return join("AND", [...found, join("OR", [...surelyFits(sql, test), call(sql)])]);
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

/** Most texts that fit do so by how they begin or end as a whole, which needs no call. */
function surelyFits(sql: string, test: TextTest): Fragment[] {
	const [piece, ...others] = surePieces(test);
	if (piece === undefined || others.length > 0) return [];
	// SQLite's search takes a NUL for the end of the text.
	if (test.kind === "end")
		return [join("AND", [like(sql, piece, true, false), fragment(`instr(${sql}, char(0)) = 0`)])];
	// Nothing breaks a word between letters and digits.
	return test.kind === "words" && test.words.length === 1 && /^[a-z0-9]+$/.test(piece)
		? [like(sql, piece, false, true)]
		: [];
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
