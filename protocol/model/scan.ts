/** A scan: a request to look at targets, and how far it has come. */
import { z } from "zod";
import { addressCount } from "./address-count.ts";
import { runStatus } from "./run-status.ts";
import { scanWindow } from "./scan-window.ts";
import { severity, severityCounts } from "./severity.ts";
import { timestamp } from "./timestamp.ts";
import { transport } from "./transport.ts";

export const stageNames = ["discover", "ports", "services", "login", "assess"] as const;
export const stage = z.object({
	name: z.enum(stageNames),
	/** Units of work: addresses for discover, probes for ports, open ports for services, hosts for login (only where there are any) and assess. */
	done: z.int().nonnegative(),
	total: z.int().nonnegative(),
});
export type Stage = z.infer<typeof stage>;

export const portSets = ["light", "standard", "full"] as const;

/** A target that nothing is sent to. */
export const notScanned = z.object({ target: z.string(), why: z.string().describe("a sentence") });
export type NotScanned = z.infer<typeof notScanned>;

/** What an asset group or a list stands for. */
export const targetMeaning = z.object({
	target: z.string().describe("e.g. group:Web, or the name of a file"),
	addresses: addressCount,
	names: z.int().nonnegative().describe("host names besides the addresses"),
});
export type TargetMeaning = z.infer<typeof targetMeaning>;

export const scan = z.object({
	id: z.int().positive(),
	title: z.string(),
	targets: z.array(z.string()),
	exclusions: z.array(z.string()),
	targetsTotal: z
		.int()
		.positive()
		.optional()
		.describe("in lists and events, when not all of `targets` are told: `scans.get` tells them"),
	exclusionsTotal: z.int().positive().optional().describe("the same for `exclusions`"),
	ports: z.string().describe("port set (none, light, standard, full) or a list such as 22,80,8000-8100"),
	udp: z.string().optional().describe("UDP ports as asked for; missing: those of the profile"),
	only: z.array(z.string()).optional().describe("kinds of evidence it gathers, for the checks named; missing: all"),
	profile: z.string(),
	profileVersion: z.int().positive().nullable().describe("null for scans from before profiles had versions"),
	status: runStatus,
	window: scanWindow.nullable().optional().describe("when it may run; null or missing: at any time"),
	ignoreWindow: z.boolean().optional().describe("told to run whatever its window says, until it is paused"),
	continuesAt: timestamp.nullable().optional().describe("when it goes on by itself, while it waits"),
	reason: z.string().nullable().describe("why it stands where it stands, when that is not plain"),
	notScanned: z
		.int()
		.nonnegative()
		.optional()
		.describe("targets that led nowhere when it was started: `scans.notScanned` lists them"),
	meanings: z.array(targetMeaning).optional().describe("what its asset groups and lists stood for when it was started"),
	partial: z.boolean().describe("finished, but not everything that was asked could be done"),
	progress: z.number().min(0).max(1),
	stages: z.array(stage),
	/** Port probes a second over the last seconds; 0 when not running. */
	rate: z.number().nonnegative(),
	etaMs: z.int().nonnegative().nullable(),
	createdAt: timestamp,
	startedAt: timestamp.nullable(),
	finishedAt: timestamp.nullable(),
	/** Time spent running, pauses left out. */
	activeMs: z.int().nonnegative(),
	hosts: z.object({
		total: z.int().nonnegative(),
		alive: z.int().nonnegative(),
		dead: z.int().nonnegative(),
		excluded: z
			.int()
			.nonnegative()
			.optional()
			.describe("by an exclusion that was made after the scan was started; absent when there is none"),
		done: z.int().nonnegative(),
		ghosts: z
			.int()
			.nonnegative()
			.optional()
			.describe("addresses that answered and are no hosts: `ghosts.list`. Not among those alive; absent: none"),
	}),
	openPorts: z.int().nonnegative(),
	services: z.int().nonnegative(),
	findings: severityCounts.describe("what this scan saw open, by severity"),
	newFindings: z.int().nonnegative(),
	fixedFindings: z.int().nonnegative(),
});
export type Scan = z.infer<typeof scan>;

/** What a running scan has just found: the lines of the live view. */
export const scanResult = z.discriminatedUnion("kind", [
	z.object({ kind: z.literal("host"), at: timestamp, address: z.string(), alive: z.boolean(), how: z.string() }),
	z.object({
		kind: z.literal("service"),
		at: timestamp,
		address: z.string(),
		port: z.int(),
		protocol: transport,
		name: z.string().nullable(),
		product: z.string().nullable(),
		version: z.string().nullable(),
		tls: z.boolean(),
	}),
	z.object({
		kind: z.literal("finding"),
		at: timestamp,
		id: z.int().positive(),
		address: z.string(),
		port: z.int().nullable(),
		severity,
		type: z.enum(["confirmed", "potential", "information"]),
		title: z.string(),
		change: z.enum(["new", "found", "fixed", "reopened"]),
	}),
	z.object({ kind: z.literal("log"), at: timestamp, level: z.enum(["info", "warn"]), text: z.string() }),
]);
export type ScanResult = z.infer<typeof scanResult>;

/** What a scan would do, worked out without sending a packet. */
export const scanEstimate = z.object({
	addresses: z.int().nonnegative(),
	excluded: z.int().nonnegative(),
	ports: z.int().nonnegative().describe("asked of each address, over TCP and UDP; 0: only whether somebody is there"),
	probes: z.number().nonnegative(),
	packets: z
		.object({ least: z.number().nonnegative(), most: z.number().nonnegative() })
		.optional()
		.describe("sent to find hosts and ports: when no address is alive, and when all are and each port is silent"),
	seconds: z.number().nonnegative().describe("within the profile's limits if every address is alive and answers"),
	mostSeconds: z.number().nonnegative().optional().describe("if every address is alive and each port is silent"),
	heldBy: z
		.string()
		.optional()
		.describe("the limit that makes it take that long, a clause: 1,000 packets a second to one host"),
	names: z.int().nonnegative().optional().describe("host names among the targets that lead to addresses"),
	logins: z
		.int()
		.nonnegative()
		.optional()
		.describe("addresses that a credential is for: how long logging in to those alive takes is not in `seconds`"),
	meanings: z.array(targetMeaning).optional().describe("what asset groups and lists among the targets stand for now"),
	notScanned: z
		.array(notScanned)
		.optional()
		.describe("targets that lead nowhere, and names of excluded addresses; the first 1,000"),
	notScannedTotal: z.int().nonnegative().optional(),
	needsConfirmation: z.boolean(),
	warnings: z.array(z.string()),
});
export type ScanEstimate = z.infer<typeof scanEstimate>;
