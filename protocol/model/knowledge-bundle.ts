/** Bundles: the knowledge of one daemon in one signed file, carried to another. */
import { z } from "zod";
import { timestamp } from "./timestamp.ts";

export const keyName = z
	.string()
	.trim()
	.min(1)
	.max(60)
	.regex(/^[\p{L}\p{N}][\p{L}\p{N} ._@-]*$/u, "letters, digits, . _ @ -");
export const bundleHash = z.string().regex(/^[0-9a-f]{64}$/);

/** A key that signs bundles: Ed25519 (RFC 8032). */
export const bundleKey = z.object({
	name: keyName,
	id: z
		.string()
		.regex(/^[0-9a-f]{16}$/)
		.describe("of the public key's SHA-256: compare it over another way"),
	publicKey: z
		.string()
		.regex(/^[A-Za-z0-9+/]{43}=$/)
		.describe("32 bytes, base64"),
	mine: z.boolean().describe("bundles can be signed with it here"),
	addedAt: timestamp,
	addedBy: z.string(),
});
export type BundleKey = z.infer<typeof bundleKey>;

export const bundleFeed = z.object({
	name: z.string().min(1).max(100),
	format: z.string().max(40),
	file: z.string().max(4_096),
	licence: z.string().max(400).nullable(),
	digest: z.string().max(128),
	publishedAt: z.int().nullable().describe("milliseconds since the epoch"),
	checkedAt: timestamp.nullable(),
	records: z.int().nonnegative(),
	ranges: z.int().nonnegative(),
	leftOut: z.int().nonnegative(),
	before: z.string().max(128).nullable().describe("digest of what it goes on from; null: all of it is in the bundle"),
	added: z.int().nonnegative().describe("lines that are new"),
	gone: z.int().nonnegative().describe("lines of what it goes on from that are no more"),
	lines: z.int().nonnegative().describe("afterwards"),
});
export type BundleFeed = z.infer<typeof bundleFeed>;

/** What stands at the head of a bundle and is signed. */
export const bundleManifest = z.object({
	createdAt: timestamp,
	by: z.string().max(100).describe("program and version"),
	state: bundleHash.describe("of the knowledge that it brings: its feeds' names and digests"),
	base: bundleHash.nullable().describe("of the knowledge it goes on from; null: it stands alone"),
	previous: bundleHash.nullable().describe("the bundle before it in the chain, by its hash"),
	feeds: z.array(bundleFeed).min(1).max(1_000),
	payload: z.object({ bytes: z.int().nonnegative(), plainBytes: z.int().nonnegative(), sha256: bundleHash }),
	key: bundleKey.pick({ name: true, id: true, publicKey: true }),
});
export type BundleManifest = z.infer<typeof bundleManifest>;

export const signatureStates = ["good", "key-not-trusted", "wrong", "unsigned"] as const;

export const inspectedBundle = z.object({
	hash: bundleHash.describe("of the manifest: what the next bundle names as the one before it"),
	manifest: bundleManifest,
	signature: z.enum(signatureStates),
	fits: z.boolean().describe("what is held here is what it goes on from"),
	why: z.string().nullable().describe("why it would not be taken in"),
});
export type InspectedBundle = z.infer<typeof inspectedBundle>;

/** A bundle that was made or taken in here. */
export const keptBundle = z.object({
	hash: bundleHash,
	previous: bundleHash.nullable(),
	base: bundleHash.nullable(),
	state: bundleHash,
	createdAt: timestamp,
	at: timestamp.describe("made or taken in here"),
	what: z.enum(["made", "taken"]),
	file: z.string(),
	bytes: z.int().nonnegative(),
	key: z.string(),
	linked: z.boolean().describe("it stands alone, or the one before it was made or taken in here too"),
});
export type KeptBundle = z.infer<typeof keptBundle>;
