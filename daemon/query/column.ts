/** What one condition asks of a column: what `:`, a comparison or a range means for each kind of field. */
import type { AppError } from "../../protocol/errors.ts";
import { severityNames } from "../../protocol/model/severity.ts";
import { addressKey, addressText, cidrKeys } from "./address-key.ts";
import type { Comparison, Literal, Query } from "./ast.ts";
import type { Condition } from "./condition.ts";
import { parsePeriod } from "./dates.ts";
import { type ColumnField, lookUp, type SqlValue } from "./fields.ts";
import { compilePattern } from "./pattern.ts";
import { syntaxError } from "./scanner.ts";
import { phraseTest, type TextTest, wordTest } from "./words.ts";

/** A stretch of ordered values: both ends belong to it. */
interface Stretch {
	readonly first: SqlValue;
	readonly last: SqlValue;
}

interface AddressStretch {
	readonly first: Uint8Array;
	readonly last: Uint8Array;
}

const orderedKinds = ["int", "number", "severity", "date", "ip"] as const;
type OrderedKind = (typeof orderedKinds)[number];
type OrderedField = ColumnField & { readonly kind: OrderedKind };

const known: Condition = { kind: "known" };

/** Throws `invalid` with the position of a value that cannot be one of the column's. `now` in milliseconds. */
export function compareColumn(column: ColumnField, op: Comparison, value: Literal, now: number): Condition {
	if (isOrdered(column)) return compareStretch(op, stretchOf(column, value, now));
	if (op !== ":" && op !== "=") {
		throw syntaxError(`This field cannot be compared with ${op}`, value.at, "Use : with it.");
	}
	const exact = op === "=" || value.style === "exact";
	switch (column.kind) {
		case "bool":
			return equal(booleanOf(value));
		case "enum":
			return equal(enumOf(column, value));
		case "keyword":
			if (exact || value.style === "phrase") return { kind: "same", text: value.text };
			return keywordPattern(value.text);
		default:
			if (exact) return { kind: "same", text: value.text };
			if (value.style === "phrase") return asText(phraseTest(value.text));
			return { kind: "and", terms: value.text.split(" ").map((word) => asText(wordTest(word))) };
	}
}

export function columnInRange(column: ColumnField, range: Query & { kind: "range" }, now: number): Condition {
	if (!isOrdered(column)) {
		throw syntaxError("This field has no order, so it has no ranges", range.from.at, "List the values: [a, b].");
	}
	const from = compareStretch(range.fromIncluded ? ">=" : ">", stretchOf(column, range.from, now));
	const to = compareStretch(range.toIncluded ? "<=" : "<", stretchOf(column, range.to, now));
	return { kind: "and", terms: [from, to] };
}

/** Text within a value, or a regular expression found in it: what rules of tags have. */
export function matchColumn({ how, text }: Query & { kind: "match" }): Condition {
	if (how === "contains") return { kind: "like", text, before: true, after: true };
	compilePattern(text);
	return { kind: "pattern", pattern: text };
}

/** What a word or a text in quotes without a field means for this column; null when it cannot be meant. */
export function columnHasWord(column: ColumnField, word: string, style: Literal["style"]): Condition | null {
	switch (column.kind) {
		case "text":
			if (style === "exact") return { kind: "same", text: word };
			return asText(style === "phrase" ? phraseTest(word) : wordTest(word));
		case "keyword":
			// A part of an identifier is all that people remember of it.
			if (style === "exact") return { kind: "same", text: word };
			return asText(style === "phrase" ? phraseTest(word) : wordTest(word));
		case "enum": {
			const stored = lookUp(column.values ?? {}, word);
			return stored === undefined ? null : equal(stored);
		}
		case "ip": {
			const stretch = addressStretch(word);
			return stretch && compareStretch(":", storedStretch(column, stretch));
		}
		default:
			return null;
	}
}

function asText(test: TextTest | null): Condition {
	return test === null ? known : { kind: "text", test };
}

function equal(value: SqlValue): Condition {
	return { kind: "compare", op: "=", value };
}

function numberOf(text: string): number | null {
	return /^-?[0-9]{1,15}(\.[0-9]{1,15})?$/.test(text) ? Number(text) : null;
}

function isOrdered(column: ColumnField): column is OrderedField {
	return (orderedKinds as readonly string[]).includes(column.kind);
}

function compareStretch(op: Comparison, { first, last }: Stretch): Condition {
	switch (op) {
		case ">":
		case "<=":
			return { kind: "compare", op, value: last };
		case ">=":
		case "<":
			return { kind: "compare", op, value: first };
		default:
			return first === last ? equal(first) : { kind: "between", first, last };
	}
}

function stretchOf(column: OrderedField, value: Literal, now: number): Stretch {
	switch (column.kind) {
		case "date": {
			const period = parsePeriod(value.text, now);
			if (period === null) throw wrong(value, "a date", "Like 2026-03-01, 2026-03, now or now-90d.");
			const stored = (ms: number) => (column.storedAs === "iso" ? new Date(ms).toISOString() : ms);
			return { first: stored(period.from), last: stored(period.to - 1) };
		}
		case "ip": {
			const stretch = addressStretch(value.text);
			if (stretch === null) throw wrong(value, "an address", "Like 10.0.0.1, 10.0.0.0/24, 10.0.0 or 2001:db8::1.");
			return storedStretch(column, stretch);
		}
		case "number": {
			const number = numberOf(value.text);
			if (number === null) throw wrong(value, "a number", "Like 7, 7.5 or 0.05.");
			return { first: number, last: number };
		}
		default: {
			const number = column.kind === "severity" ? severityOf(value.text) : integerOf(value.text);
			if (number === null) {
				throw column.kind === "severity"
					? wrong(value, "a severity", "1 to 5, or minimal, medium, serious, critical, urgent.")
					: wrong(value, "a whole number");
			}
			return { first: number, last: number };
		}
	}
}

function integerOf(text: string): number | null {
	const number = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
	return Number.isSafeInteger(number) ? number : null;
}

function severityOf(text: string): number | null {
	const named = Object.entries(severityNames).find(([, name]) => name === text.toLowerCase());
	const number = integerOf(named ? named[0] : text);
	return number !== null && number >= 1 && number <= 5 ? number : null;
}

/** An address, a CIDR, `a-b`, or the beginning of an IPv4 address (10.0.0 and 10.0.0.* are 10.0.0.0/24). */
function addressStretch(text: string): AddressStretch | null {
	const beginning = /^((?:\d{1,3}\.){0,2}\d{1,3})\.?\*?$/.exec(text)?.[1]?.split(".");
	if (beginning && (beginning.length > 1 || /[.*]$/.test(text))) {
		const whole = [...beginning, "0", "0", "0"].slice(0, 4).join(".");
		return cidrStretch(`${whole}/${beginning.length * 8}`);
	}
	if (text.includes("/")) return cidrStretch(text);
	const [from = "", to] = text.split("-");
	const first = addressKey(from);
	const last = to === undefined ? first : addressKey(to);
	return first && last ? { first, last } : null;
}

function cidrStretch(text: string): AddressStretch | null {
	return cidrKeys(text);
}

function storedStretch({ storedAs }: ColumnField, { first, last }: AddressStretch): Stretch {
	// A zone follows the digits of a key: `~` sorts after all of them.
	return storedAs === "key" ? { first: addressText(first), last: `${addressText(last)}~` } : { first, last };
}

function booleanOf(value: Literal): number {
	const text = value.text.toLowerCase();
	if (text === "true" || text === "yes" || text === "1") return 1;
	if (text === "false" || text === "no" || text === "0") return 0;
	throw wrong(value, "true or false");
}

function enumOf(column: ColumnField, value: Literal): string | number {
	const values = column.values ?? {};
	const stored = lookUp(values, value.text);
	if (stored === undefined) throw wrong(value, "one of its values", `One of: ${Object.keys(values).join(", ")}.`);
	return stored;
}

function keywordPattern(text: string): Condition {
	const before = text.startsWith("*");
	const after = text.length > 1 && text.endsWith("*");
	if (!before && !after) return { kind: "same", text };
	return { kind: "like", text: text.slice(before ? 1 : 0, after ? -1 : undefined), before, after };
}

function wrong(value: Literal, expected: string, hint?: string): AppError {
	return syntaxError(`"${value.text.slice(0, 100)}" is not ${expected}`, value.at, hint);
}
