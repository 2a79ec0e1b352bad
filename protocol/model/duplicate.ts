/** Assets that may be one machine: groups with their evidence, merges and how they are undone. */
import { z } from "zod";
import { timestamp } from "./timestamp.ts";

/** Fields that a merge takes from one of the assets. */
export const mergeFields = ["name", "os", "tracking", "address"] as const;
export const mergeField = z.enum(mergeFields);
export type MergeField = z.infer<typeof mergeField>;

const confidence = z.int().min(0).max(100).describe("0 to 100: how sure it is that they are one machine");
const assetId = z.int().positive();

export const duplicateMember = z.object({
	id: assetId,
	name: z.string(),
	addresses: z.array(z.string()).describe("those it has at present, at most 16"),
	os: z.string().nullable(),
	tracking: z.string(),
	firstSeen: timestamp,
	lastSeen: timestamp,
	openPorts: z.int().nonnegative(),
	findings: z.int().nonnegative().describe("open findings"),
});
export type DuplicateMember = z.infer<typeof duplicateMember>;

/** One thing that speaks for two assets being one, or against it. */
export const duplicateEvidence = z.object({
	kind: z.string().describe("kind of identifier, or `service`, `os`, `said`"),
	text: z.string().describe("a sentence"),
	weight: z.int().min(0).max(100),
});
export type DuplicateEvidence = z.infer<typeof duplicateEvidence>;

export const duplicateLink = z.object({
	a: assetId,
	b: assetId,
	confidence,
	vetoed: z.boolean().describe("something says outright that they are two: they never get into one group"),
	for: z.array(duplicateEvidence).describe("strongest first"),
	against: z.array(duplicateEvidence),
});
export type DuplicateLink = z.infer<typeof duplicateLink>;

/** A group is called by the lowest id of its assets. */
export const duplicateGroup = z.object({
	id: assetId,
	confidence: confidence.describe("of the weakest link that holds the group together"),
	members: z.array(duplicateMember).describe("lowest id first"),
	reasons: z.array(z.string()).describe("kinds of what they have in common, strongest first"),
	foundAt: timestamp,
});
export type DuplicateGroup = z.infer<typeof duplicateGroup>;

/** A field side by side: the value of each member, in their order. */
export const duplicateField = z.object({
	field: z.string(),
	values: z.array(z.string()),
	differs: z.boolean(),
	choice: mergeField.nullable().describe("the field a merge lets one choose; null: a merge keeps all of it"),
});
export type DuplicateField = z.infer<typeof duplicateField>;

export const duplicateDetail = z.object({
	group: duplicateGroup,
	links: z.array(duplicateLink).describe("between its members, surest first; at most 200"),
	fields: z.array(duplicateField),
	grouping: z
		.array(z.string())
		.optional()
		.describe("of two assets: why they are shown as one machine or not, sentences"),
});
export type DuplicateDetail = z.infer<typeof duplicateDetail>;

/** What a merge would do, or why it would not be done. */
export const mergePreview = z.object({
	assets: z.array(assetId),
	survivor: duplicateMember.describe("the asset that stays; the others go into it"),
	gone: z.array(duplicateMember),
	fields: z.array(z.object({ field: mergeField, value: z.string(), from: assetId, chosen: z.boolean() })),
	moves: z
		.array(z.object({ what: z.string(), rows: z.int().nonnegative(), unified: z.int().nonnegative() }))
		.describe("what goes from the others to the asset that stays; unified: of that, what both had and becomes one"),
	confidence: confidence.nullable().describe("null: nothing was found that they have in common"),
	evidence: z.array(duplicateLink),
	obstacles: z.array(z.string()).describe("why it is refused unless `force` is given"),
	impossible: z.string().nullable().describe("why it cannot be done at all"),
});
export type MergePreview = z.infer<typeof mergePreview>;

export const mergeSide = z.object({ id: assetId, name: z.string(), addresses: z.array(z.string()) });

/** What came in for a merged asset and speaks against the merge. */
export const mergeConflict = z.object({
	address: z.string(),
	kind: z.string().describe("kind of identifier, or `boot`: two machines were up at once"),
	at: timestamp,
	scan: z.int().positive().nullable(),
	text: z.string().describe("what was seen there and what was known, a sentence"),
	kept: z
		.object({ at: timestamp, by: z.string(), why: z.string() })
		.nullable()
		.describe("who looked at it and keeps the merge; null: nobody yet"),
});

export const mergeRecord = z.object({
	id: z.int().positive(),
	at: timestamp,
	by: z.string(),
	why: z.string(),
	automatic: z.boolean(),
	confidence: confidence.nullable(),
	survivor: mergeSide,
	gone: z.array(mergeSide),
	chosen: z.record(z.string(), z.string()).describe("fields that hold the value somebody chose"),
	evidence: z.array(duplicateLink),
	undone: z.object({ at: timestamp, by: z.string(), why: z.string() }).nullable(),
	whyNotUndone: z.string().nullable().describe("why it cannot be undone now; null: it can"),
	conflicts: z
		.array(mergeConflict)
		.describe("what came in since and speaks against it, newest first: the merge holds until it is undone"),
});
export type MergeRecord = z.infer<typeof mergeRecord>;

export const mergeUndone = z.object({
	merge: z.int().positive(),
	assets: z.array(mergeSide).describe("what there is again, the asset that had stayed first"),
	arrived: z
		.array(z.object({ address: z.string(), asset: assetId }))
		.describe("what came in since the merge, by address, and where it went"),
});
export type MergeUndone = z.infer<typeof mergeUndone>;

/** Two assets that somebody said are two machines. */
export const notSame = z.object({
	a: z.object({ id: assetId, name: z.string().nullable() }),
	b: z.object({ id: assetId, name: z.string().nullable() }),
	at: timestamp,
	by: z.string(),
	why: z.string(),
});
export type NotSame = z.infer<typeof notSame>;

/** A value on so many assets that it tells none from another. */
export const commonValue = z.object({ kind: z.string(), value: z.string(), assets: z.int().positive(), at: timestamp });
export type CommonValue = z.infer<typeof commonValue>;

export const duplicatesStatus = z.object({
	groups: z.int().nonnegative(),
	searching: z.boolean(),
	pending: z.int().nonnegative().describe("assets with new evidence that are still to be looked at"),
	searchedAt: timestamp.nullable().describe("when the whole inventory was last searched"),
	tookMs: z.int().nonnegative().nullable(),
	auto: z.int().min(50).max(100).nullable().describe("groups at least this sure are merged by themselves; null: off"),
	contradicted: z.int().nonnegative().describe("merges that something speaks against which nobody has looked at"),
	common: z.array(commonValue).describe("at most 50, the most widespread first"),
});
export type DuplicatesStatus = z.infer<typeof duplicatesStatus>;
