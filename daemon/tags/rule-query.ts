/** What a tag's rule asks of an asset, as a tree of the query language: rules of every kind are one thing from here on. */
import { AppError } from "../../protocol/errors.ts";
import type { TagRule } from "../../protocol/model/tag.ts";
import { parseRange, rangeText, splitTargets } from "../../protocol/target/item.ts";
import type { Literal, Query } from "../query/ast.ts";
import { parseQuery } from "../query/parse.ts";
import { compilePattern } from "../query/pattern.ts";
import { printQuery } from "../query/print.ts";
import { listOf, numbersIn, phrase, presentVulnerability, words } from "./rule-terms.ts";
import { readTagCriteria } from "./tag-criteria.ts";

/** Null for a static tag. Throws `invalid` saying what cannot be read, never passing over a part of a rule. */
export function ruleQuery({ kind, text }: TagRule): Query | null {
	const said = text.trim();
	if (kind === "static") return null;
	if (said === "") throw new AppError("invalid", "The rule is empty.", { hint: examples[kind] });
	switch (kind) {
		case "network-range":
			return listOf("address", splitTargets(said).map(rangeIn));
		case "os-regex":
			compilePattern(said);
			return { kind: "match", path: "os", at: 0, how: "regex", text: said };
		case "name-contains":
			return { kind: "match", path: "name", at: 0, how: "contains", text: said };
		case "open-ports":
			return listOf("openPorts.port", numbersIn(said, 65_535, "a port"));
		case "vuln-exist":
			return presentVulnerability(numbersIn(said, 2 ** 31, "a QID"), []);
		case "installed-software":
			return { kind: "compare", path: "software.name", at: 0, op: ":", value: phrase(said) };
		case "asset-search":
			return readTagCriteria(said);
		case "asset-group":
			return { kind: "compare", path: "group.id", at: 0, op: "=", value: words(said) };
		case "query":
			return parseQuery(said);
	}
}

/** A rule that is written in another language than ours as a query, for people to read; null where it is not, or cannot be read. */
export function ruleInWords(rule: TagRule): string | null {
	if (rule.kind !== "asset-search") return null;
	try {
		const query = ruleQuery(rule);
		return query === null ? null : printQuery(query);
	} catch (err) {
		if (err instanceof AppError) return null;
		throw err;
	}
}

/** An example of each kind of rule. */
export const examples: Readonly<Record<TagRule["kind"], string>> = {
	static: "",
	"network-range": "For example: 10.0.0.0/8, 192.0.2.10-192.0.2.20.",
	"os-regex": "For example: .*Linux.*",
	"name-contains": "For example: web",
	"open-ports": "For example: 80, 443, 8080.",
	"vuln-exist": "For example: 45179, 105053.",
	"installed-software": "For example: openssh-server",
	"asset-search": "Paste the <TAG_CRITERIA> of a saved asset search.",
	query: "For example: os:debian and port:22",
	"asset-group": "",
};

function rangeIn(text: string): Literal {
	const range = parseRange(text, null);
	if (range !== null) return words(rangeText(range));
	throw new AppError("invalid", `${JSON.stringify(text.slice(0, 60))} is not an address, a block or a range.`, {
		hint: examples["network-range"],
	});
}
