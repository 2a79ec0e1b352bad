/** Does a rule's answer change as time goes by, without new evidence? */
import type { Literal, Query } from "../query/ast.ts";

export function mentionsNow(query: Query): boolean {
	switch (query.kind) {
		case "and":
		case "or":
			return query.terms.some(mentionsNow);
		case "not":
		case "nested":
			return mentionsNow(query.term);
		case "compare":
			return isNow(query.value);
		case "range":
			return isNow(query.from) || isNow(query.to);
		case "list":
			return query.values.some(isNow);
		default:
			return false;
	}
}

function isNow({ text }: Literal): boolean {
	return /^now\b/i.test(text);
}
