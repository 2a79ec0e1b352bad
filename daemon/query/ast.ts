/** The tree a filter is parsed into. Offsets (`at`) count UTF-16 units of the text as typed and are for messages only. */

/**
 * `words`: unquoted. `phrase`: in double or single quotes. `exact`: in backticks. For `words`, blanks are one each, and
 * `*` at either end stands for anything.
 */
export interface Literal {
	readonly style: "words" | "phrase" | "exact";
	readonly text: string;
	readonly at: number;
}

export const comparisons = [":", "=", ">", ">=", "<", "<="] as const;
export type Comparison = (typeof comparisons)[number];

export type Query =
	/** `and` and `or` have at least two terms; precedence is in the tree. */
	| { readonly kind: "and"; readonly terms: readonly Query[] }
	| { readonly kind: "or"; readonly terms: readonly Query[] }
	| { readonly kind: "not"; readonly term: Query }
	/** One child row satisfies `term`, whose paths are relative to `path`. */
	| { readonly kind: "nested"; readonly path: string; readonly at: number; readonly term: Query }
	| {
			readonly kind: "compare";
			readonly path: string;
			readonly at: number;
			readonly op: Comparison;
			readonly value: Literal;
	  }
	| {
			readonly kind: "range";
			readonly path: string;
			readonly at: number;
			readonly from: Literal;
			readonly to: Literal;
			readonly fromIncluded: boolean;
			readonly toIncluded: boolean;
	  }
	| { readonly kind: "list"; readonly path: string; readonly at: number; readonly values: readonly Literal[] }
	| { readonly kind: "null"; readonly path: string; readonly at: number; readonly negated: boolean }
	/** Rules of tags have these; no filter can be written that has. `contains`: anywhere in it. `regex`: found in it, RE2. */
	| {
			readonly kind: "match";
			readonly path: string;
			readonly at: number;
			readonly how: "contains" | "regex";
			readonly text: string;
	  }
	/** No field: looked for in the catalogue's usual ones. */
	| { readonly kind: "bare"; readonly value: Literal };
