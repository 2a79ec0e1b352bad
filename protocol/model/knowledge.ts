/** What feeds say: advisories, and what is known of a CVE whatever the distribution. */
import { z } from "zod";
import { fixState } from "./finding.ts";
import { severity } from "./severity.ts";
import { timestamp } from "./timestamp.ts";

export const feed = z.object({
	name: z.string().describe("what it is called and replaced by"),
	format: z.enum(["osv", "debian-tracker", "csaf", "kev", "epss", "nvd", "endoflife", "recog", "ieee"]),
	file: z.string().describe("the file's or folder's name"),
	importedAt: timestamp,
	publishedAt: timestamp.nullable().describe("the newest date within; null when it has none"),
	checkedAt: timestamp.nullable().describe("when its source was last seen to say just this; null: never"),
	digest: z.string().describe("of what it says: the same twice when nothing changed"),
	records: z.int().nonnegative(),
	ranges: z.int().nonnegative().describe("of versions that can be judged by"),
	leftOut: z
		.int()
		.nonnegative()
		.describe(
			"ranges of an unknown ecosystem or of versions that are none there; fingerprints that are not linear-time or fail their own examples",
		),
	licence: z.string().nullable().describe("the terms its publisher gives it away under; null: see there"),
});
export type Feed = z.infer<typeof feed>;

export const refusedDocuments = z
	.object({
		documents: z.int().nonnegative(),
		first: z.array(z.object({ document: z.string().describe("the file's name"), why: z.string() })).max(10),
	})
	.describe("documents of the feed's kind that cannot be judged by, and why: of other publishers");
export type RefusedDocuments = z.infer<typeof refusedDocuments>;

export const affectedRange = z.object({
	ecosystem: z.string().describe("as OSV writes it, e.g. Debian:12"),
	package: z.string(),
	introduced: z.string().nullable().describe("null: from the first version on"),
	fixed: z.string().nullable(),
	lastAffected: z.string().nullable(),
	state: z.enum(["fixed", "open", "postponed", "will-not-fix", "not-affected", "under-investigation"]),
	note: z.string().nullable().describe("the vendor's word on it"),
});
export type AffectedRange = z.infer<typeof affectedRange>;

export const advisory = z.object({
	name: z.string(),
	feed: z.string(),
	title: z.string(),
	severity: z.string().nullable().describe("the vendor's word"),
	cvss: z.array(z.string()).describe("vectors"),
	cves: z.array(z.string()),
	publishedAt: timestamp.nullable(),
	modifiedAt: timestamp.nullable(),
	withdrawnAt: timestamp.nullable(),
	digest: z.string().describe("of the record as it was taken in"),
	affected: z.array(affectedRange),
});
export type Advisory = z.infer<typeof advisory>;

/** What one feed says of a CVE by itself. */
export const cveSource = z.object({
	feed: z.string(),
	title: z.string().nullable(),
	description: z.string().nullable(),
	cvss: z.array(z.object({ vector: z.string(), score: z.number().nullable() })),
	cwes: z.array(z.string()),
	references: z.array(z.string()),
	publishedAt: timestamp.nullable(),
	modifiedAt: timestamp.nullable(),
	status: z.string().nullable().describe("the feed's word on its record, e.g. NVD's Rejected"),
});
export type CveSource = z.infer<typeof cveSource>;

export const cveFacts = z.object({
	name: z.string(),
	title: z.string().nullable(),
	kev: z
		.object({ addedAt: timestamp, dueAt: timestamp.nullable(), ransomware: z.boolean() })
		.nullable()
		.describe("CISA's list of what is exploited"),
	epss: z
		.object({ score: z.number(), percentile: z.number() })
		.nullable()
		.describe("probability of exploitation within 30 days (FIRST), and its rank; 0 to 1"),
	sources: z.array(cveSource).describe("what each feed says of it, NVD last"),
});
export type CveFacts = z.infer<typeof cveFacts>;

export const importing = z.object({ path: z.string(), records: z.int().nonnegative().describe("taken in so far") });

/** What other knowledge would change in the findings: one advisory, on all hosts alike. */
export const knowledgeChange = z.object({
	change: z.enum(["new", "changed", "gone"]),
	advisory: z.string(),
	title: z.string(),
	severity,
	cves: z.array(z.string()),
	fix: fixState,
	before: z.string().nullable().describe("what the finding says now, a line a package; null for a new one"),
	after: z.string().nullable().describe("what it would say; null for one that goes"),
	why: z.string(),
	hosts: z.int().positive(),
	named: z.array(z.string()).describe("some of the hosts"),
});
export type KnowledgeChange = z.infer<typeof knowledgeChange>;
