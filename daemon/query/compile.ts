/** From a filter's text to a WHERE condition over one list: names from the catalogue, values always as parameters. */
import type { Literal, Query } from "./ast.ts";
import { columnHasWord, columnInRange, compareColumn, matchColumn } from "./column.ts";
import type { SqlValue } from "./fields.ts";
import { type ColumnField, type ExistsField, type FieldCatalogue, getField, isExists, lookUp } from "./fields.ts";
import { parseQuery } from "./parse.ts";
import { syntaxError } from "./scanner.ts";
import { type Fragment, fragment, join } from "./sql.ts";

export interface CompiledFilter {
	/** Null: no filter. `sql` is safe to stand in parentheses among other conditions. */
	readonly where: { sql: string; params: SqlValue[] } | null;
	/** Fields the filter names, as the catalogue spells them, without sub-fields. */
	readonly named: ReadonlySet<string>;
	readonly query: Query | null;
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
	if (query === null) return { where: null, named, query };
	const { sql, params } = new Compiler(catalogue, options.now, named).compile(query);
	return { where: { sql, params: [...params] }, named, query };
}

class Compiler {
	readonly #catalogue: FieldCatalogue;
	readonly #now: number;
	readonly #named: Set<string>;

	constructor(catalogue: FieldCatalogue, now: number, named: Set<string>) {
		this.#catalogue = catalogue;
		this.#now = now;
		this.#named = named;
	}

	compile(query: Query): Fragment {
		switch (query.kind) {
			case "and":
			case "or":
				return join(
					query.kind === "and" ? "AND" : "OR",
					query.terms.map((term) => this.compile(term)),
				);
			case "not": {
				// A null column is neither equal nor unequal to anything; `not` must still include its row.
				const { sql, params } = this.compile(query.term);
				return { sql: `((${sql}) IS NOT TRUE)`, params };
			}
			case "match":
				return this.#onColumn(query, (column) => matchColumn(column, query));
			case "bare":
				return this.#bare(query.value);
			case "nested":
				return this.#nested(query);
			case "null":
				return this.#isNull(query);
			case "compare":
				return this.#onColumn(query, (column) => compareColumn(column, query.op, query.value, this.#now));
			case "range":
				return this.#onColumn(query, (column) => columnInRange(column, query, this.#now));
			case "list":
				return this.#onColumn(query, (column) =>
					join(
						"OR",
						query.values.map((value) => compareColumn(column, ":", value, this.#now)),
					),
				);
		}
	}

	/** Finds the column a path means and puts the condition on it, inside EXISTS when it is a child's. */
	#onColumn({ path, at }: { path: string; at: number }, condition: (column: ColumnField) => Fragment): Fragment {
		const found = getField(this.#catalogue, path, at);
		this.#note(path);
		if (found.kind === "column") return onValue(found.column, condition);
		const { children } = found;
		const column =
			found.kind === "child" ? found.column : lookUp(children.exists.fields, children.exists.default ?? "");
		if (column) return exists(children, onValue(column, condition));
		const names = Object.keys(children.exists.fields).map((name) => `${path}.${name}`);
		throw syntaxError(`"${path}" has several parts`, at, `Say which: ${names.join(", ")}.`);
	}

	#nested({ path, at, term }: Query & { kind: "nested" }): Fragment {
		const found = getField(this.#catalogue, path, at);
		this.#note(path);
		if (found.kind !== "children") {
			throw syntaxError(`"${path}" has no parts to put in parentheses`, at, `Write ${path}:value, or ${path}:[a, b].`);
		}
		const { fields } = found.children.exists;
		const inner = new Compiler({ fields, bare: Object.keys(fields) }, this.#now, new Set());
		return exists(found.children, inner.compile(term));
	}

	#isNull({ path, at, negated }: Query & { kind: "null" }): Fragment {
		const found = getField(this.#catalogue, path, at);
		this.#note(path);
		const isNull = ({ sql, many }: ColumnField) =>
			fragment(`${many ? `nullif(${sql}, '[]')` : sql} IS ${negated ? "NOT " : ""}NULL`);
		if (found.kind === "column") return isNull(found.column);
		if (found.kind === "child") return exists(found.children, isNull(found.column));
		const { tables, on } = found.children.exists;
		return fragment(`${negated ? "" : "NOT "}EXISTS (SELECT 1 FROM ${tables} WHERE ${on})`);
	}

	/** Every word must be found, each in whichever field; a phrase in one field as it stands. */
	#bare(value: Literal): Fragment {
		const words = value.style === "words" ? value.text.split(" ") : [value.text];
		return join(
			"AND",
			words.map((word) => join("OR", this.#fieldsWith(word))),
		);
	}

	#fieldsWith(word: string): Fragment[] {
		return this.#catalogue.bare.flatMap((name) => {
			const found = getField(this.#catalogue, name);
			if (found.kind === "column") return hasWord(found.column, word) ?? [];
			const { children } = found;
			const column =
				found.kind === "child" ? found.column : lookUp(children.exists.fields, children.exists.default ?? "");
			const condition = column && hasWord(column, word);
			return condition ? exists(children, condition) : [];
		});
	}

	#note(path: string): void {
		const { fields } = this.#catalogue;
		const whole = path.toLowerCase();
		const parent = whole.split(".")[0];
		for (const [name, field] of Object.entries(fields)) {
			const spelled = name.toLowerCase();
			if (spelled === whole || (isExists(field) && spelled === parent)) this.#named.add(name);
		}
	}
}

function hasWord(column: ColumnField, word: string): Fragment | null {
	if (!column.many) return columnHasWord(column, word);
	const condition = columnHasWord(elementOf(column), word);
	return condition && someElement(column, condition);
}

/** The condition on the column, or on some element of what it lists. */
function onValue(column: ColumnField, condition: (column: ColumnField) => Fragment): Fragment {
	return column.many ? someElement(column, condition(elementOf(column))) : condition(column);
}

function elementOf({ many: _, ...column }: ColumnField): ColumnField {
	return { ...column, sql: "element.value" };
}

function someElement({ sql }: ColumnField, { sql: condition, params }: Fragment): Fragment {
	return { sql: `EXISTS (SELECT 1 FROM json_each(${sql}) element WHERE ${condition})`, params };
}

function exists({ exists: { tables, on } }: ExistsField, condition: Fragment): Fragment {
	return { sql: `EXISTS (SELECT 1 FROM ${tables} WHERE ${on} AND (${condition.sql}))`, params: condition.params };
}
