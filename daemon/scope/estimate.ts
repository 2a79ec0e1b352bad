/** How much a scan would send and how long that takes, worked out before a packet leaves. */
import type { ScanEstimate } from "../../protocol/model/scan.ts";
import { count } from "../../protocol/plural.ts";
import { AddressSet } from "./address-set.ts";
import type { Scope } from "./scope.ts";
import { privateAddresses } from "./special.ts";
import type { NotScanned, TargetMeaning } from "./targets.ts";

/** More addresses or more time than this needs `confirm` (`scans.start`). */
const confirmAddresses = 65_536;
const confirmSeconds = 3_600;

/** The limits of a profile that decide how long a scan takes. */
export interface EstimatedLimits {
	readonly ratePerSecond: number;
	readonly inFlight: number;
	readonly inFlightPerHost: number;
	readonly timeoutMs: number;
	readonly retries: number;
	readonly hostsInParallel: number;
	/** None when absent or 0. */
	readonly ratePerHost?: number;
	readonly ratePerNetwork?: number;
}

export interface EstimatedWork {
	readonly scope: Scope;
	/** Ports asked of each address that is alive; 0: only whether it is. */
	readonly ports: number;
	/** Packets to each address that find out whether it is alive. */
	readonly discovery: number;
	/** Addresses that stay silent are asked for their ports all the same. */
	readonly scanDeadHosts: boolean;
	readonly limits: EstimatedLimits;
	readonly names: number;
	/** Addresses that a credential is for. */
	readonly logins: number;
	readonly meanings: readonly TargetMeaning[];
	readonly notScanned: readonly NotScanned[];
	/** Warnings from reading the targets. */
	readonly warnings: readonly string[];
}

/** What a host that answers at once takes for it, on the way there and back. Seconds. */
const answerSeconds = 0.02;
const mostNotScanned = 1_000;
const loopback = AddressSet.fromText([
	["127.0.0.0", "127.255.255.255"],
	["::1", "::1"],
]);

/** All of it: what clients may not get from an older daemon too. */
export type FullEstimate = { [K in keyof ScanEstimate]-?: NonNullable<ScanEstimate[K]> };

/** Services that are found are examined besides, and hosts logged in to: how long they take is theirs to say, and not in this. */
export function estimate(work: EstimatedWork): FullEstimate {
	const { scope, ports, discovery, limits } = work;
	const addresses = scope.addresses.size;
	const each = ports === 0 ? discovery : ports;
	const probes = addresses * each;
	const tries = limits.retries + 1;
	const asked = work.scanDeadHosts ? ports : 0;
	const packets = { least: addresses * (discovery + asked) * tries, most: addresses * (discovery + ports) * tries };
	const { seconds, heldBy } = timeFor(work, addresses, each, answerSeconds);
	const mostSeconds = timeFor(work, addresses, (discovery + ports) * tries, limits.timeoutMs / 1_000).seconds;
	return {
		addresses,
		excluded: scope.excluded,
		ports,
		probes,
		packets,
		seconds,
		mostSeconds: Math.max(seconds, mostSeconds),
		heldBy,
		names: work.names,
		logins: work.logins,
		meanings: work.meanings.map(({ title, addresses: { size }, names }) => ({
			target: title,
			addresses: size,
			names: names.length,
		})),
		notScanned: work.notScanned.slice(0, mostNotScanned),
		notScannedTotal: work.notScanned.length,
		needsConfirmation: addresses > confirmAddresses || seconds > confirmSeconds,
		warnings: [...work.warnings, ...warningsFor(scope, work.notScanned)],
	};
}

/** The longest of what the rate, the places in flight, the hosts in parallel and the busiest network each ask for. */
function timeFor(
	{ scope, limits }: EstimatedWork,
	addresses: number,
	each: number,
	waitSeconds: number,
): { seconds: number; heldBy: string } {
	const all = addresses * each;
	// This machine itself is not held to the limits of a host or a network.
	const remote = scope.addresses.subtract(loopback);
	const ratePerHost = remote.size > 0 && limits.ratePerHost ? limits.ratePerHost : Number.POSITIVE_INFINITY;
	const atOnce = Math.min(limits.hostsInParallel, addresses || 1);
	const rounds = addresses / atOnce;
	const hosts = atOnce > 1 ? `, ${count(atOnce)} hosts at once` : "";
	const bounds: [seconds: number, heldBy: string][] = [
		[all / Math.max(1, limits.ratePerSecond), `${count(limits.ratePerSecond)} packets a second in all`],
		[(all * waitSeconds) / limits.inFlight, `${count(limits.inFlight)} questions open at once`],
		[rounds * (each / ratePerHost), `${count(limits.ratePerHost ?? 0)} packets a second to one host${hosts}`],
		[
			rounds * ((each * waitSeconds) / limits.inFlightPerHost),
			`${count(limits.inFlightPerHost)} questions open to one host${hosts}`,
		],
		[
			limits.ratePerNetwork ? (fullestNetwork(remote) * each) / limits.ratePerNetwork : 0,
			`${count(limits.ratePerNetwork ?? 0)} packets a second to one /24 or IPv6 /64`,
		],
	];
	const [seconds, heldBy] = bounds.reduce((longest, bound) => (bound[0] > longest[0] ? bound : longest));
	return { seconds, heldBy };
}

/** Addresses in the fullest /24 or /64. */
function fullestNetwork({ parts: { v4, v6 } }: AddressSet): number {
	let most = 0;
	let network = -1;
	let inNetwork = 0;
	for (let i = 0; i < v4.length; i += 2) {
		const [first = 0, last = 0] = [v4[i], v4[i + 1]];
		if (last - first >= 511) return 256;
		for (let at = first; at <= last; ) {
			const end = Math.min(last, Math.floor(at / 256) * 256 + 255);
			inNetwork = Math.floor(at / 256) === network ? inNetwork + end - at + 1 : end - at + 1;
			network = Math.floor(at / 256);
			most = Math.max(most, inNetwork);
			at = end + 1;
		}
	}
	for (const { first, last } of v6) most = Math.max(most, Number(last - first + 1n));
	return most;
}

function warningsFor(scope: Scope, notScanned: readonly NotScanned[]): string[] {
	const warnings: string[] = [];
	const addresses = scope.addresses.size;
	if (addresses === 0 && scope.excluded > 0) warnings.push("Every target is excluded: there is nothing to scan.");
	const publicAddresses = scope.addresses.subtract(privateAddresses).size;
	if (publicAddresses > 0) {
		const which =
			addresses === 1
				? "The address is"
				: `${count(publicAddresses)} of the addresses ${publicAddresses === 1 ? "is" : "are"}`;
		warnings.push(`${which} public: scan only what you are allowed to.`);
	}
	for (const { target, why } of notScanned.slice(0, 5)) warnings.push(`${target} is not scanned: ${why}`);
	if (notScanned.length > 5) warnings.push(`${count(notScanned.length - 5)} more targets are not scanned either.`);
	return warnings;
}
