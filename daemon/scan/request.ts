/** Turns what somebody asked for into a plan: targets and exclusions read, ports counted, cost worked out. Sends nothing. */
import { lookup } from "node:dns/promises";
import { AppError } from "../../protocol/errors.ts";
import type { Scan, ScanEstimate } from "../../protocol/model/scan.ts";
import { AddressSet } from "../scope/address-set.ts";
import { estimate } from "../scope/estimate.ts";
import { Scope } from "../scope/scope.ts";
import { parseExclusions, parseTargets, type ResolveName } from "../scope/targets.ts";
import type { ScanPlan } from "./plan.ts";
import { type ScanProfile, scanPorts, scanUdpPorts } from "./profile.ts";

export interface ScanRequest {
	readonly targets: readonly string[];
	readonly exclusions: readonly string[];
	/** The profile's when absent. */
	readonly ports?: string | undefined;
	/** UDP ports; the profile's when absent. */
	readonly udp?: string | undefined;
	readonly profile: string;
}

/** What the rest of the daemon supplies to planning. */
export interface PlanningContext {
	readonly resolve: ResolveName;
	/** An option profile by name, newest when no version is given; null when there is none. */
	readonly profileOf: (name: string, version: number | null) => ScanProfile | null;
	readonly profileNames: () => readonly string[];
	/** Exclusions that hold for every scan, as they stand now. */
	readonly globalExclusions: () => Promise<AddressSet>;
	/** Ports that are never talked to. */
	readonly fragilePorts: () => ReadonlySet<number>;
}

export interface PlannedRequest {
	readonly scope: Scope;
	/** Canonical address to the host name it was asked for by. */
	readonly names: ReadonlyMap<string, string>;
	/** Name server kept for maps, `address:port`; empty or absent: this machine's. */
	readonly mapResolver?: () => string;
	readonly estimate: ScanEstimate;
	readonly profile: ScanProfile;
	/** TCP ports as the request or else the profile writes them. */
	readonly ports: string;
}

/** More than this is not one scan: its list of targets would not be kept in memory or written in reasonable time. */
const largestScan = 1 << 24;
/** Up to this many targets are written down at the start; of a larger scan they are fed while it runs. */
const storedAtOnce = 1 << 16;

/** A port list this short is also asked during discovery, so that a host with nothing else open is found. */
const shortList = 32;

export async function planRequest(request: ScanRequest, context: PlanningContext): Promise<PlannedRequest> {
	const profile = profileOf(request.profile, null, context);
	const ports = request.ports ?? profile.ports;
	const portCount = scanPorts(ports).length + scanUdpPorts(request.udp ?? profile.udp).length;
	const targets = await parseTargets(request.targets, { resolve: context.resolve });
	const exclusions = await exclusionsOf(request.exclusions, context);
	const scope = new Scope(targets.addresses, exclusions);
	const cost = estimate({
		scope,
		ports: portCount === 0 ? discoveryCost(profile) : portCount,
		ratePerSecond: profile.limits.ratePerSecond,
		warnings: targets.warnings,
	});
	if (scope.addresses.size === 0) {
		throw new AppError("out-of-scope", "Every target is excluded, so there is nothing to scan.", {
			hint: "See why with: vedette exclude list. Take it out of the exclusions first, or name another target.",
		});
	}
	return { scope, names: targets.names, estimate: cost, profile, ports };
}

/** Packets to an address that finds out whether somebody is there. */
function discoveryCost({ discoveryPorts, discovery: { icmp, arp, ackPorts, udpPorts } }: ScanProfile): number {
	return discoveryPorts.length + Number(icmp) + Number(arp) + ackPorts.length + udpPorts.length;
}

/** Throws `too-large` for what is not one scan whatever is confirmed. */
export function refuseTooLarge(estimate: ScanEstimate): void {
	if (estimate.addresses <= largestScan) return;
	throw new AppError(
		"too-large",
		`${count(estimate.addresses)} addresses are too many for one scan; the most is ${count(largestScan)}, a /8.`,
		{ hint: "Nothing was sent. Scan it in parts, or narrow the targets." },
	);
}

function count(value: number): string {
	return value.toLocaleString("en-US");
}

/** Throws `too-large` when a scan of this size was not confirmed. */
export function refuseUnconfirmed(estimate: ScanEstimate): void {
	if (!estimate.needsConfirmation) return;
	throw new AppError(
		"too-large",
		`This scan would ask ${count(estimate.addresses)} addresses × ${count(estimate.ports)} ports, about ${count(Math.ceil(estimate.seconds / 3_600))} hours.`,
		{ hint: "Nothing was sent. Confirm it if you mean it, or narrow the targets or ports.", details: { estimate } },
	);
}

/**
 * The targets to write down at the start, in an order that spreads the load over networks. Of a large scan these are
 * only the named hosts: the rest is fed while it runs.
 */
export function* targetsOf(
	planned: PlannedRequest,
	seed: number,
): Generator<{ address: string; hostname: string | null }> {
	const { addresses } = planned.scope;
	if (addresses.size > storedAtOnce) {
		// Also those that are excluded: the name must lead to the same addresses when the scan is taken up again.
		for (const [address, hostname] of planned.names) yield { address, hostname };
		return;
	}
	for (const address of addresses.permuted(seed)) yield { address, hostname: planned.names.get(address) ?? null };
}

/** What a scan was started with, as stored. */
export interface StoredTargets {
	/** Canonical address and the host name it was asked for by, of every target written down so far. */
	readonly targets: Iterable<{ address: string; hostname: string | null }>;
}

/**
 * The plan of a stored scan, for starting and for carrying on: the addresses it was started with, less what is excluded
 * now, so that an exclusion made during a pause holds. Names are not looked up again: they may lead elsewhere by now.
 */
export async function planStored(scan: Scan, stored: StoredTargets, context: PlanningContext): Promise<ScanPlan> {
	const profile = profileOf(scan.profile, scan.profileVersion, context);
	const ports = scanPorts(scan.ports);
	const exclusions = await exclusionsOf(scan.exclusions, context);
	const large = await largeTargets(scan, stored);
	const allowed = large ?? AddressSet.fromText([...stored.targets].map(({ address }) => [address, address] as const));
	const scope = new Scope(allowed, exclusions);
	return {
		ports,
		udpPorts: scanUdpPorts(scan.udp ?? profile.udp),
		addresses: scope.addresses.size,
		order: large === null ? null : (from) => orderOf(large, scope, scan.id, from),
		discoveryPorts:
			ports.length <= shortList ? [...new Set([...ports, ...profile.discoveryPorts])] : profile.discoveryPorts,
		discovery: profile.discovery,
		scanDeadHosts: profile.scanDeadHosts,
		maxHostMs: profile.maxHostMs,
		maxScanMs: profile.maxScanMs,
		fragilePorts: context.fragilePorts(),
		limits: profile.limits,
		group: `scan-${scan.id}`,
		guard: scope.guard(),
	};
}

/** All addresses of a scan whose targets are fed while it runs; null when they were all written down at its start. */
async function largeTargets(scan: Scan, stored: StoredTargets): Promise<AddressSet | null> {
	const named = new Map<string, string[]>();
	const resolve = async (name: string) => {
		if (named.size === 0)
			for (const { address, hostname } of stored.targets)
				if (hostname !== null) named.set(hostname, [...(named.get(hostname) ?? []), address]);
		return named.get(name) ?? [];
	};
	if (!scan.targets.some((text) => /[/-]/.test(text))) return null;
	const { addresses } = await parseTargets(scan.targets, { resolve });
	return addresses.size > storedAtOnce ? addresses : null;
}

/** The seed makes the order the same each time, so that it can be taken up at a place. */
function* orderOf(large: AddressSet, scope: Scope, seed: number, from: number): Generator<string | null> {
	for (const address of large.permuted(seed, from)) yield scope.mayProbe(address) ? address : null;
}

async function exclusionsOf(exclusions: readonly string[], context: PlanningContext): Promise<AddressSet> {
	const own = exclusions.length === 0 ? AddressSet.empty : await parseExclusions(exclusions, context);
	return own.union(await context.globalExclusions());
}

function profileOf(name: string, version: number | null, context: PlanningContext): ScanProfile {
	const profile = context.profileOf(name, version);
	if (profile !== null) return profile;
	throw new AppError("invalid", `There is no option profile "${name}".`, {
		hint: `There is: ${context.profileNames().join(", ")}.`,
	});
}

/**
 * Looks names up the way the machine does. RFC 6761: `.invalid` has no addresses and `.localhost` is this machine,
 * without asking anybody.
 */
export const systemResolve: ResolveName = async (name) => {
	if (name === "invalid" || name.endsWith(".invalid")) return [];
	if (name === "localhost" || name.endsWith(".localhost")) return ["127.0.0.1"];
	const found = await lookup(name, { all: true, verbatim: true });
	return found.map((entry) => entry.address);
};
