/** From a filter's text to a WHERE condition over one list: names from the catalogue, values always as parameters. */
import type { Query } from "./ast.ts";
import type { FieldCatalogue, SqlValue } from "./fields.ts";
import { parseQuery } from "./parse.ts";
import { type Plan, planOf } from "./plan.ts";
import { fragmentOf } from "./plan-sql.ts";

export interface CompiledFilter {
	/** Null: no filter. `sql` is safe to stand in parentheses among other conditions. */
	readonly where: { sql: string; params: SqlValue[] } | null;
	/** Fields the filter names, as the catalogue spells them, without sub-fields. */
	readonly named: ReadonlySet<string>;
	readonly query: Query | null;
	readonly plan: Plan | null;
}

export interface CompileOptions {
	/** Milliseconds since 1970, for `now`. */
	readonly now: number;
}

/** Raises only AppError `invalid`, with the position in `details.position` (from 0) and in the message (from 1). */
export function compileFilter(text: string, catalogue: FieldCatalogue, options: CompileOptions): CompiledFilter {
	return compileQuery(parseQuery(text), catalogue, options);
}

/** The same for a tree; null is everything. */
export function compileQuery(query: Query | null, catalogue: FieldCatalogue, options: CompileOptions): CompiledFilter {
	const named = new Set<string>();
	if (query === null) return { where: null, named, query, plan: null };
	const plan = planOf(query, catalogue, options.now, named);
	const { sql, params } = fragmentOf(plan);
	return { where: { sql, params: [...params] }, named, query, plan };
}
