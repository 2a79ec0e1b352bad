/** A finding: one signature on one asset, port and instance, with its lifecycle. Only `assess` writes findings. */
import { z } from "zod";
import { priority } from "./priority.ts";
import { severity } from "./severity.ts";
import { ticketOfFinding } from "./ticket-state.ts";
import { timestamp } from "./timestamp.ts";
import { transport } from "./transport.ts";

/** confirmed: proven. potential: one necessary condition seen. information: gathered, has no status. */
export const findingTypes = ["confirmed", "potential", "information"] as const;
export const findingType = z.enum(findingTypes);
export type FindingType = z.infer<typeof findingType>;

/** NEW once ever; REOPENED for exactly one scan; FIXED only with coverage. */
export const findingStatuses = ["NEW", "ACTIVE", "FIXED", "REOPENED"] as const;
export const findingStatus = z.enum(findingStatuses);
export type FindingStatus = z.infer<typeof findingStatus>;

/**
 * What the vendor does about it. available: an update is there. subscription: one is, for subscribers (Ubuntu Pro). none: not
 * yet. postponed and will-not-fix: the vendor's decision. under-investigation: it does not know yet whether it is affected.
 */
export const fixStates = [
	"available",
	"subscription",
	"none",
	"postponed",
	"will-not-fix",
	"under-investigation",
] as const;
export const fixState = z.enum(fixStates);
export type FixState = z.infer<typeof fixState>;

/**
 * One thing that happened to a finding. `corrected`: knowledge changed, the host did not. `closed`: the host was not found
 * alive in several scans in a row; nobody saw that anything was fixed. `verified`: somebody had it tested again, and this came of it.
 */
export const findingEvent = z.object({
	at: timestamp,
	kind: z.enum(["new", "found", "fixed", "reopened", "corrected", "closed", "verified"]),
	scan: z.int().positive().nullable(),
	source: z
		.enum(["network", "login", "agent", "import"])
		.nullable()
		.describe("how it was learned; null: by judging anew what was known, or written before this was kept"),
	result: z.string(),
});
export type FindingEvent = z.infer<typeof findingEvent>;

export const finding = z.object({
	id: z.int().positive(),
	asset: z.object({ id: z.int().positive(), name: z.string() }),
	address: z.string(),
	port: z.int().min(0).max(65_535).nullable().describe("null: about the whole host"),
	protocol: transport.nullable(),
	instance: z.string().optional().describe("the virtual host it was found on; missing: what answers without a name"),
	qid: z.int().positive(),
	signature: z.string().describe("signature id, e.g. ssh/terrapin"),
	title: z.string(),
	severity,
	type: findingType,
	status: findingStatus.nullable().describe("null for information"),
	firstFound: timestamp,
	lastFound: timestamp,
	lastFixed: timestamp.nullable(),
	timesFound: z.int().positive(),
	cves: z.array(z.string()),
	cvss: z.number().min(0).max(10).nullable().describe("CVSS base score"),
	kev: z.boolean().describe("one of its CVEs is on CISA's list of what is exploited"),
	epss: z
		.number()
		.min(0)
		.max(1)
		.nullable()
		.describe("highest probability of exploitation within 30 days (FIRST) of its CVEs; null when not known"),
	priority,
	fix: fixState.nullable().describe("what the vendor does about it; null for what is not by an advisory"),
	excepted: z
		.boolean()
		.describe("set apart by an approved exception: in no count and no list that does not ask for it"),
	ignored: z.boolean().describe("set apart because somebody, or a rule of the policy, said so; in no count likewise"),
	ticket: ticketOfFinding.nullable().describe("null: there is none"),
	result: z.string().describe("what was seen, as text; unsafe bytes shown escaped"),
	apartThen: z
		.object({
			exception: z.int().positive().nullable().describe("the request whose approval held then; null: none"),
			ignored: z.boolean(),
		})
		.optional()
		.describe(
			"in lists of the past: whether it was set apart at that moment; all else but `lastEvent` is as it is now",
		),
	lastEvent: findingEvent
		.optional()
		.describe("in lists of the past: the last that had happened to it by then; everything else is as it is now"),
});
export type Finding = z.infer<typeof finding>;

/** One step of the reasoning that led to a verdict, in order. */
export const traceStep = z.object({
	step: z.enum([
		"evidence",
		"coverage",
		"signature",
		"package",
		"advisory",
		"expression",
		"version",
		"verdict",
		"lifecycle",
	]),
	outcome: z.enum(["yes", "no", "unknown"]),
	text: z.string(),
	data: z.unknown().optional(),
});
export type TraceStep = z.infer<typeof traceStep>;

export const findingGroupBys = ["signature", "asset"] as const;
export type FindingGroupBy = (typeof findingGroupBys)[number];

/** Findings put together. */
export const findingGroup = z.object({
	by: z.enum(findingGroupBys),
	id: z.int().positive().describe("of the asset; of a signature: a number of the store's own"),
	name: z.string().describe("signature id, or the asset's name"),
	title: z.string(),
	severity: severity.describe("the worst of them"),
	priority,
	findings: z.int().positive(),
	assets: z.int().positive(),
	cvss: z.number().min(0).max(10).nullable(),
	epss: z.number().min(0).max(1).nullable(),
	kev: z.boolean(),
	oldest: timestamp.describe("when the first of them was found"),
});
export type FindingGroup = z.infer<typeof findingGroup>;
