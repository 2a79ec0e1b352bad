/** Pieces the rules of tags are put together from. */
import { AppError } from "../../protocol/errors.ts";
import type { Literal, Query } from "../query/ast.ts";

/** A finding with one of the numbers that is not fixed and fits `further`; information counts. */
export function presentVulnerability(qids: readonly Literal[], further: readonly Query[]): Query {
	const term: Query = {
		kind: "and",
		terms: [
			{ kind: "list", path: "qid", at: 0, values: qids },
			{ kind: "not", term: { kind: "compare", path: "status", at: 0, op: ":", value: words("FIXED") } },
			...further,
		],
	};
	return { kind: "nested", path: "vulnerabilities", at: 0, term };
}

export function words(text: string): Literal {
	return { style: "words", text, at: 0 };
}

export function phrase(text: string): Literal {
	return { style: "phrase", text, at: 0 };
}

/** Whole numbers from 1 to `most`, separated by commas or blanks. Throws `invalid`. */
export function numbersIn(text: string, most: number, what: string): Literal[] {
	const parts = text.split(/[\s,]+/).filter((part) => part !== "");
	for (const part of parts) {
		if (/^\d{1,10}$/.test(part) && Number(part) >= 1 && Number(part) <= most) continue;
		throw new AppError("invalid", `${JSON.stringify(part.slice(0, 60))} is not ${what}.`, {
			hint: `Write whole numbers from 1 to ${most} with commas between them.`,
		});
	}
	return parts.map(words);
}

export function listOf(path: string, values: readonly Literal[]): Query {
	return { kind: "list", path, at: 0, values };
}
