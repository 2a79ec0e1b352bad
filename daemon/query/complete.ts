/** What could stand at a place of a filter that is being written: fields, values, keywords. Pure; any text will do. */
import { severityNames } from "../../protocol/model/severity.ts";
import { type ColumnField, type FieldCatalogue, isExists, lookUp } from "./fields.ts";
import { straightenQuotes } from "./scanner.ts";

export interface Suggestion {
	readonly text: string;
	readonly help: string;
}

export interface Completed {
	/** What is replaced, in UTF-16 units. */
	readonly from: number;
	readonly to: number;
	readonly items: readonly Suggestion[];
}

/** Values that are stored for a field and begin so, without regard to case; empty where nothing is known. */
export type StoredValues = (column: ColumnField, beginning: string) => readonly string[];

const most = 50;
const keywords: readonly Suggestion[] = [
	{ text: "and", help: "both hold" },
	{ text: "or", help: "one of them holds" },
];
const negation: Suggestion = { text: "not", help: "what follows does not hold" };

/** `at` is where the cursor stands. */
export function completeFilter(
	text: string,
	at: number,
	catalogue: FieldCatalogue,
	storedValues: StoredValues = () => [],
): Completed {
	const place = placeOf(straightenQuotes(text).slice(0, at));
	const range = { from: place.from, to: at };
	if (place.field !== null) {
		const items = valuesOf(catalogue, place.field, place.begun, storedValues);
		return { ...range, items: items.slice(0, most) };
	}
	const begun = place.begun.toLowerCase();
	const fitting = (list: readonly Suggestion[]) => list.filter(({ text: one }) => one.startsWith(begun));
	if (place.complete) return { ...range, items: fitting(keywords) };
	return { ...range, items: [...fieldsOf(catalogue, place.within, begun), ...fitting([negation])].slice(0, most) };
}

interface Place {
	readonly from: number;
	/** The piece of a word before the cursor. */
	readonly begun: string;
	/** The field whose value stands here; null: no value does. */
	readonly field: string | null;
	/** The field in whose parentheses this is; "" outside. */
	readonly within: string;
	/** A condition has just ended: only a keyword can follow. */
	readonly complete: boolean;
}

interface Level {
	readonly within: string;
	/** In a list or a range of this field. */
	readonly field: string | null;
}

const token =
	/("(?:\\.|[^"])*"?|'(?:\\.|[^'])*'|`[^`]*`?)|([:=<>]+)|([([])|([)\]])|(,|\.\.+)|([^\s:=<>()[\],"`]+?)(?=$|[\s:=<>()[\],"`]|\.\.)/gy;

/** Follows the text from its beginning to the cursor. */
function placeOf(text: string): Place {
	const levels: Level[] = [{ within: "", field: null }];
	let field: string | null = null;
	let word = "";
	let complete = false;
	let begun = { from: text.length, text: "" };
	token.lastIndex = 0;
	for (let from = 0; from < text.length; from = token.lastIndex) {
		const level = levels.at(-1) ?? { within: "", field: null };
		const found = token.exec(text);
		if (found === null) {
			// A blank, or a sign that is nothing by itself.
			token.lastIndex = from + 1;
			if (word !== "" && field !== null && level.field === null) complete = true;
			continue;
		}
		const [whole, quoted, operator, opening, closing, separator, plain = ""] = found;
		const touches = from + whole.length === text.length;
		if (operator !== undefined) {
			field = word === "" ? field : word;
			[word, complete] = ["", false];
		} else if (opening !== undefined) {
			const inside = opening === "[" || isRange(text, from + 1);
			const below = field === null ? level.within : level.within === "" ? field : `${level.within}.${field}`;
			levels.push(inside ? { within: level.within, field } : { within: below, field: null });
			if (!inside) field = null;
			[word, complete] = ["", false];
		} else if (closing !== undefined) {
			if (levels.length > 1) levels.pop();
			[field, word, complete] = [null, "", true];
		} else if (separator !== undefined) {
			word = "";
		} else if (quoted !== undefined) {
			word = quoted;
			if (touches && isOpen(quoted)) begun = { from, text: quoted.slice(1) };
			else if (level.field === null) [complete, field] = [true, null];
		} else if (touches) {
			begun = { from, text: plain };
		} else if (/^(and|or|not)$/i.test(plain)) {
			[field, word, complete] = [level.field, "", false];
		} else word = plain;
	}
	const level = levels.at(-1) ?? { within: "", field: null };
	const value = complete ? null : (level.field ?? field);
	const path = value === null ? null : level.within === "" ? value : `${level.within}.${value}`;
	return { ...{ from: begun.from, begun: begun.text, field: path, within: level.within }, complete };
}

function isOpen(quoted: string): boolean {
	return quoted.length === 1 || quoted.at(-1) !== quoted[0];
}

/** What stands in parentheses is a range when two dots come before they close. */
function isRange(text: string, from: number): boolean {
	return /^[^()]*\.\./.test(text.slice(from));
}

function fieldsOf(catalogue: FieldCatalogue, within: string, begun: string): Suggestion[] {
	const all = namesIn(catalogue, within);
	// Parts of a field are offered once it is named, or nothing else fits.
	const fits = (name: string) => name.toLowerCase().startsWith(begun) && (begun.includes(".") || !name.includes("."));
	const first = all.filter(({ text }) => fits(text));
	const rest = all.filter(({ text }) => !fits(text) && text.toLowerCase().includes(begun));
	return begun === "" ? first : [...first, ...rest];
}

function namesIn({ fields }: FieldCatalogue, within: string): Suggestion[] {
	const prefix = within === "" ? "" : `${within.toLowerCase()}.`;
	return Object.entries(fields)
		.flatMap(([name, field]) => [
			{ text: name, help: helpOf(field) },
			...(isExists(field)
				? Object.entries(field.exists.fields).map(([sub, column]) => ({ text: `${name}.${sub}`, help: helpOf(column) }))
				: []),
		])
		.filter(({ text }) => text.toLowerCase().startsWith(prefix))
		.map(({ text, help }) => ({ text: text.slice(prefix.length), help }));
}

function helpOf(field: { help?: string; kind?: string }): string {
	return field.help ?? field.kind ?? "has parts";
}

function valuesOf(catalogue: FieldCatalogue, path: string, begun: string, storedValues: StoredValues): Suggestion[] {
	const column = columnAt(catalogue, path);
	if (column === null) return [];
	const wanted = begun.toLowerCase();
	return [
		...fixedValues(column),
		...storedValues(column, begun).map((text) => ({ text: written(text), help: "" })),
	].filter(({ text }) => text.toLowerCase().replace(/^"/, "").startsWith(wanted));
}

function columnAt({ fields }: FieldCatalogue, path: string): ColumnField | null {
	const whole = lookUp(fields, path);
	if (whole !== undefined) {
		return isExists(whole) ? (lookUp(whole.exists.fields, whole.exists.default ?? "") ?? null) : whole;
	}
	for (let dot = path.indexOf("."); dot > 0; dot = path.indexOf(".", dot + 1)) {
		const parent = lookUp(fields, path.slice(0, dot));
		const column = parent && isExists(parent) ? lookUp(parent.exists.fields, path.slice(dot + 1)) : undefined;
		if (column !== undefined) return column;
	}
	return null;
}

function fixedValues(column: ColumnField): Suggestion[] {
	switch (column.kind) {
		case "enum":
			return Object.keys(column.values ?? {}).map((text) => ({ text, help: "" }));
		case "bool":
			return [
				{ text: "true", help: "" },
				{ text: "false", help: "" },
			];
		case "severity":
			return Object.entries(severityNames)
				.reverse()
				.map(([text, help]) => ({ text, help }));
		case "date":
			return [
				{ text: "now", help: "" },
				...[1, 7, 30, 90].map((days) => ({ text: `now-${days}d`, help: `${days} days ago` })),
				{ text: "[now-90d .. now]", help: "within 90 days" },
			];
		default:
			return [];
	}
}

/** In quotes where it is more than one word. */
function written(text: string): string {
	return /^[\p{L}\p{N}_./-]+$/u.test(text) ? text : `"${text.replace(/[\\"'`]/g, "\\$&")}"`;
}
