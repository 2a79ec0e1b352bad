/** Knowledge: everything evidence is judged with. */
import { z } from "zod";
import { changesNothing, defineMethod } from "../define.ts";
import { advisory, cveFacts, feed, importing, knowledgeChange, refusedDocuments } from "../model/knowledge.ts";
import { knowledgeStatus } from "../model/overview.ts";

export {
	bundles,
	createBundle,
	importBundle,
	inspectBundle,
	keys,
	newKey,
	removeKey,
	trustKey,
} from "./knowledge-bundles.ts";
export { configure, removeSource, setSource, sources, stopUpdate, update, updates } from "./knowledge-update.ts";

export const status = defineMethod({
	name: "knowledge.status",
	summary: "What Vedette judges with, and how old it is",
	description: "Signature count and version, and each feed with its age.",
	access: "read",
	params: z.object({}),
	result: knowledgeStatus,
});

export const feeds = defineMethod({
	name: "knowledge.feeds",
	summary: "The feeds that were taken in",
	description: "Each with its date and size; what is being taken in now; and whether there is a base before this one.",
	access: "read",
	params: z.object({}),
	result: z.object({
		items: z.array(feed),
		total: z.int().nonnegative(),
		importing: importing.nullable(),
		hasPrevious: z.boolean().describe("`knowledge.rollback` has somewhere to go"),
	}),
});

const takeIn = defineMethod({
	name: "knowledge.import",
	summary: "Take in a feed from a file",
	description:
		"OSV records, the Debian Security Tracker's JSON, Red Hat's and SUSE's CSAF and VEX documents (of other publishers each is refused with the reason), CISA's KEV JSON, NVD's JSON 2.0, EPSS as CSV, endoflife.date's support dates, recog's fingerprints; as a file, a folder, a zip or a tar archive, also packed with gzip or zstd. What it is, is told from the content. A new base is made beside the one in force and takes its place whole, or not at all; the one before is kept. `conflict` for a feed older than the one held.",
	access: "operate",
	audit: ["knowledge.import"],
	errors: ["conflict", "busy", "unavailable"],
	timeoutMs: 3_600_000,
	params: z.object({
		path: z.string().min(1).max(4_096).describe("absolute, on the daemon's machine"),
		name: z.string().trim().min(1).max(100).optional().describe("what to call and later replace it by"),
		older: z.boolean().default(false).describe("also when it is older than what is held"),
	}),
	result: feed.extend({ refused: refusedDocuments }),
});

export { takeIn as import };

export const rollback = defineMethod({
	name: "knowledge.rollback",
	summary: "Go back to the knowledge before the last import",
	description: "The two change places, so that a second rollback undoes the first.",
	access: "operate",
	audit: ["knowledge.rollback"],
	errors: ["conflict", "busy"],
	params: z.object({}),
	result: z.object({ items: z.array(feed), total: z.int().nonnegative() }),
});

export const diff = defineMethod({
	name: "knowledge.diff",
	summary: "What a feed would change in the findings, and why",
	description:
		"Judges all stored evidence by the knowledge in force and by what it would be with the file taken in (`path`), or by the one before (`previous`; `last` is the same the other way round), and tells the differences. Changes nothing.",
	access: "operate",
	audit: changesNothing,
	errors: ["conflict", "busy", "unavailable"],
	timeoutMs: 3_600_000,
	params: z.object({
		path: z.string().min(1).max(4_096).optional().describe("absolute, on the daemon's machine"),
		previous: z.boolean().default(false).describe("instead: what `knowledge.rollback` would change"),
		last: z.boolean().default(false).describe("instead: what the last change of the knowledge has changed"),
		name: z.string().trim().min(1).max(100).optional().describe("the feed it would replace, as for an import"),
		limit: z.int().min(1).max(1_000).default(200),
	}),
	result: z.object({
		items: z.array(knowledgeChange),
		total: z.int().nonnegative(),
		counts: z.object({ new: z.int(), changed: z.int(), gone: z.int() }).describe("changes of each kind"),
		hosts: z.int().nonnegative().describe("hosts whose packages are known"),
		changedHosts: z.int().nonnegative().describe("of these, those for which something would change"),
	}),
});

export const lookup = defineMethod({
	name: "knowledge.lookup",
	summary: "What is known of a CVE or an advisory",
	description:
		"Advisories of that name or about that CVE, with every range of versions; at most 200. What each feed says of the CVE itself stands beside each other, with the feed's name.",
	access: "read",
	errors: ["not-found"],
	params: z.object({ name: z.string().trim().min(1).max(100) }),
	result: z.object({ cve: cveFacts.nullable(), advisories: z.array(advisory) }),
});
