/** A tag: a word that assets carry, put on by hand or by a rule, in a tree. */
import { z } from "zod";
import { timestamp } from "./timestamp.ts";

/**
 * How a tag finds its assets. `static`: by hand. The others read `text`: addresses, blocks and ranges; a regular expression
 * (RE2) found in the operating system; a text within the name; ports of which one is open; QIDs of which one was found,
 * information included; software whose name has these words; the XML `<TAG_CRITERIA>` of a saved asset search; a query.
 * `asset-group` is the daemon's own: the assets of the group whose id is `text`.
 */
export const tagRuleKinds = [
	"static",
	"network-range",
	"os-regex",
	"name-contains",
	"open-ports",
	"vuln-exist",
	"installed-software",
	"asset-search",
	"query",
	"asset-group",
] as const;
export type TagRuleKind = (typeof tagRuleKinds)[number];

export const tagRule = z.object({
	kind: z.enum(tagRuleKinds),
	text: z.string().max(16_000).default("").describe("empty for a static tag"),
});
export type TagRule = z.infer<typeof tagRule>;

/** No quotation mark: it is what stands around a name that has blanks. */
export const tagName = z
	.string()
	.trim()
	.min(1)
	.max(1024)
	.regex(/^[^"\p{Cc}]*$/u, "A tag has neither quotation marks nor control characters");

export const tagColour = z.string().regex(/^#[0-9a-fA-F]{6}$/, "A colour is written #RRGGBB");

/** What a person says of a tag besides its name and place. */
export const tagWords = z.strictObject({
	colour: tagColour.nullable(),
	description: z.string().max(1_000),
	favourite: z.boolean(),
	criticality: z.int().min(1).max(5).nullable().describe("5 matters most; null: not set, counts as 2"),
});
export type TagWords = z.infer<typeof tagWords>;

export const tag = tagWords.extend({
	id: z.int().positive(),
	name: z.string().describe("unique among its siblings, without regard to case"),
	path: z.string().describe("names from the root, with / between them"),
	parent: z.int().positive().nullable(),
	rule: tagRule,
	means: z
		.string()
		.nullable()
		.optional()
		.describe("a rule of a saved asset search as it is understood, as a query for people to read; of the others null"),
	system: z
		.boolean()
		.describe("made by the daemon; its name, place and (but for Internet Facing Assets) rule are fixed"),
	assets: z.int().nonnegative().describe("that carry it"),
	problem: z.string().nullable().describe("why the rule cannot be applied; its assets stay as they were"),
	evaluatedAt: timestamp.nullable(),
	createdAt: timestamp,
	updatedAt: timestamp,
});
export type Tag = z.infer<typeof tag>;

/** A tag that was deleted and can be put back. */
export const deletedTag = z.object({
	id: z.int().positive(),
	path: z.string().describe("where it stood"),
	assets: z.int().nonnegative().describe("that carried it"),
	by: z.string(),
	deletedAt: timestamp,
	until: timestamp.describe("until when it can be put back"),
});
export type DeletedTag = z.infer<typeof deletedTag>;

/** What a rule would change. */
export const tagPreview = z.object({
	means: tag.shape.means,
	matches: z.int().nonnegative().describe("assets the rule fits"),
	of: z.int().nonnegative().describe("assets there are"),
	adds: z.int().nonnegative(),
	removes: z.int().nonnegative(),
	added: z.array(z.string()).describe("names of the first of them"),
	removed: z.array(z.string()).describe("names of the first of them"),
});
export type TagPreview = z.infer<typeof tagPreview>;
