/** One condition on one column: what `:`, a comparison or a range means for each kind of field. */
import type { AppError } from "../../protocol/errors.ts";
import { severityNames } from "../../protocol/model/common.ts";
import { addressKey, cidrKeys } from "./address-key.ts";
import type { Comparison, Literal, Query } from "./ast.ts";
import { parsePeriod } from "./dates.ts";
import { type ColumnField, lookUp, type SqlValue } from "./fields.ts";
import { patternFunction } from "./pattern.ts";
import { syntaxError } from "./scanner.ts";
import { type Fragment, fragment, join, like } from "./sql.ts";

/** A stretch of ordered values: both ends belong to it. */
interface Stretch {
	readonly first: SqlValue;
	readonly last: SqlValue;
}

const orderedKinds = ["int", "number", "severity", "date", "ip"] as const;
type OrderedKind = (typeof orderedKinds)[number];
type OrderedField = ColumnField & { readonly kind: OrderedKind };

export function compareColumn(column: ColumnField, op: Comparison, value: Literal, now: number): Fragment {
	if (isOrdered(column)) return compareStretch(column.sql, op, stretchOf(column, value, now));
	if (op !== ":" && op !== "=") {
		throw syntaxError(`This field cannot be compared with ${op}`, value.at, "Use : with it.");
	}
	const exact = op === "=" || value.style === "exact";
	switch (column.kind) {
		case "bool":
			return fragment(`${column.sql} = ?`, booleanOf(value));
		case "enum":
			return fragment(`${column.sql} = ?`, enumOf(column, value));
		case "keyword":
			if (exact || value.style === "phrase") return equals(column.sql, value.text);
			return keywordPattern(column.sql, value.text);
		default:
			if (exact) return equals(column.sql, value.text);
			if (value.style === "phrase") return like(column.sql, value.text, true, true);
			return join(
				"AND",
				value.text.split(" ").map((word) => wordPattern(column.sql, word)),
			);
	}
}

export function columnInRange(column: ColumnField, range: Query & { kind: "range" }, now: number): Fragment {
	if (!isOrdered(column)) {
		throw syntaxError("This field has no order, so it has no ranges", range.from.at, "List the values: [a, b].");
	}
	const from = compareStretch(column.sql, range.fromIncluded ? ">=" : ">", stretchOf(column, range.from, now));
	const to = compareStretch(column.sql, range.toIncluded ? "<=" : "<", stretchOf(column, range.to, now));
	return join("AND", [from, to]);
}

/** Text within a value, or a regular expression found in it: what rules of tags have. */
export function matchColumn(column: ColumnField, { how, text }: Query & { kind: "match" }): Fragment {
	if (how === "contains") return like(column.sql, text, true, true);
	return fragment(`${patternFunction}(?, ${column.sql})`, text);
}

/** What a word without a field means for this column; null when it cannot be meant. */
export function columnHasWord(column: ColumnField, word: string): Fragment | null {
	switch (column.kind) {
		case "text":
		case "keyword":
			return wordPattern(column.sql, word);
		case "enum": {
			const stored = lookUp(column.values ?? {}, word);
			return stored === undefined ? null : fragment(`${column.sql} = ?`, stored);
		}
		case "ip": {
			const stretch = addressStretch(word);
			return stretch && compareStretch(column.sql, ":", stretch);
		}
		default:
			return null;
	}
}

function numberOf(text: string): number | null {
	return /^-?[0-9]{1,15}(\.[0-9]{1,15})?$/.test(text) ? Number(text) : null;
}

function isOrdered(column: ColumnField): column is OrderedField {
	return (orderedKinds as readonly string[]).includes(column.kind);
}

function compareStretch(sql: string, op: Comparison, { first, last }: Stretch): Fragment {
	switch (op) {
		case ">":
			return fragment(`${sql} > ?`, last);
		case ">=":
			return fragment(`${sql} >= ?`, first);
		case "<":
			return fragment(`${sql} < ?`, first);
		case "<=":
			return fragment(`${sql} <= ?`, last);
		default:
			return first === last ? fragment(`${sql} = ?`, first) : fragment(`${sql} BETWEEN ? AND ?`, first, last);
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
			return stretch;
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
function addressStretch(text: string): Stretch | null {
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

function cidrStretch(text: string): Stretch | null {
	return cidrKeys(text);
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

function equals(sql: string, text: string): Fragment {
	return fragment(`${sql} = ? COLLATE NOCASE`, text);
}

function keywordPattern(sql: string, text: string): Fragment {
	const before = text.startsWith("*");
	const after = text.length > 1 && text.endsWith("*");
	if (!before && !after) return equals(sql, text);
	return like(sql, text.slice(before ? 1 : 0, after ? -1 : undefined), before, after);
}

/** Plain: anywhere in the text. `win*`: at the beginning of the text or of a word in it. `*dows`: at such an end. */
function wordPattern(sql: string, word: string): Fragment {
	const before = word.startsWith("*");
	const after = word.length > 1 && word.endsWith("*");
	const plain = word.slice(before ? 1 : 0, after ? -1 : undefined);
	if (before === after) return like(sql, plain, true, true);
	if (after) return join("OR", [like(sql, plain, false, true), like(sql, ` ${plain}`, true, true)]);
	return join("OR", [like(sql, plain, true, false), like(sql, `${plain} `, true, true)]);
}

function wrong(value: Literal, expected: string, hint?: string): AppError {
	return syntaxError(`"${value.text.slice(0, 100)}" is not ${expected}`, value.at, hint);
}
