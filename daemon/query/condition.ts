/** What is asked of one value, as data: both back-ends read it, SQL (condition-sql.ts) and memory (condition-test.ts). */
import type { SqlValue } from "./fields.ts";
import type { TextTest } from "./words.ts";

/** A value that is null fits none of them but `null`. */
export type Condition =
	| { readonly kind: "and" | "or"; readonly terms: readonly Condition[] }
	| { readonly kind: "compare"; readonly op: "=" | ">" | ">=" | "<" | "<="; readonly value: SqlValue }
	/** Both ends belong to it. */
	| { readonly kind: "between"; readonly first: SqlValue; readonly last: SqlValue }
	/** The whole text, without regard to the case of ASCII letters. */
	| { readonly kind: "same"; readonly text: string }
	/** The text with anything before or after it, without regard to the case of ASCII letters. */
	| { readonly kind: "like"; readonly text: string; readonly before: boolean; readonly after: boolean }
	| { readonly kind: "text"; readonly test: TextTest }
	/** A regular expression (RE2) found in it. */
	| { readonly kind: "pattern"; readonly pattern: string }
	| { readonly kind: "known" }
	| { readonly kind: "null"; readonly negated: boolean };
