/** What list methods take and answer: a filter, an order, a page, and how many there are. */
import { z } from "zod";

/** What a list method takes. `filter` is the query language; `sort` is `field`, `-field` (descending), or several: `-severity,port`. */
export const listParams = z.object({
	filter: z.string().max(4_000).default("").describe("query; empty means all"),
	sort: z
		.string()
		.max(200)
		.optional()
		.describe(
			"field name, `-` before it for descending; several with commas, each decides among equals of those before",
		),
	limit: z.int().min(1).max(1_000).default(100),
	cursor: z.string().max(4_000).optional().describe("`next` of the page before; opaque"),
	skip: z
		.int()
		.min(0)
		.max(100_000_000)
		.optional()
		.describe("rows to pass over first, from the cursor or the beginning: for going somewhere at once"),
});
export type ListParams = z.infer<typeof listParams>;

/** A page of a list: `total` counts everything that matches the filter. */
export function pageOf<T extends z.ZodType>(item: T) {
	return z.object({
		items: z.array(item),
		total: z.int().nonnegative(),
		next: z.string().nullable().describe("cursor of the next page; null on the last"),
	});
}

/** Of a list that can be long. */
export const longListParams = listParams.extend({
	counted: z
		.boolean()
		.default(true)
		.describe("false: the page does not wait for its total; ask for that with `count`, by the side"),
});

export function longPageOf<T extends z.ZodType>(item: T) {
	return pageOf(item).extend({
		atLeast: z.literal(true).optional().describe("`total` is only what is known so far"),
	});
}

/** Params and result of counting such a list. */
export const countParams = z.object({ filter: listParams.shape.filter });
export const counted = z.object({ total: z.int().nonnegative() });
