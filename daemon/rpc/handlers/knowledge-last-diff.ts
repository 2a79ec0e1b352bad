/** What the last change of the knowledge has changed in the findings: the base before against the one in force. */
import { diffKnowledge, type KnowledgeDiff } from "../../assess/knowledge-diff.ts";
import { AdvisoryBook } from "../../knowledge/advisories/book.ts";
import type { Services } from "../services.ts";

/** Throws `busy` while another base is made. */
export function lastDiff({ library, knowledge, store }: Services): Promise<KnowledgeDiff> {
	return library.sinceBefore((before) =>
		diffKnowledge(store, before === null ? null : new AdvisoryBook(before), knowledge().advisories ?? null),
	);
}

/** As a caller gets it: the first of the changes, and how many there are of each kind. */
export function shownDiff({ changes, ...rest }: KnowledgeDiff, limit: number) {
	const count = (kind: (typeof changes)[number]["change"]) => changes.filter(({ change }) => change === kind).length;
	const counts = { new: count("new"), changed: count("changed"), gone: count("gone") };
	return { items: changes.slice(0, limit), total: changes.length, counts, ...rest };
}
