/** Which tags and asset groups a query names whole, as opposed to by words or patterns. Pure. */
import type { Literal, Query } from "../query/ast.ts";

export interface NamedInQuery {
	readonly kind: "tag" | "group";
	readonly name: string;
}

export function namedInQuery(query: Query | null): NamedInQuery[] {
	switch (query?.kind) {
		case "and":
		case "or":
			return query.terms.flatMap(namedInQuery);
		case "not":
			return namedInQuery(query.term);
		case "compare":
			return namesOf(query.path, [query.value]);
		case "list":
			return namesOf(query.path, query.values);
		default:
			return [];
	}
}

function namesOf(path: string, literals: readonly Literal[]): NamedInQuery[] {
	const kind = /^(asset\.)?tags?(\.name)?$/i.test(path)
		? "tag"
		: /^(asset)?groups?(\.(name|title))?$/i.test(path)
			? "group"
			: null;
	if (kind === null) return [];
	return literals.filter(({ text }) => !text.includes("*")).map(({ text }) => ({ kind, name: text }));
}
