/** Pieces of a WHERE clause: SQL text made only of what we wrote, and the values for its `?` in order. */
import type { SqlValue } from "./fields.ts";

export interface Fragment {
	readonly sql: string;
	readonly params: readonly SqlValue[];
}

export function fragment(sql: string, ...params: SqlValue[]): Fragment {
	return { sql, params };
}

/** Joins in pairs, so that a thousand terms are ten deep; SQLite refuses an expression deeper than 1,000. */
export function join(operator: "AND" | "OR", terms: readonly Fragment[]): Fragment {
	const [first, second] = terms;
	if (first === undefined) return fragment(operator === "AND" ? "1" : "0");
	if (second === undefined) return first;
	const middle = terms.length >> 1;
	const left = join(operator, terms.slice(0, middle));
	const right = join(operator, terms.slice(middle));
	return { sql: `(${left.sql} ${operator} ${right.sql})`, params: [...left.params, ...right.params] };
}

/** `x LIKE ?` with everything in `text` taken literally; `before` and `after` let anything stand there. */
export function like(expression: string, text: string, before: boolean, after: boolean): Fragment {
	const literal = text.replace(/[\\%_]/g, "\\$&");
	return fragment(`${expression} LIKE ? ESCAPE '\\'`, `${before ? "%" : ""}${literal}${after ? "%" : ""}`);
}
