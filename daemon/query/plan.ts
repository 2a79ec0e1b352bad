/** A filter with its names looked up: what both back-ends walk. All that can be wrong with a filter is found here. */
import type { Literal, Query } from "./ast.ts";
import { columnHasWord, columnInRange, compareColumn, matchColumn } from "./column.ts";
import type { Condition } from "./condition.ts";
import {
	type ColumnField,
	type ExistsField,
	type FieldCatalogue,
	fieldsBelow,
	getField,
	isExists,
	lookUp,
} from "./fields.ts";
import { syntaxError } from "./scanner.ts";

export type Plan =
	/** Of none: all that is, and nothing. */
	| { readonly kind: "and" | "or"; readonly terms: readonly Plan[] }
	| { readonly kind: "not"; readonly term: Plan }
	| { readonly kind: "value"; readonly column: ColumnField; readonly condition: Condition }
	/** Some child for which the plan over the children's columns holds; null: any child. */
	| { readonly kind: "some"; readonly children: ExistsField; readonly term: Plan | null };

/** `named` gets the fields the filter names, as the catalogue spells them, without sub-fields. Throws `invalid`. */
export function planOf(query: Query, catalogue: FieldCatalogue, now: number, named: Set<string>): Plan {
	return new Planner(catalogue, now, named).plan(query);
}

class Planner {
	readonly #catalogue: FieldCatalogue;
	readonly #now: number;
	readonly #named: Set<string>;

	constructor(catalogue: FieldCatalogue, now: number, named: Set<string>) {
		this.#catalogue = catalogue;
		this.#now = now;
		this.#named = named;
	}

	plan(query: Query): Plan {
		switch (query.kind) {
			case "and":
			case "or":
				return { kind: query.kind, terms: query.terms.map((term) => this.plan(term)) };
			case "not":
				return { kind: "not", term: this.plan(query.term) };
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
				return this.#onColumn(query, (column) => ({
					kind: "or",
					terms: query.values.map((value) => compareColumn(column, ":", value, this.#now)),
				}));
			case "match":
				return this.#onColumn(query, () => matchColumn(query));
		}
	}

	/** Finds the column a path means and puts the condition on it, on some child when it is a child's. */
	#onColumn({ path, at }: { path: string; at: number }, conditionOn: (column: ColumnField) => Condition): Plan {
		const found = getField(this.#catalogue, path, at);
		this.#note(path);
		const value = (column: ColumnField): Plan => ({ kind: "value", column, condition: conditionOn(column) });
		if (found.kind === "column") return value(found.column);
		const { children } = found;
		const column = found.kind === "child" ? found.column : defaultOf(children);
		if (column) return { kind: "some", children, term: value(column) };
		const names = Object.keys(children.exists.fields).map((name) => `${path}.${name}`);
		throw syntaxError(`"${path}" has several parts`, at, `Say which: ${names.join(", ")}.`);
	}

	#nested({ path, at, term }: Query & { kind: "nested" }): Plan {
		const below = fieldsBelow(this.#catalogue, path);
		if (below !== null) {
			// One thing with several names: what is in the parentheses is asked of the same row.
			this.#note(path);
			return new Planner(below.catalogue, this.#now, new Set()).#within(below.children, term);
		}
		const found = getField(this.#catalogue, path, at);
		this.#note(path);
		if (found.kind !== "children") {
			throw syntaxError(`"${path}" has no parts to put in parentheses`, at, `Write ${path}:value, or ${path}:[a, b].`);
		}
		const { fields } = found.children.exists;
		return new Planner({ fields, bare: Object.keys(fields) }, this.#now, new Set()).#within(found.children, term);
	}

	#within(children: ExistsField | null, term: Query): Plan {
		const inner = this.plan(term);
		return children === null ? inner : { kind: "some", children, term: inner };
	}

	#isNull({ path, at, negated }: Query & { kind: "null" }): Plan {
		const found = getField(this.#catalogue, path, at);
		this.#note(path);
		const value = (column: ColumnField): Plan => ({ kind: "value", column, condition: { kind: "null", negated } });
		if (found.kind === "column") return value(found.column);
		if (found.kind === "child") return { kind: "some", children: found.children, term: value(found.column) };
		const some: Plan = { kind: "some", children: found.children, term: null };
		return negated ? some : { kind: "not", term: some };
	}

	/** Every word must be found, each in whichever field; a phrase in one field as it stands. */
	#bare({ style, text }: Literal): Plan {
		const words = style === "words" ? text.split(" ") : [text];
		return { kind: "and", terms: words.map((word) => ({ kind: "or", terms: this.#fieldsWith(word, style) })) };
	}

	#fieldsWith(word: string, style: Literal["style"]): Plan[] {
		return this.#catalogue.bare.flatMap((name): Plan[] => {
			const found = getField(this.#catalogue, name);
			const column = found.kind === "children" ? defaultOf(found.children) : found.column;
			const condition = column && columnHasWord(column, word, style);
			if (column === undefined || !condition) return [];
			const value: Plan = { kind: "value", column, condition };
			return [found.kind === "column" ? value : { kind: "some", children: found.children, term: value }];
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

function defaultOf({ exists }: ExistsField): ColumnField | undefined {
	return lookUp(exists.fields, exists.default ?? "");
}
