/**
 * What lists showed last, kept as long as the console: where the daemon has gone, a list that is opened again shows that, and says
 * that it is not up to date, rather than nothing.
 */
import type { Client } from "../../protocol/client.ts";
import type { ListFailure, PagedList, Question } from "./paged-list.ts";

export interface LastSeen<Row extends { readonly id: number }> {
	keep(list: PagedList<Row>): void;
	/** The list as it stood when it had answered that question, with why nothing newer comes; undefined: it never did. */
	recall(asked: Question, failure: ListFailure): PagedList<Row> | undefined;
}

/** The least recently seen are forgotten. */
const mostKept = 16;

const seen = new WeakMap<Client, Map<string, unknown>>();

/** `name` is that of the list, as different rows have different ones. */
export function lastSeenOf<Row extends { readonly id: number }>(client: Client, name: string): LastSeen<Row> {
	const lists = (seen.get(client) ?? new Map()) as Map<string, PagedList<Row>>;
	seen.set(client, lists);
	const keyOf = ({ filter, sort }: Question) => JSON.stringify([name, filter, sort]);
	return {
		keep(list) {
			const key = keyOf(list.answered);
			lists.delete(key);
			lists.set(key, list);
			const [oldest] = lists.keys();
			if (lists.size > mostKept && oldest !== undefined) lists.delete(oldest);
		},
		recall(asked, failure) {
			const list = lists.get(keyOf(asked));
			return list && { ...list, asked, answered: asked, failure, dirty: new Set() };
		},
	};
}
