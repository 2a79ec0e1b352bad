/** A condition as a function of a value: the back-end in memory. It answers as SQLite does on values of one type. */
import type { Condition } from "./condition.ts";
import type { SqlValue } from "./fields.ts";
import { patternFound } from "./pattern.ts";
import { textFits } from "./words.ts";

export type ValueTest = (value: SqlValue | null) => boolean;

export function testOf(condition: Condition): ValueTest {
	switch (condition.kind) {
		case "and": {
			const tests = condition.terms.map(testOf);
			return (value) => tests.every((test) => test(value));
		}
		case "or": {
			const tests = condition.terms.map(testOf);
			return (value) => tests.some((test) => test(value));
		}
		case "compare":
			return comparison(condition.op, condition.value);
		case "between": {
			const { first, last } = condition;
			return (value) => value !== null && order(value, first) >= 0 && order(value, last) <= 0;
		}
		case "same": {
			const wanted = lower(condition.text);
			return (value) => typeof value === "string" && lower(value) === wanted;
		}
		case "like":
			return likeTest(condition);
		case "text":
			return (value) => typeof value === "string" && textFits(condition.test, value);
		case "pattern":
			return (value) => typeof value === "string" && patternFound(condition.pattern, value);
		case "known":
			return (value) => value !== null;
		case "null":
			return (value) => (value === null) !== condition.negated;
	}
}

function comparison(op: "=" | ">" | ">=" | "<" | "<=", wanted: SqlValue): ValueTest {
	const fits: Record<typeof op, (order: number) => boolean> = {
		"=": (found) => found === 0,
		">": (found) => found > 0,
		">=": (found) => found >= 0,
		"<": (found) => found < 0,
		"<=": (found) => found <= 0,
	};
	return (value) => value !== null && fits[op](order(value, wanted));
}

function likeTest({ text, before, after }: Condition & { kind: "like" }): ValueTest {
	const wanted = lower(text);
	return (value) => {
		if (typeof value !== "string") return false;
		const found = lower(value);
		if (before && after) return found.includes(wanted);
		if (before) return found.endsWith(wanted);
		return after ? found.startsWith(wanted) : found === wanted;
	};
}

/** SQLite's order: numbers, then texts by their UTF-8 bytes, then blobs by their bytes. */
function order(a: SqlValue, b: SqlValue): number {
	const rank = classOf(a) - classOf(b);
	if (rank !== 0) return rank;
	if (typeof a === "number" && typeof b === "number") return a - b;
	return Buffer.compare(bytesOf(a), bytesOf(b));
}

function classOf(value: SqlValue): number {
	return typeof value === "number" ? 0 : typeof value === "string" ? 1 : 2;
}

function bytesOf(value: SqlValue): Uint8Array {
	return value instanceof Uint8Array ? value : Buffer.from(String(value));
}

/** As SQLite's NOCASE and LIKE: ASCII letters alone. */
function lower(text: string): string {
	return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
