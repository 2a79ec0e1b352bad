/** What compiled filters call from SQL: to be registered on each connection that runs them. */
import type { DatabaseSync } from "node:sqlite";
import { patternFunction, textFunction } from "./condition-sql.ts";
import { patternFound } from "./pattern.ts";
import { type TextTest, textFits } from "./words.ts";

/** Texts whose answer is remembered: operating systems and products are few, hosts are many. */
const mostRemembered = 2_000;

export function registerQueryFunctions(db: DatabaseSync): void {
	register(db, patternFunction, (pattern) => (text) => patternFound(pattern, text));
	register(db, textFunction, (test) => {
		const read = JSON.parse(test) as TextTest;
		return (text) => textFits(read, text);
	});
}

/** A function of (what is asked, a text): 1, 0, or null where there is no text. */
function register(db: DatabaseSync, name: string, testFor: (asked: string) => (text: string) => boolean): void {
	const tests = new Map<string, { test: (text: string) => boolean; answers: Map<string, number> }>();
	db.function(name, { deterministic: true }, (asked, text) => {
		if (typeof asked !== "string" || typeof text !== "string") return null;
		const known = tests.get(asked) ?? { test: testFor(asked), answers: new Map<string, number>() };
		if (!tests.has(asked)) {
			if (tests.size >= 30) tests.clear();
			tests.set(asked, known);
		}
		const remembered = known.answers.get(text);
		if (remembered !== undefined) return remembered;
		const answer = Number(known.test(text));
		if (known.answers.size >= mostRemembered) known.answers.clear();
		known.answers.set(text, answer);
		return answer;
	});
}
