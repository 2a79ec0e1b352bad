/** Exceptions: requests that findings be set apart, and what others decide on them. */
import { z } from "zod";
import { defineMethod, defineStream } from "../define.ts";
import {
	coveredFinding,
	exception,
	exceptionEvent,
	exceptionEvidence,
	exceptionForCaller,
	exceptionKind,
	exceptionLimits,
	exceptionPreview,
	exceptionScope,
} from "../model/exception.ts";
import { listParams, pageOf } from "../model/listing.ts";
import { timestamp } from "../model/timestamp.ts";

const one = z.object({ id: z.int().positive() });
const text = z.string().trim().min(1).max(10_000);
const note = z.string().trim().max(10_000);
const days = z.int().min(1).max(exceptionLimits.mostDays);
const scopes = z
	.array(exceptionScope)
	.min(1)
	.max(exceptionLimits.scopes)
	.describe(`at most ${exceptionLimits.queries} of them queries; the same one twice counts once`);

export const preview = defineMethod({
	name: "exceptions.preview",
	summary: "What a request would hide",
	description:
		"How many open findings on how many assets, the worst of them, and what was decided on the like before. Nothing is changed.",
	access: "read",
	errors: ["not-found", "too-large"],
	timeoutMs: 60_000,
	params: z.object({ scopes }),
	result: exceptionPreview,
});

export const request = defineMethod({
	name: "exceptions.request",
	summary: "Ask that findings be set apart",
	description:
		"One request for each scope, with one reason. Nothing is hidden before somebody else approves it. `conflict` when what is covered is no longer what the preview with this digest showed; refused when it would hide everything.",
	access: "operate",
	audit: ["exception.request"],
	errors: ["not-found", "conflict", "too-large"],
	timeoutMs: 60_000,
	params: z.object({
		scopes,
		kind: exceptionKind,
		reason: text.describe("what was done to verify it"),
		days: days.default(exceptionLimits.days).describe("how long an approval holds"),
		digest: z.string().max(100).describe("of the preview"),
	}),
	result: z.object({ requests: z.array(exception) }),
});

export const list = defineMethod({
	name: "exceptions.list",
	summary: "List requests",
	description:
		"Newest first unless sorted. Fields: id, state, kind, subject, reason, requester, decidedBy, requestedAt, decidedAt, until, findings, assets, qid, batch, previous, live.",
	access: "read",
	params: listParams,
	result: pageOf(exceptionForCaller),
});

export const get = defineMethod({
	name: "exceptions.get",
	summary: "One request in full",
	description: "With the worst findings it covers, its evidence, its history, and what was decided on the like before.",
	access: "read",
	errors: ["not-found"],
	params: one,
	result: z.object({
		exception: exceptionForCaller,
		findings: z.array(coveredFinding).describe("the worst hundred"),
		evidence: z.array(exceptionEvidence),
		history: z.array(exceptionEvent),
		similar: z.array(exception),
		singleOperator: z.boolean().describe("one's own requests may be decided: four eyes are switched off"),
	}),
});

export const ofFinding = defineMethod({
	name: "exceptions.ofFinding",
	summary: "Requests that cover a finding",
	description: "Newest first, whatever became of them.",
	access: "read",
	errors: ["not-found"],
	params: z.object({ finding: z.int().positive() }),
	result: z.object({ items: z.array(exception) }),
});

export const decide = defineMethod({
	name: "exceptions.decide",
	summary: "Approve or reject a request",
	description:
		"Not by who asked for it. Approving sets its findings apart at once and until its end. `conflict` when it is decided already: of two at once, the second is told who was first; and when a live one covers more than when it was asked for: that is saved, to be looked at first.",
	access: "approve",
	audit: ["exception.approve", "exception.reject"],
	errors: ["not-found", "conflict", "too-large"],
	timeoutMs: 60_000,
	params: one.extend({
		decision: z.enum(["approve", "reject"]),
		note: note.default("").describe("needed to reject"),
		days: days.optional().describe("a shorter time than was asked for"),
		signature: z.string().max(10_000).optional().describe("SSH signature over the decision, armoured"),
	}),
	result: z.object({ exception, covered: z.int().nonnegative().describe("findings that are set apart by it now") }),
});

export const decideMany = defineMethod({
	name: "exceptions.decideMany",
	summary: "Approve or reject several requests",
	description:
		"Each as by exceptions.decide; those that cannot be decided are told and leave the others alone. A signature is over all of them: refused as a whole when one is not there, or not as it was signed.",
	access: "approve",
	audit: ["exception.approve", "exception.reject"],
	errors: ["not-found"],
	timeoutMs: 300_000,
	params: z.object({
		ids: z.array(z.int().positive()).min(1).max(100),
		decision: z.enum(["approve", "reject"]),
		note: note.default(""),
		signature: z.string().max(10_000).optional().describe("SSH signature over the list of these decisions, armoured"),
	}),
	result: z.object({
		decided: z.array(exception),
		refused: z.array(z.object({ id: z.int().positive(), reason: z.string() })),
	}),
});

export const revoke = defineMethod({
	name: "exceptions.revoke",
	summary: "Take an approval back",
	description: "What it had set apart is open again at once, unless another approval covers it too.",
	access: "approve",
	audit: ["exception.revoke"],
	errors: ["not-found", "conflict"],
	timeoutMs: 60_000,
	params: one.extend({ note: text }),
	result: z.object({ exception, restored: z.int().nonnegative().describe("findings that count again") }),
});

export const withdraw = defineMethod({
	name: "exceptions.withdraw",
	summary: "Withdraw a request",
	description: "Before it is decided, by who asked for it or by an admin.",
	access: "operate",
	audit: ["exception.withdraw"],
	errors: ["not-found", "conflict"],
	params: one.extend({ note: note.default("") }),
	result: exception,
});

export const resubmit = defineMethod({
	name: "exceptions.resubmit",
	summary: "Ask once more",
	description:
		"A new request that names the one before, with its evidence: of one that was rejected, withdrawn, revoked or has expired, or of an approved one in the last days before its end. What is left out is taken from it; what it covers is resolved anew.",
	access: "operate",
	audit: ["exception.request"],
	errors: ["not-found", "conflict"],
	timeoutMs: 60_000,
	params: one.extend({ kind: exceptionKind.optional(), reason: text.optional(), days: days.optional() }),
	result: exception,
});

export const comment = defineMethod({
	name: "exceptions.comment",
	summary: "Say something on a request",
	description: "Comments are only ever added.",
	access: "operate",
	audit: ["exception.comment"],
	errors: ["not-found"],
	params: one.extend({ text }),
	result: exceptionEvent,
});

export const attach = defineMethod({
	name: "exceptions.attach",
	summary: "Attach evidence",
	description:
		"A file's content, in parts: the first without `evidence`, which it answers, the others with it, the last with `last`. 1 MiB each at most and twenty on a request; what is larger is refused before it is stored. Only while the request is not decided.",
	access: "operate",
	audit: ["exception.attach"],
	errors: ["not-found", "conflict", "too-large"],
	params: one.extend({
		name: z.string().min(1).max(1_000).describe("of the file; folders and unsafe characters are taken off"),
		bytes: z.int().nonnegative().describe("of the whole file"),
		content: z.base64().max(Math.ceil(exceptionLimits.evidencePart / 3) * 4 + 4),
		evidence: z.int().positive().optional().describe("goes on with this piece"),
		last: z.boolean().default(true),
	}),
	result: z.object({ evidence: z.int().positive(), name: z.string(), stored: z.int().nonnegative().describe("bytes") }),
});

export const readEvidence = defineMethod({
	name: "exceptions.readEvidence",
	summary: "Read a piece of evidence",
	description: "As it was attached.",
	access: "read",
	errors: ["not-found"],
	params: one.extend({ evidence: z.int().positive() }),
	result: exceptionEvidence.extend({ content: z.base64() }),
});

const waiting = z.object({
	requested: z.int().nonnegative().describe("requests that wait for a decision"),
	ending: z.int().nonnegative().describe("approvals that end within the days they are warned of"),
});

export const watch = defineStream({
	name: "exceptions.watch",
	summary: "Tells what happens to requests",
	description:
		"`changed`: ask again; four times a second at most. `notice`: something somebody may want to be told of, each once.",
	access: "read",
	params: z.object({}),
	snapshot: waiting,
	event: z.discriminatedUnion("kind", [
		waiting.extend({ kind: z.literal("changed") }),
		z.object({
			kind: z.literal("notice"),
			at: timestamp,
			exception: z.int().positive(),
			what: exceptionEvent.shape.kind,
			who: z.string(),
			requester: z.string(),
			text: z.string(),
		}),
	]),
});
