/** Which tags a rule names, and the order in which rules are applied so that what they name is settled before. */
import { AppError } from "../../protocol/errors.ts";
import type { TagRule } from "../../protocol/model/tag.ts";
import type { Literal, Query } from "../query/ast.ts";
import type { StoredTag } from "../store/tags.ts";
import { ruleQuery } from "./rule-query.ts";

export interface Ordered {
	readonly tag: StoredTag;
	/** Ids of the tags its rule may look at. */
	readonly uses: readonly number[];
}

/** Every tag after those its rule names. Of a circle, which is refused when a rule is saved, the last is cut loose. */
export function inOrder(tags: readonly StoredTag[]): Ordered[] {
	const uses = new Map(tags.map((tag) => [tag.id, usedBy(tag.rule, tags)]));
	const byId = new Map(tags.map((tag) => [tag.id, tag]));
	const done = new Set<number>();
	const ordered: Ordered[] = [];
	const visit = (tag: StoredTag) => {
		if (done.has(tag.id)) return;
		done.add(tag.id);
		const used = uses.get(tag.id) ?? [];
		for (const id of used) {
			const other = byId.get(id);
			if (other !== undefined) visit(other);
		}
		ordered.push({ tag, uses: used });
	};
	for (const tag of tags) visit(tag);
	return ordered;
}

/** Throws `conflict` when the tag would depend on itself through the rules of others. */
export function refuseCircle(tags: readonly StoredTag[], changed: { id: number; name: string; rule: TagRule }): void {
	const named = (id: number) => tags.find((tag) => tag.id === id)?.name ?? changed.name;
	const all = tags.map((tag) => (tag.id === changed.id ? { ...tag, rule: changed.rule } : tag));
	const visit = (id: number, above: readonly number[]): void => {
		if (id === changed.id && above.length > 0) {
			throw new AppError("conflict", `The rule goes in a circle: ${[...above, id].map(named).join(" -> ")}.`, {
				hint: "A tag cannot be defined by itself: name other tags in the rule.",
			});
		}
		if (above.includes(id)) return;
		const rule = id === changed.id ? changed.rule : all.find((tag) => tag.id === id)?.rule;
		if (rule !== undefined) for (const used of usedBy(rule, all)) visit(used, [...above, id]);
	};
	visit(changed.id, []);
}

/** Tags a rule may look at: those named whole, or all when it asks for words, patterns or numbers. */
function usedBy(rule: TagRule, tags: readonly Pick<StoredTag, "id" | "name">[]): number[] {
	const asked = conditionsOnTags(queryOf(rule));
	if (asked.length === 0) return [];
	if (asked.some((literal) => literal === null)) return tags.map(({ id }) => id);
	const wanted = asked
		.flatMap((literal) => literal?.text.toLowerCase().split(/[\s*]+/) ?? [])
		.filter((one) => one !== "");
	return tags.filter(({ name }) => wanted.some((one) => name.toLowerCase().includes(one))).map(({ id }) => id);
}

/** A rule that cannot be read names nothing: it is not applied. */
function queryOf(rule: TagRule): Query | null {
	// The only kind that can name tags.
	if (rule.kind !== "query" || !/\b(tags?|criticality)\b/i.test(rule.text)) return null;
	try {
		return ruleQuery(rule);
	} catch {
		return null;
	}
}

/** What is asked of the names of tags; null where it cannot be told which tags that means. */
function conditionsOnTags(query: Query | null): (Literal | null)[] {
	switch (query?.kind) {
		case "and":
		case "or":
			return query.terms.flatMap(conditionsOnTags);
		case "not":
			return conditionsOnTags(query.term);
		case "compare":
			return isName(query.path) ? [query.value] : isTag(query.path) ? [null] : [];
		case "list":
			return isName(query.path) ? [...query.values] : isTag(query.path) ? [null] : [];
		case "nested":
		case "range":
		case "null":
		case "match":
			return isTag(query.path) ? [null] : [];
		default:
			return [];
	}
}

function isName(path: string): boolean {
	return /^tags?(\.name)?$/i.test(path);
}

function isTag(path: string): boolean {
	return /^(tags?(\..*)?|criticality)$/i.test(path);
}
