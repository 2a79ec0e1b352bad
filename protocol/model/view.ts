/** How a list is looked at: its columns as an operator keeps them, and filters with order and columns kept under a name. */
import { z } from "zod";
import { listParams } from "./listing.ts";
import { timestamp } from "./timestamp.ts";

/** A list of the console or the command line, by the name of its screen: `findings`, `finding-groups`. */
export const listName = z.string().regex(/^[a-z][a-z-]{0,39}$/, "A list has a name of small letters and hyphens");

export const viewName = z
	.string()
	.trim()
	.min(1)
	.max(100)
	.regex(/^[^"\p{Cc}]*$/u, "A name has neither quotation marks nor control characters");

export const columnLayout = z.object({
	id: z.string().min(1).max(40),
	hidden: z.boolean().default(false),
	width: z.int().min(1).max(500).nullable().default(null).describe("null: as wide as it is by itself"),
});

/** Columns in their order. Those that are not named stand after these as they do by themselves; empty: nothing is changed. */
export const listLayout = z.array(columnLayout).max(60);
export type ListLayout = z.infer<typeof listLayout>;

export const savedView = z.object({
	list: listName,
	name: viewName.describe("without regard to case"),
	filter: listParams.shape.filter,
	sort: z.string().max(200).nullable().describe("as in `sort` of the list; null: the list's own order"),
	columns: listLayout,
	shared: z.boolean().describe("everybody sees it; else its owner alone"),
	owner: z.string().describe("identity of who saved it"),
	mine: z.boolean(),
	updatedAt: timestamp,
});
export type SavedView = z.infer<typeof savedView>;

export const listPreferences = z.object({
	columns: listLayout,
	view: savedView.nullable().describe("with what the list opens; null: with everything"),
});
export type ListPreferences = z.infer<typeof listPreferences>;
