/** Reads as many pages of a list as `--limit` asks for. */
import type { Client } from "../../protocol/client.ts";
import { AppError } from "../../protocol/errors.ts";
import type { areas } from "../../protocol/methods/index.ts";

type ListMethod =
	| (typeof areas)[
			| "scans"
			| "vhosts"
			| "audit"
			| "assets"
			| "findings"
			| "signatures"
			| "purges"
			| "tickets"
			| "recipes"
			| "exceptions"]["list"]
	| (typeof areas)["findings"]["groups"]
	| (typeof areas)["duplicates"]["list" | "merges"];

/** Largest page the daemon gives. */
const pageSize = 1_000;

export async function readPages<T>(
	client: Client,
	method: ListMethod,
	options: { filter: string; sort?: string | undefined; limit: number; more?: Record<string, unknown> },
): Promise<{ items: T[]; total: number }> {
	const items: T[] = [];
	let cursor: string | undefined;
	for (;;) {
		const limit = Math.min(pageSize, options.limit - items.length);
		const page = await client.call(method as (typeof areas)["findings"]["list"], {
			...options.more,
			filter: options.filter,
			limit,
			...(options.sort === undefined ? {} : { sort: options.sort }),
			...(cursor === undefined ? {} : { cursor }),
		});
		items.push(...(page.items as T[]));
		if (page.next === null || items.length >= options.limit) return { items, total: page.total };
		cursor = page.next;
	}
}

/** `--limit` as typed. */
export function parseLimit(text: string): number {
	const limit = Number(text);
	if (!Number.isInteger(limit) || limit < 1 || limit > 1_000_000)
		throw new AppError("invalid", `--limit ${text} is not a whole number from 1 to 1000000.`, {
			hint: "For example: --limit 20",
		});
	return limit;
}
