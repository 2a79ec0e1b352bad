/** Scans: starting, watching, pausing, resuming, cancelling. */
import { z } from "zod";
import { changesNothing, defineMethod, defineStream } from "../define.ts";
import { listParams, pageOf } from "../model/listing.ts";
import { notScanned as notScannedModel, scan, scanEstimate, scanResult } from "../model/scan.ts";
import { scanCoverage } from "../model/scan-coverage.ts";
import { scanWindowRequest } from "../model/scan-window.ts";

const scanId = z.object({ scan: z.int().positive() });

/** What a scan is asked to do; shared by `scans.estimate` and `scans.start`. */
export const scanRequest = z.object({
	targets: z
		.array(z.string().min(1).max(253))
		.min(1)
		.max(10_000)
		.describe(
			'address, CIDR, range a-b or a.b.c.d-e, host name, asset group (group:Web, group:"Web servers"), tag (tag:Web: what carries it or a tag below it; tag-ranges:Web: also the addresses its rule is written with), or list:N of `lists.add`',
		),
	exclusions: z.array(z.string().min(1).max(253)).max(10_000).default([]),
	ports: z
		.string()
		.max(100_000)
		.optional()
		.describe("none, light, standard, full, or a list such as 22,80,8000-8100; the profile's when left out"),
	udp: z
		.string()
		.max(100_000)
		.optional()
		.describe("UDP: none, light, standard, or a list such as 53,161; the profile's when left out"),
	checks: z
		.array(z.string().min(1).max(200))
		.min(1)
		.max(10_000)
		.optional()
		.describe(
			"signatures to test again, by name: only what these look at is gathered. Ports are recognised all the same; TLS is gone through, hosts are logged in to and collectors run there only where one of these needs it",
		),
	profile: z.string().max(100).default("Initial"),
	title: z.string().max(200).optional(),
	network: z
		.string()
		.max(60)
		.optional()
		.describe("the network the addresses are in; when left out that of the asset groups named, else `default`"),
	window: scanWindowRequest.optional().describe("when it may run; the profile's when left out"),
	ignoreWindow: z.boolean().default(false).describe("begin now, whatever the window says"),
	splitTargets: z
		.boolean()
		.default(false)
		.describe(
			"host names that share an address are each looked at by themselves, at most 500 names; without it such names are `invalid`",
		),
});

export const estimate = defineMethod({
	name: "scans.estimate",
	summary: "What a scan would do",
	description:
		"Checks targets, exclusions and ports exactly as `scans.start` does and counts the work; sends nothing but name look-ups.",
	access: "operate",
	audit: changesNothing,
	timeoutMs: 120_000,
	errors: ["out-of-scope", "too-large", "not-found"],
	params: scanRequest,
	result: scanEstimate,
});

export const start = defineMethod({
	name: "scans.start",
	summary: "Start a scan",
	description:
		"Answers at once with the queued scan. A request of more than 65,536 addresses or an estimate above one hour needs `confirm`; else it is `too-large` and says the figures. Host names are looked up first, asset groups and lists are read once: the scan keeps to what they stand for now. Names that lead nowhere are left out and listed (`scans.notScanned`); `invalid` when nothing else is left.",
	access: "operate",
	audit: ["scan.start"],
	errors: ["out-of-scope", "too-large", "busy", "not-found"],
	timeoutMs: 120_000,
	params: scanRequest.extend({ confirm: z.boolean().default(false) }),
	result: scan,
});

export const list = defineMethod({
	name: "scans.list",
	summary: "List scans",
	description:
		"Newest first unless sorted. Of each scan the first targets are told. Fields for filter and sort: id, title, status, createdAt, finishedAt.",
	access: "read",
	params: listParams,
	result: pageOf(scan),
});

export const get = defineMethod({
	name: "scans.get",
	summary: "One scan",
	description: "The scan with its latest progress.",
	access: "read",
	errors: ["not-found"],
	params: scanId,
	result: scan,
});

export const coverage = defineMethod({
	name: "scans.coverage",
	summary: "What a scan asked, and what came of it",
	description:
		"Every address its targets stand for and every pair of address and port in one place each: asked and how it answered, silent, excluded and by which exclusion, not reached and why; packets, loss, what was examined, and how hosts were looked for. Kept with the scan and added up over pauses and restarts; of a scan that runs, as it stands.",
	access: "read",
	errors: ["not-found"],
	params: scanId,
	result: scanCoverage,
});

export const notScanned = defineMethod({
	name: "scans.notScanned",
	summary: "Targets of a scan that led nowhere",
	description:
		"Host names that did not resolve, or only to addresses that were excluded, when the scan was started; in the order they were asked for.",
	access: "read",
	errors: ["not-found"],
	params: scanId.extend({ limit: z.int().min(1).max(10_000).default(1_000) }),
	result: z.object({ items: z.array(notScannedModel), total: z.int().nonnegative() }),
});

export const pause = defineMethod({
	name: "scans.pause",
	summary: "Pause a scan",
	description:
		"Stops sending within a second and keeps what was found, of hosts half done too. It then goes on when it is resumed and not before, whatever its window says. `conflict` unless queued, running or waiting for its window.",
	access: "operate",
	audit: ["scan.pause"],
	errors: ["not-found", "conflict"],
	params: scanId,
	result: scan,
});

export const resume = defineMethod({
	name: "scans.resume",
	summary: "Resume a paused scan",
	description:
		"Goes on with what was not yet done, when its window is open; with `ignoreWindow` at once, and until it is paused or over. `conflict` unless paused, or waiting for its window and told to ignore it.",
	access: "operate",
	audit: ["scan.resume"],
	errors: ["not-found", "conflict"],
	params: scanId.extend({ ignoreWindow: z.boolean().default(false) }),
	result: scan,
});

export const cancel = defineMethod({
	name: "scans.cancel",
	summary: "Cancel a scan",
	description:
		"Stops sending within a second; hosts already finished keep their results, and what was found of the others is kept with coverage that claims no more. `conflict` when already over.",
	access: "operate",
	audit: ["scan.cancel"],
	errors: ["not-found", "conflict"],
	params: scanId,
	result: scan,
});

export const stopAll = defineMethod({
	name: "scans.stopAll",
	summary: "Silence every packet",
	description:
		"Pauses all running and queued scans and maps; no packet leaves a second later. Writes an audit entry after that, and stops all the same when it cannot.",
	access: "operate",
	audit: ["stop-all"],
	params: z.object({}),
	result: z.object({
		stopped: z.array(z.int().positive()).describe("scans"),
		maps: z.array(z.int().positive()),
		audited: z.boolean().describe("false: the audit entry could not be written yet and is tried again"),
	}),
});

export const watch = defineStream({
	name: "scans.watch",
	summary: "All scans, kept current",
	description:
		"Snapshot: the newest 200 scans. Then each scan that changes, four times a second at most per scan. Of each scan the first targets are told.",
	access: "read",
	params: z.object({}),
	snapshot: z.object({ scans: z.array(scan) }),
	event: z.discriminatedUnion("kind", [z.object({ kind: z.literal("scan"), scan })]),
});

export const follow = defineStream({
	name: "scans.follow",
	summary: "One scan, live",
	description:
		"Snapshot: the scan and its last 500 results. Then progress (four times a second at most) and each result as it comes.",
	access: "read",
	errors: ["not-found"],
	params: scanId,
	snapshot: z.object({ scan, results: z.array(scanResult) }),
	event: z.discriminatedUnion("kind", [
		z.object({ kind: z.literal("scan"), scan }),
		z.object({ kind: z.literal("results"), results: z.array(scanResult) }),
	]),
});
