/**
 * What a list can be asked for: the field catalogue the query language is translated with. The store defines one
 * catalogue per list; SQL text comes only from here, values only as parameters.
 */

import { closeNames } from "../../protocol/close-names.ts";
import { AppError } from "../../protocol/errors.ts";

/**
 * How a value is compared.
 * `text`: by words (words.ts): unquoted ones each begin some word, those in quotes follow each other; backticks compare
 * the whole value.
 * `keyword`: the whole value, without regard to case (ids, CVEs, names of protocols); `*` at either end.
 * `int`, `severity` (1-5 or minimal…urgent): numbers, with `<`, ranges and lists. `number`: the same with decimals.
 * `date`: instants and periods (2026-03, now-90d).
 * `enum`: one of `values`. `ip`: an address, a CIDR or a range. `bool`: true/false, yes/no, stored 1/0.
 */
export type FieldKind = "text" | "keyword" | "int" | "number" | "severity" | "date" | "enum" | "ip" | "bool";

export type SqlValue = string | number | Uint8Array;

/** A field that is one SQL expression of the row. */
export interface ColumnField {
	readonly kind: FieldKind;
	/**
	 * An expression over the list's FROM clause, trusted text. For `ip` it must give the 16 bytes of `addressKey`
	 * (daemon/query/address-key.ts) as a BLOB; a function registered on the connection will do.
	 */
	readonly sql: string;
	/** For `enum`: each word a user may write, as it should be shown, and what the column holds for it. */
	readonly values?: Readonly<Record<string, string | number>>;
	/**
	 * What the column holds. Of a `date`: `ms` (default), Unix milliseconds; `iso`, RFC 3339 UTC text with milliseconds. Of an
	 * `ip`: 16 bytes by default; `key`, the store's text (store/address-key.ts).
	 */
	readonly storedAs?: "ms" | "iso" | "key";
	/** Many rows share a few values, and there is an index on them: texts are then looked for among the values. Trusted text. */
	readonly few?: { readonly table: string; readonly column: string };
	/** A SELECT of one column, `value`: values there are, in the order in which they are offered while a query is written. */
	readonly suggest?: string;
	/** `sql` is over a row of `table` (trusted text, as `package pk`) whose `id` is what `key` of this row says. */
	readonly lookup?: { readonly key: string; readonly table: string; readonly id: string };
	/** The column holds a JSON array, and one of its elements has to fit. */
	readonly many?: boolean;
	/** One line for the help of the filter. */
	readonly help?: string;
}

/**
 * A field that is a set of child rows, such as the ports of an asset. `openPorts.port:22` asks for some child;
 * `openPorts:(port:22 and service:ssh)` for one child that satisfies both.
 */
export interface ExistsField {
	readonly exists: {
		/** What stands after FROM: the children's tables. Trusted text, as is `on`. */
		readonly tables: string;
		/** Ties a child to its row. */
		readonly on: string;
		/**
		 * How the rows with a fitting child are found from the children: a SELECT of what `row` is compared with, best from an
		 * index. `when` they are few, else each row is asked by `tables` and `on`; or `always`. Trusted text.
		 */
		readonly from?: {
			readonly row: string;
			readonly select: (condition: string) => string;
			readonly when: "few" | "always";
		};
		readonly fields: Readonly<Record<string, ColumnField>>;
		/** The sub-field that `name:value` without a sub-field means. */
		readonly default?: string;
	};
	readonly help?: string;
}

export type Field = ColumnField | ExistsField;

export interface FieldCatalogue {
	/** By name as written in a query; found without regard to case. An alias is a second name with the same value. */
	readonly fields: Readonly<Record<string, Field>>;
	/** Names (also dotted) that a word without a field is looked for in. `int`, `severity` and `date` are skipped. */
	readonly bare: readonly string[];
}

export function isExists(field: Field): field is ExistsField {
	return "exists" in field;
}

/** Where a name led: a column of the row, a set of children, or one column of the children. */
export type FoundField =
	| { readonly kind: "column"; readonly column: ColumnField }
	| { readonly kind: "children"; readonly children: ExistsField }
	| { readonly kind: "child"; readonly children: ExistsField; readonly column: ColumnField };

/**
 * Looks a name up, `a` or `a.b`. `at` is the offset of the name in the text the user wrote; it goes into the error.
 * Raises `invalid` naming the closest fields when there is none.
 */
export function getField(catalogue: FieldCatalogue, name: string, at = 0): FoundField {
	const whole = lookUp(catalogue.fields, name);
	if (whole) return isExists(whole) ? { kind: "children", children: whole } : { kind: "column", column: whole };
	for (let dot = name.indexOf("."); dot > 0; dot = name.indexOf(".", dot + 1)) {
		const parent = lookUp(catalogue.fields, name.slice(0, dot));
		const column = parent && isExists(parent) ? lookUp(parent.exists.fields, name.slice(dot + 1)) : undefined;
		if (parent && isExists(parent) && column) return { kind: "child", children: parent, column };
	}
	throw unknownField(name, fieldNames(catalogue), at);
}

/**
 * What lies below a name that is no field itself but the beginning of some, as `a` and `a.b` of `a.b.c`, with those names
 * shortened; `children` when they are a child's. Null when there is nothing.
 */
export function fieldsBelow(
	catalogue: FieldCatalogue,
	path: string,
): { catalogue: FieldCatalogue; children: ExistsField | null } | null {
	const whole = lookUp(catalogue.fields, path);
	if (whole !== undefined && isExists(whole)) return null;
	const own = shortened(catalogue.fields, path);
	if (own !== null) return { catalogue: { fields: own, bare: Object.keys(own) }, children: null };
	const dot = path.indexOf(".");
	const parent = dot > 0 ? lookUp(catalogue.fields, path.slice(0, dot)) : undefined;
	if (parent === undefined || !isExists(parent)) return null;
	const fields = shortened(parent.exists.fields, path.slice(dot + 1));
	return fields && { catalogue: { fields, bare: Object.keys(fields) }, children: parent };
}

function shortened<T extends Field>(fields: Readonly<Record<string, T>>, prefix: string): Record<string, T> | null {
	const wanted = `${prefix.toLowerCase()}.`;
	const found = Object.entries(fields).filter(([name]) => name.toLowerCase().startsWith(wanted));
	return found.length === 0
		? null
		: Object.fromEntries(found.map(([name, field]) => [name.slice(wanted.length), field]));
}

/** Every name a query may use, dotted ones included, in the order of the catalogue. */
export function fieldNames(catalogue: FieldCatalogue): string[] {
	return Object.entries(catalogue.fields).flatMap(([name, field]) =>
		isExists(field) ? [name, ...Object.keys(field.exists.fields).map((sub) => `${name}.${sub}`)] : [name],
	);
}

function unknownField(name: string, known: readonly string[], at: number): AppError {
	const close = closeNames(name, known);
	return new AppError("invalid", `There is no field "${name}" (position ${at + 1}).`, {
		hint: close.length > 0 ? `Did you mean ${close.join(" or ")}?` : `The fields are: ${known.join(", ")}.`,
		details: { position: at, length: name.length, close },
	});
}

/** The column's value as an expression over its own row, also where it lies in another table. */
export function valueSql({ sql, lookup }: Pick<ColumnField, "sql" | "lookup">): string {
	return lookup === undefined ? sql : `(SELECT ${sql} FROM ${lookup.table} WHERE ${lookup.id} = ${lookup.key})`;
}

/** Own properties only, exact spelling first: `constructor` is not a field. */
export function lookUp<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
	if (Object.hasOwn(table, name)) return table[name];
	const wanted = name.toLowerCase();
	for (const [key, value] of Object.entries(table)) if (key.toLowerCase() === wanted) return value;
	return undefined;
}
