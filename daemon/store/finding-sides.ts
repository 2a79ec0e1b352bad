/** Which table of the list of findings a part of a filter speaks of: the asset's, the signature's, or the finding's own. Pure. */
import type { ColumnField, ExistsField } from "../query/fields.ts";
import type { Plan } from "../query/plan.ts";

export type Side = "asset" | "signature" | "finding";

export function sideOf(plan: Plan): Side {
	switch (plan.kind) {
		case "and":
		case "or": {
			const sides = new Set(plan.terms.map(sideOf));
			const [only = "finding"] = sides;
			return sides.size === 1 ? only : "finding";
		}
		case "not":
			return sideOf(plan.term);
		case "value":
			return sideOfField(columnText(plan.column));
		case "some":
			return sideOfField(childrenText(plan.children));
	}
}

function columnText({ sql, lookup }: ColumnField): string {
	return lookup?.key ?? sql;
}

function childrenText({ exists: { tables, on, from } }: ExistsField): string {
	return `${tables} ${on} ${from?.row ?? ""}`;
}

/** By the tables of the list that its text speaks of: those of one letter, in the whole catalogue. */
function sideOfField(text: string): Side {
	const spoken = new Set(text.match(/\b(?:f\.\w+|[a-z]\.)/g));
	const all = (words: readonly string[]) => spoken.size > 0 && [...spoken].every((one) => words.includes(one));
	if (all(["a.", "f.asset"])) return "asset";
	return all(["s.", "f.signature"]) ? "signature" : "finding";
}
