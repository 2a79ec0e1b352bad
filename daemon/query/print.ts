/** Writes a tree back as text that parses to the same tree; what only rules of tags have is for people to read. */
import type { Literal, Query } from "./ast.ts";

export function printQuery(query: Query): string {
	switch (query.kind) {
		case "and":
		case "or":
			return query.terms.map((term) => printTerm(term)).join(` ${query.kind} `);
		case "not":
			return `not ${printTerm(query.term)}`;
		case "nested":
			return `${query.path}:(${printQuery(query.term)})`;
		case "compare":
			return `${query.path} ${query.op} ${printLiteral(query.value)}`;
		case "range":
			return `${query.path}:${query.fromIncluded ? "[" : "("}${printLiteral(query.from)} .. ${printLiteral(query.to)}${query.toIncluded ? "]" : ")"}`;
		case "list":
			return `${query.path}:[${query.values.map(printLiteral).join(", ")}]`;
		case "null":
			return `${query.path} is ${query.negated ? "not " : ""}null`;
		case "match":
			return `${query.path} ${query.how === "regex" ? "matches" : "contains"} "${query.text}"`;
		case "bare":
			return printLiteral(query.value);
	}
}

function printTerm(query: Query): string {
	return query.kind === "and" || query.kind === "or" ? `(${printQuery(query)})` : printQuery(query);
}

function printLiteral({ style, text }: Literal): string {
	if (style === "words") return text;
	return style === "exact" ? exactly(text) : `"${escaped(text)}"`;
}

/** As a literal that means exactly this text. */
export function exactly(text: string): string {
	return `\`${escaped(text)}\``;
}

function escaped(text: string): string {
	return text.replace(/[\\"'`]/g, "\\$&");
}
