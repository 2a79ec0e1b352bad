/** Findings: what is wrong where, since when, and why we say so. */
import { z } from "zod";
import { defineMethod, defineStream } from "../define.ts";
import { record } from "../model/asset.ts";
import { comparedShows, findingsCompared, moment } from "../model/comparison.ts";
import { facetLimits, facets as facetsModel } from "../model/facet.ts";
import { finding, findingEvent, findingGroup, findingGroupBys, traceStep } from "../model/finding.ts";
import { counted, countParams, listParams, longListParams, longPageOf, pageOf } from "../model/listing.ts";
import { signature } from "../model/signature.ts";
import { timestamp } from "../model/timestamp.ts";

const asOfParam = timestamp
	.optional()
	.describe(
		"those that were open at that moment, each with `lastEvent`, and `apartThen`, which says whether it was set apart; the filter speaks of them as they are now, and severity, title and priority are today's",
	);

export const list = defineMethod({
	name: "findings.list",
	summary: "List findings",
	description:
		"Open ones, worst first and of equals those of one asset together, unless the filter names a status or type. Fields: id, asset, address, port, protocol, qid, signature, title, severity, type, status, firstFound, lastFound, cve, cvss, kev, epss, priority, fix, excepted, ignored, ticket (id, state, assignee, due, overdue, rule), result. Information is left out unless the filter names `type`, what an approved exception covers or is ignored unless it names `excepted` or `ignored`.",
	access: "read",
	params: longListParams.extend({ asOf: asOfParam }),
	result: longPageOf(finding),
});

export const count = defineMethod({
	name: "findings.count",
	summary: "Count findings",
	description:
		"How many findings.list has for a filter, on all its pages. Counting millions takes a while and holds nothing up.",
	access: "read",
	params: countParams.extend({ asOf: asOfParam }),
	result: counted,
	timeoutMs: 60_000,
});

export const groups = defineMethod({
	name: "findings.groups",
	summary: "Findings put together",
	description:
		"By what is wrong or by asset: how many there are, on how many assets, the worst, the oldest. Filter and what is left out as in findings.list. Sort: severity (and how many, the order without one), priority, findings, assets, title, name, cvss, epss, kev, oldest.",
	access: "read",
	params: listParams.extend({ by: z.enum(findingGroupBys).default("signature") }),
	result: pageOf(findingGroup),
	timeoutMs: 60_000,
});

export const facets = defineMethod({
	name: "findings.facets",
	summary: "What findings have in common",
	description: `Of those that findings.list has for a filter: how many there are of each severity, type, status, family of checks, check, port, tag, operating system and age, and how many are set apart. Each value has the term that narrows the filter to it. At most ${facetLimits.findings.toLocaleString("en-US")} findings are looked at, and ${facetLimits.values} values of a facet told.`,
	access: "read",
	params: countParams.extend({ asOf: asOfParam }),
	result: facetsModel,
	timeoutMs: 60_000,
});

export const get = defineMethod({
	name: "findings.get",
	summary: "One finding in full",
	description: "The finding, its signature, the evidence the verdict rests on, and what has happened to it.",
	access: "read",
	errors: ["not-found"],
	params: z.object({ id: z.int().positive() }),
	result: z.object({ finding, signature, evidence: z.array(record), events: z.array(findingEvent) }),
});

const span = z.object({
	from: moment.describe("the earlier of the two; they are put in order"),
	to: moment,
	filter: listParams.shape.filter,
});

export const compare = defineMethod({
	name: "findings.compare",
	summary: "What came and what went between two moments",
	description:
		"Counts by severity, told from the events of findings. Of two scans only the hosts that both have looked at are compared; `conflict` when they are of two networks.",
	access: "read",
	errors: ["not-found", "conflict"],
	timeoutMs: 60_000,
	params: span,
	result: findingsCompared,
});

export const compared = defineMethod({
	name: "findings.compared",
	summary: "List what came, went or stayed between two moments",
	description:
		"As findings.list, of one of the three; each with `lastEvent`, the last that had happened to it at the later moment.",
	access: "read",
	errors: ["not-found", "conflict"],
	timeoutMs: 60_000,
	params: longListParams.extend({ ...span.shape, show: z.enum(comparedShows) }),
	result: longPageOf(finding),
});

export const explain = defineMethod({
	name: "findings.explain",
	summary: "Why, or why not",
	description:
		"The reasoning behind a finding (by `id`), or behind the answer for a CVE or signature on an asset (`subject` and `asset`, the latter by id, name or address), step by step, with the command to check by hand where there is one.",
	access: "read",
	errors: ["not-found"],
	params: z.object({
		id: z.int().positive().optional(),
		subject: z.string().max(200).optional().describe("CVE, QID or signature id"),
		asset: z.string().max(253).optional(),
	}),
	result: z.object({
		question: z.string(),
		verdict: z.enum(["vulnerable", "not-vulnerable", "unknown"]),
		summary: z.string(),
		steps: z.array(traceStep),
		check: z.string().nullable().describe("command to verify by hand"),
	}),
});

export const watch = defineStream({
	name: "findings.watch",
	summary: "Tells when findings have changed",
	description: "No rows: a list that is on screen asks again for its page. Once a second at most.",
	access: "read",
	params: z.object({}),
	snapshot: z.object({ total: z.int().nonnegative() }),
	event: z.discriminatedUnion("kind", [z.object({ kind: z.literal("changed"), total: z.int().nonnegative() })]),
});
