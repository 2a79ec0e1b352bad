/** Queries that are kept by name, what is shown of them on the dashboard, and what could stand next in one being written. */
import { z } from "zod";
import { timestamp } from "./timestamp.ts";

/** The lists a query can be asked of. */
export const queryLists = ["assets", "findings", "tickets", "scans", "duplicates", "merges"] as const;
export const queryList = z.enum(queryLists);
export type QueryList = z.infer<typeof queryList>;

export const queryName = z
	.string()
	.trim()
	.min(1)
	.max(200)
	.regex(/^[^"\p{Cc}]*$/u, "A name has neither quotation marks nor control characters");

export const savedQuery = z.object({
	id: z.int().positive(),
	name: z.string().describe("unique, without regard to case"),
	list: queryList,
	filter: z.string().max(4_000),
	comment: z.string().max(1_000),
	builtIn: z.boolean().describe("came with Vedette; it can be changed and deleted like any other"),
	savedBy: z.string(),
	updatedAt: timestamp,
});
export type SavedQuery = z.infer<typeof savedQuery>;

/** How a widget shows its query. */
export const widgetKinds = ["count", "table", "trend"] as const;
export type WidgetKind = (typeof widgetKinds)[number];

export const widget = z.object({
	id: z.int().positive(),
	position: z.int().nonnegative().describe("from the first on the dashboard"),
	kind: z.enum(widgetKinds),
	query: savedQuery,
	count: z.int().nonnegative().nullable().describe("null: the query cannot be answered any more, see `problem`"),
	problem: z.string().nullable(),
	rows: z
		.array(z.object({ id: z.int().positive(), title: z.string() }))
		.describe("of a table: the first of them as the list has them"),
	points: z
		.array(z.object({ day: z.string().describe("YYYY-MM-DD, UTC"), count: z.int().nonnegative() }))
		.describe("of a trend: days on which it was counted, oldest first, today's last"),
});
export type Widget = z.infer<typeof widget>;

export const queryField = z.object({
	name: z.string(),
	kind: z.string().describe("text, keyword, int, number, severity, date, enum, ip, bool; parts: it has parts"),
	help: z.string(),
	values: z.array(z.string()).describe("of an enum"),
});
export type QueryField = z.infer<typeof queryField>;

/** What could stand at a place of a query. */
export const completion = z.object({
	from: z.int().nonnegative().describe("where what is replaced begins, in UTF-16 units"),
	to: z.int().nonnegative(),
	items: z.array(z.object({ text: z.string(), help: z.string() })),
	problem: z
		.object({ message: z.string(), hint: z.string().nullable(), at: z.int().nonnegative() })
		.nullable()
		.describe("why the whole text is no query as it stands"),
});
export type Completion = z.infer<typeof completion>;
