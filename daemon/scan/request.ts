/** Turns what somebody asked for into a plan: targets and exclusions read, ports counted, cost worked out. Sends nothing. */
import { lookup } from "node:dns/promises";
import { AppError } from "../../protocol/errors.ts";
import type { Scan, ScanEstimate } from "../../protocol/model/scan.ts";
import type { ScanWindow } from "../../protocol/model/scan-window.ts";
import { count } from "../../protocol/plural.ts";
import type { Kind } from "../evidence/record.ts";
import { type GhostRules, noGhostRules } from "../ghosts/rules.ts";
import { checkWindow, noWindow } from "../runs/window.ts";
import { AddressSet } from "../scope/address-set.ts";
import { estimate, type FullEstimate } from "../scope/estimate.ts";
import { Scope } from "../scope/scope.ts";
import {
	type NotScanned,
	parseExclusions,
	parseTargets,
	type ResolveName,
	type TargetSources,
	type Targets,
} from "../scope/targets.ts";
import { countExcluded, type ExcludedBy, type NamedExclusion } from "./excluded-by.ts";
import type { NamedPlace } from "./named-surveys.ts";
import type { ScanPlan } from "./plan.ts";
import { type ScanProfile, scanPorts, scanUdpPorts } from "./profile.ts";
import { type StoredTargets, storedAtOnce, storedExclusions, storedReach } from "./stored-targets.ts";

export interface ScanRequest {
	readonly targets: readonly string[];
	readonly exclusions: readonly string[];
	/** The profile's when absent. */
	readonly ports?: string | undefined;
	/** UDP ports; the profile's when absent. */
	readonly udp?: string | undefined;
	readonly profile: string;
	/** False: it gathers nothing that only a login brings. */
	readonly logsIn?: boolean;
	/** When it may run; the profile's when absent. */
	readonly window?: ScanWindow | undefined;
	/** Host names that share an address are each looked at by themselves. */
	readonly splitTargets?: boolean;
}

/** What the rest of the daemon supplies to planning. */
export interface PlanningContext extends TargetSources {
	/** An option profile by name, newest when no version is given; null when there is none. */
	readonly profileOf: (name: string, version: number | null) => ScanProfile | null;
	readonly profileNames: () => readonly string[];
	/** Name server kept for maps, `address:port`; empty or absent: this machine's. */
	readonly mapResolver?: () => string;
	/** Exclusions that hold for every scan, as they stand now. */
	readonly globalExclusions: () => Promise<AddressSet>;
	/** The same one by one, for saying which keeps an address out; names are not looked up for that. Absent: not said. */
	readonly namedExclusions?: () => readonly NamedExclusion[];
	/** Virtual hosts as they are defined now; none when absent. */
	readonly virtualHosts?: () => Iterable<{ address: string; port: number; name: string }>;
	/** Ports that are never talked to. */
	readonly fragilePorts: () => ReadonlySet<number>;
	/** How many of the addresses a credential is for; absent: nobody logs in. `names`: what the hosts are asked for by, by address. */
	readonly loginReach?: (addresses: AddressSet, names: ReadonlyMap<string, string>) => number;
	/** What users said about ghosts; nothing when absent. */
	readonly ghostRules?: () => GhostRules;
}

export interface PlannedRequest {
	readonly scope: Scope;
	/** What the targets stand for; `notScanned` has the names of excluded addresses too. */
	readonly targets: Targets;
	/** The scan's own exclusions. */
	readonly exclusions: AddressSet;
	/** What keeps how many of the addresses out. */
	readonly excludedBy: ExcludedBy;
	readonly estimate: FullEstimate;
	readonly profile: ScanProfile;
	/** TCP ports as the request or else the profile writes them. */
	readonly ports: string;
	/** When it may run; null: at any time. */
	readonly window: ScanWindow | null;
}

/** More than this is not one scan: its list of targets would not be kept in memory or written in reasonable time. */
const largestScan = 1 << 24;
/** A port list this short is also asked during discovery, so that a host with nothing else open is found. */
const shortList = 32;

export async function planRequest(request: ScanRequest, context: PlanningContext): Promise<PlannedRequest> {
	const profile = profileOf(request.profile, null, context);
	const ports = request.ports ?? profile.ports;
	const portCount = scanPorts(ports).length + scanUdpPorts(request.udp ?? profile.udp).length;
	const read = await parseTargets(request.targets, { ...context, split: request.splitTargets === true });
	const exclusions = await parseExclusions(request.exclusions, context);
	const scope = new Scope(read.addresses, exclusions.union(await context.globalExclusions()));
	const targets = { ...read, notScanned: [...read.notScanned, ...excludedNames(read, scope)] };
	const tcp = new Set(scanPorts(ports));
	const apart = [...(context.virtualHosts?.() ?? [])].filter(
		({ address, port }) => !tcp.has(port) && scope.mayProbe(address),
	);
	const warnings = [...read.warnings, ...notAsked(apart)];
	const cost = estimate({
		...{ scope, ports: portCount, discovery: discoveryCost(profile), scanDeadHosts: profile.scanDeadHosts },
		...{ limits: profile.limits, names: namesOf(read).size, meanings: read.meanings },
		logins: request.logsIn === false ? 0 : (context.loginReach?.(scope.addresses, read.names) ?? 0),
		...{ notScanned: targets.notScanned, warnings },
	});
	if (scope.addresses.size === 0) {
		const own = request.exclusions.length > 0 ? "; what this scan is to leave out counts too" : "";
		throw new AppError("out-of-scope", "Every target is excluded, so there is nothing to scan.", {
			hint: `See why with: vedette exclude list${own}. Take it out of the exclusions first, or name another target.`,
		});
	}
	const excludedBy = countExcluded(read.addresses, await exclusionsByName(request.exclusions, context));
	const window = checkWindow(request.window ?? profile.window ?? noWindow);
	return { scope, targets, exclusions, excludedBy, estimate: cost, profile, ports, window };
}

function notAsked(vhosts: readonly { address: string; port: number; name: string }[]): string[] {
	const [first] = vhosts;
	if (first === undefined) return [];
	const which = `${first.name} at ${first.address} port ${first.port}`;
	if (vhosts.length === 1) return [`The virtual host ${which} is left out: its port is not among those of this scan.`];
	return [
		`${vhosts.length} virtual hosts are left out, such as ${which}: their ports are not among those of this scan.`,
	];
}

/** Every name that leads somewhere, with the addresses it leads to. */
function namesOf({ names, shared }: Targets): Map<string, string[]> {
	const addresses = new Map<string, string[]>();
	const add = (name: string, address: string) => addresses.set(name, [...(addresses.get(name) ?? []), address]);
	for (const [address, name] of names) add(name, address);
	for (const [address, several] of shared) for (const name of several) add(name, address);
	return addresses;
}

function excludedNames(targets: Targets, scope: Scope): NotScanned[] {
	return [...namesOf(targets)].flatMap(([name, addresses]) => {
		if (addresses.some((address) => scope.mayProbe(address))) return [];
		const where = addresses.length === 1 ? `${addresses[0]}, which is` : "addresses that are all";
		return [{ target: name, why: `It leads to ${where} excluded.` }];
	});
}

/** The scan's own exclusions and those of all scans, one by one. */
export async function exclusionsByName(own: readonly string[], context: PlanningContext): Promise<NamedExclusion[]> {
	const read = async (exclusion: string): Promise<NamedExclusion> => {
		const addresses = await parseExclusions([exclusion], context).catch(() => AddressSet.empty);
		return { exclusion, from: "scan", comment: null, addresses };
	};
	return [...(await Promise.all(own.map(read))), ...(context.namedExclusions?.() ?? [])];
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
		for (const [address, hostname] of planned.targets.names) yield { address, hostname };
		return;
	}
	const { names } = planned.targets;
	for (const address of addresses.permuted(seed)) yield { address, hostname: names.get(address) ?? null };
}

/** What is to be stored of what the targets stand for, besides the targets that are written down. */
export function reachOf({ targets, exclusions, scope }: PlannedRequest) {
	const allow = scope.addresses.size > storedAtOnce ? targets.addresses : null;
	return { allow, deny: exclusions, shared: targets.shared, notScanned: targets.notScanned };
}

/**
 * The plan of a stored scan, for starting and for carrying on: the addresses it was started with, less what is excluded
 * now, so that an exclusion made during a pause holds. Names are not looked up again: they may lead elsewhere by now.
 */
export async function planStored(scan: Scan, stored: StoredTargets, context: PlanningContext): Promise<ScanPlan> {
	const profile = profileOf(scan.profile, scan.profileVersion, context);
	const ports = scanPorts(scan.ports);
	const exclusions = (await storedExclusions(scan, stored, context)).union(await context.globalExclusions());
	const { allowed, large } = await storedReach(scan, stored);
	const scope = new Scope(allowed, exclusions);
	const byName = await exclusionsByName(scan.exclusions, context);
	return {
		ports,
		udpPorts: scanUdpPorts(scan.udp ?? profile.udp),
		addresses: scope.addresses.size,
		order: large ? (from) => orderOf(allowed, scope, scan.id, from) : null,
		exclusions: byName,
		large: large ? { named: allowed.size, excludedBy: countExcluded(allowed, byName) } : undefined,
		discoveryPorts:
			ports.length <= shortList ? [...new Set([...ports, ...profile.discoveryPorts])] : profile.discoveryPorts,
		discovery: profile.discovery,
		only: scan.only as readonly Kind[] | undefined,
		scanDeadHosts: profile.scanDeadHosts,
		maxHostMs: profile.maxHostMs,
		maxScanMs: profile.maxScanMs,
		namesOf: namesByAddress(scope, stored, context),
		fragilePorts: context.fragilePorts(),
		ghostRules: context.ghostRules?.() ?? noGhostRules,
		limits: profile.limits,
		group: `scan-${scan.id}`,
		guard: scope.guard(),
	};
}

/** Virtual hosts as they are defined now, and names of the request that share an address. */
function namesByAddress(scope: Scope, { reach }: StoredTargets, context: PlanningContext): ScanPlan["namesOf"] {
	const names = new Map<string, NamedPlace[]>();
	const add = (address: string, place: NamedPlace) => {
		if (scope.mayProbe(address)) names.set(address, [...(names.get(address) ?? []), place]);
	};
	for (const [address, several] of reach?.shared ?? []) for (const name of several) add(address, { port: null, name });
	for (const { address, port, name } of context.virtualHosts?.() ?? []) add(address, { port, name });
	return names.size === 0 ? undefined : (address) => names.get(address) ?? [];
}

/** The seed makes the order the same each time, so that it can be taken up at a place. */
function* orderOf(large: AddressSet, scope: Scope, seed: number, from: number): Generator<string | null> {
	for (const address of large.permuted(seed, from)) yield scope.mayProbe(address) ? address : null;
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
