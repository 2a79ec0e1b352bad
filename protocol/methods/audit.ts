/** The audit log: reading it and checking that nobody changed it. Nothing can write to it but what it tells of. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import { auditEntry, auditVerdict, signedHead } from "../model/audit.ts";
import { listParams, pageOf } from "../model/listing.ts";

export const list = defineMethod({
	name: "audit.list",
	summary: "List the audit log",
	description:
		"Newest first unless sorted. Fields for filter and sort: n, at, who, action, object; filter also: reason.",
	access: "read",
	params: listParams,
	result: pageOf(auditEntry),
});

export const verify = defineMethod({
	name: "audit.verify",
	summary: "Check the audit log",
	description:
		"Computes every hash again, from the first entry to the newest, and names the entries that are not as they were written, are missing, or were cut off the end.",
	access: "read",
	timeoutMs: 120_000,
	params: z.object({}),
	result: auditVerdict,
});

export const head = defineMethod({
	name: "audit.head",
	summary: "The newest entry of the audit log, signed",
	description:
		"Each entry holds the hash of the one before, so the signature over the newest one covers all. The key is this installation's own, in a file apart from the database.",
	access: "read",
	errors: ["unavailable"],
	params: z.object({}),
	result: signedHead,
});
