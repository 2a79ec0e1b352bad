/**
 * A request that findings be set apart: false positives and risks that are accepted, asked for by one, decided by another, for
 * a while. An approved one hides nothing for ever: it ends, and then the next scan that finds the thing counts it again.
 */
import { z } from "zod";
import { severity, severityCounts } from "./severity.ts";
import { timestamp } from "./timestamp.ts";

/**
 * false-positive: it is not there. compensating-control: it is, and something else prevents its use. risk-accepted: it is, and
 * somebody answers for it. not-applicable: it does not concern this system, or could not be decided.
 */
export const exceptionKinds = ["false-positive", "compensating-control", "risk-accepted", "not-applicable"] as const;
export const exceptionKind = z.enum(exceptionKinds);
export type ExceptionKind = z.infer<typeof exceptionKind>;

/** Only `approved` sets findings apart. `withdrawn` by who asked; `revoked`: the approval was taken back. */
export const exceptionStates = ["requested", "approved", "rejected", "withdrawn", "expired", "revoked"] as const;
export const exceptionState = z.enum(exceptionStates);
export type ExceptionState = z.infer<typeof exceptionState>;

export const exceptionLimits = {
	/** How long an approval holds, unless said otherwise. Days. */
	days: 90,
	mostDays: 366,
	/** So long before its end it is warned of, and may be asked for again. Days. */
	warnDays: 14,
	/** Bytes of one piece of evidence. */
	evidenceBytes: 1024 * 1024,
	evidencePieces: 20,
	/** Bytes of it handed over at a time: a frame holds no more as base64. */
	evidencePart: 512 * 1024,
	/** Findings named one by one. */
	findings: 1_000,
	scopes: 100,
	/** Scopes that are queries, in one call. */
	queries: 5,
	/** Findings that all scopes of a call find, those that several do as often. */
	rows: 1_000_000,
} as const;

const qids = z.array(z.int().positive()).max(100);

/**
 * What a request is about. What it covers is resolved once, when it is made: findings that come later are not covered, unless
 * it is `live`; then those that match are covered as they come, which only a request that names vulnerabilities may be.
 */
export const exceptionScope = z.discriminatedUnion("kind", [
	z.object({
		kind: z.literal("findings"),
		findings: z.array(z.int().positive()).min(1).max(exceptionLimits.findings),
	}),
	z.object({
		kind: z.literal("asset"),
		asset: z.int().positive(),
		qids: qids.min(1),
		live: z.boolean().default(false),
	}),
	z.object({
		kind: z.literal("query"),
		query: z.string().max(4_000).describe("over findings, as findings.list takes it; only open ones are covered"),
		qids: qids.default([]).describe("only of these"),
		live: z.boolean().default(false),
	}),
]);
export type ExceptionScope = z.infer<typeof exceptionScope>;

export const exception = z.object({
	id: z.int().positive(),
	kind: exceptionKind,
	state: exceptionState,
	scope: exceptionScope,
	subject: z.string().describe("what it is about, in words"),
	live: z.boolean().describe("findings that come later are covered too"),
	findings: z.int().nonnegative().describe("how many it covers"),
	assets: z.int().nonnegative(),
	reason: z.string().describe("what was done to verify it"),
	requester: z.string(),
	requestedAt: timestamp,
	days: z.int().positive().describe("how long an approval holds"),
	until: timestamp.nullable().describe("when the approval ends or ended; null: it was never approved"),
	batch: z.int().positive().nullable().describe("the first of the requests it was made with; null: it was made alone"),
	previous: z.int().positive().nullable().describe("the request this one asks for again"),
	next: z.int().positive().nullable().describe("the request that asks for this one again"),
	decidedBy: z.string().nullable().describe("who approved or rejected it"),
	decidedAt: timestamp.nullable(),
	decisionNote: z.string().nullable(),
	signed: z.boolean().describe("the decision carries a signature"),
	endedBy: z.string().nullable().describe("who withdrew or revoked it; daemon where its time was over"),
	endedAt: timestamp.nullable(),
	endNote: z.string().nullable(),
	evidence: z.int().nonnegative().describe("pieces of evidence attached"),
	comments: z.int().nonnegative(),
});
export type Exception = z.infer<typeof exception>;

/** A request as one caller sees it. */
export const exceptionForCaller = exception.extend({
	refusal: z
		.string()
		.nullable()
		.describe("why the caller may not decide on it, whoever else may: it is their own; null where they may"),
});
export type ExceptionForCaller = z.infer<typeof exceptionForCaller>;

/** Something that happened to a request, oldest first. */
export const exceptionEvent = z.object({
	at: timestamp,
	kind: z.enum([
		...["requested", "comment", "evidence", "approved", "rejected", "withdrawn", "revoked", "warned", "expired"],
		...["resubmitted", "covered"],
	] as const),
	who: z.string(),
	text: z.string(),
});
export type ExceptionEvent = z.infer<typeof exceptionEvent>;

export const exceptionEvidence = z.object({
	id: z.int().positive(),
	name: z.string().describe("made harmless: no folders, no control characters"),
	bytes: z.int().nonnegative(),
	sha256: z.string(),
	who: z.string(),
	at: timestamp,
});
export type ExceptionEvidence = z.infer<typeof exceptionEvidence>;

/** A finding a request covers, in few words. */
export const coveredFinding = z.object({
	id: z.int().positive(),
	qid: z.int().positive(),
	title: z.string(),
	severity,
	asset: z.object({ id: z.int().positive(), name: z.string() }),
	address: z.string(),
	port: z.int().nullable(),
});
export type CoveredFinding = z.infer<typeof coveredFinding>;

/** What a request would do. */
export const exceptionPreview = z.object({
	subject: z.string(),
	findings: z.int().nonnegative().describe("open findings that it hides"),
	assets: z.int().nonnegative(),
	bySeverity: severityCounts,
	excepted: z.int().nonnegative().describe("of them, those that are set apart already, excepted or ignored"),
	of: z.int().nonnegative().describe("open findings there are, those set apart too"),
	first: z.array(coveredFinding).describe("the worst ten"),
	similar: z.array(exception).describe("what was decided before on the same vulnerability or asset, newest first"),
	refusal: z.string().nullable().describe("why it cannot be asked for as it stands"),
	digest: z
		.string()
		.describe("of what it covers: `exceptions.request` takes it, so that what was shown is what is asked"),
});
export type ExceptionPreview = z.infer<typeof exceptionPreview>;
