/** What a listing of the command line asks for: its query and options, over those of the view that `--view` names. */
import type { Client } from "../../protocol/client.ts";
import * as views from "../../protocol/methods/views.ts";
import { viewNamed } from "../components/list/view-names.ts";
import { parseLimit } from "./pages.ts";

export interface WishOptions {
	readonly limit: string;
	readonly sort?: string;
	readonly view?: string;
}

export const viewOption = ["--view <name>", "with the filter and order of a saved view, see: vedette view"] as const;

/** Throws `not-found` for a view there is none of. */
export async function listWish(
	client: Client,
	list: string,
	query: string | undefined,
	{ limit, sort, view }: WishOptions,
): Promise<{ filter: string; sort: string | undefined; limit: number }> {
	const wish = { filter: query ?? "", sort, limit: parseLimit(limit) };
	if (view === undefined) return wish;
	const { items } = await client.call(views.list, { list });
	const kept = viewNamed(items, view, list);
	return { ...wish, filter: bothFilters(kept.filter, wish.filter), sort: sort ?? kept.sort ?? undefined };
}

function bothFilters(one: string, other: string): string {
	if (one.trim() === "" || other.trim() === "") return one.trim() === "" ? other : one;
	return `(${one}) and (${other})`;
}
