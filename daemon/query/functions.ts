/** What compiled filters call from SQL: to be registered on each connection that runs them. */
import type { DatabaseSync } from "node:sqlite";
import { patternFound, patternFunction } from "./pattern.ts";

/** Texts whose answer is remembered: operating systems and products are few, hosts are many. */
const mostRemembered = 20_000;

export function registerQueryFunctions(db: DatabaseSync): void {
	const answers = new Map<string, number>();
	db.function(patternFunction, { deterministic: true }, (pattern, text) => {
		if (typeof pattern !== "string" || typeof text !== "string") return null;
		const key = `${pattern}\0${text}`;
		const known = answers.get(key);
		if (known !== undefined) return known;
		const answer = Number(patternFound(pattern, text));
		if (answers.size >= mostRemembered) answers.clear();
		answers.set(key, answer);
		return answer;
	});
}
