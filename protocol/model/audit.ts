/** An entry of the audit log: who did what to what, when and why. Entries are never changed and never deleted. */
import { z } from "zod";
import { timestamp } from "./timestamp.ts";

export const auditEntry = z.object({
	n: z.int().positive().describe("from 1, without a gap"),
	at: timestamp,
	who: z.string().describe("identity taken from the connection, e.g. unix:1000; daemon for what it does by itself"),
	action: z.string().describe("noun.verb, e.g. scan.start"),
	object: z.string().describe("what it was done to, e.g. scan 7"),
	before: z.unknown().describe("as it was, where something was changed; null otherwise"),
	after: z.unknown().describe("as it became; null when there is nothing to say"),
	reason: z.string().nullable(),
	hash: z
		.string()
		.regex(/^[\da-f]{64}$/)
		.describe("SHA-256 over the hash before, a line feed, and the entry without `hash` as JSON with its keys in order"),
});
export type AuditEntry = z.infer<typeof auditEntry>;

/** Where the chain of entries is broken. */
export const auditFault = z.object({
	n: z.int().nonnegative().describe("the entry; 0 for the log as a whole"),
	kind: z
		.enum(["changed", "missing", "cut-off", "signature"])
		.describe(
			"the entry is not what was written (or the one before it is not); it is gone; the end is gone; the head was not as it was signed",
		),
	text: z.string(),
});
export type AuditFault = z.infer<typeof auditFault>;

export const auditVerdict = z.object({
	entries: z.int().nonnegative(),
	intact: z.boolean(),
	head: z.string().describe("hash of the newest entry: kept elsewhere, it proves that nothing before it was changed"),
	signed: z
		.enum(["good", "wrong", "unsigned"])
		.describe(
			"is the newest entry the one the installation's key signed? unsigned: nothing was added since there is a key",
		),
	key: z.string().nullable().describe("fingerprint of that key, as ssh-keygen -l writes it"),
	faults: z.array(auditFault).describe("the first hundred"),
});
export type AuditVerdict = z.infer<typeof auditVerdict>;

/** The newest entry with its signature, and the key that proves it. */
export const signedHead = z.object({
	n: z.int().nonnegative().describe("0: there is no entry yet"),
	hash: z.string(),
	signature: z
		.string()
		.nullable()
		.describe(
			"base64 of an SSH signature with the namespace vedette-audit over `vedette audit head N HASH` and a line feed",
		),
	publicKey: z.string().describe("of the installation, a line as in a .pub file"),
	fingerprint: z.string().describe("of that key; what signed decisions name as the installation"),
});
export type SignedAuditHead = z.infer<typeof signedHead>;
