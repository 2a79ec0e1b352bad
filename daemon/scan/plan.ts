/** What one scan is allowed and asked to do, worked out from a request before anything is sent. */

import type { Kind } from "../evidence/record.ts";
import type { GhostRules } from "../ghosts/rules.ts";
import type { EngineLimits, PortJob } from "../packets/engine.ts";
import type { ExcludedBy, NamedExclusion } from "./excluded-by.ts";
import type { NamedPlace } from "./named-surveys.ts";

/** An option profile's limits as the scan stage uses them. */
export interface ScanLimits extends EngineLimits {
	/** Addresses in work at once, after discovery. */
	readonly hostsInParallel: number;
	/** Services examined at once on one host. */
	readonly surveysPerHost?: number;
}

/** How hosts are found besides TCP handshakes. What this machine is not allowed to send is left out, and said. */
export interface DiscoveryProbes {
	/** Echo request. */
	readonly icmp: boolean;
	/** ARP and IPv6 neighbour discovery, on the local link. */
	readonly arp: boolean;
	/** Ports sent a TCP ACK. */
	readonly ackPorts: readonly number[];
	readonly udpPorts: readonly number[];
}

export interface ScanPlan {
	readonly ports: readonly number[];
	readonly udpPorts: readonly number[];
	/** Addresses in all, also those not yet among the targets. */
	readonly addresses: number;
	/** The addresses of a large scan from a place on, null where one is excluded; null when all targets are stored. */
	readonly order: ((from: number) => Iterable<string | null>) | null;
	/** Of a scan whose targets are fed: how many addresses its targets stand for, and what keeps out how many of them. */
	readonly large?: { readonly named: number; readonly excludedBy: ExcludedBy } | undefined;
	/** The exclusions that hold now one by one, to say which keeps an address out. */
	readonly exclusions?: readonly NamedExclusion[];
	/** Ports asked to learn whether a host is there. */
	readonly discoveryPorts: readonly number[];
	/** Kinds of evidence to gather; absent: all. */
	readonly only?: readonly Kind[] | undefined;
	/** What else is sent for that; nothing when absent. */
	readonly discovery?: DiscoveryProbes;
	/** What users said about ghosts. Absent: nothing is judged to be one. */
	readonly ghostRules?: GhostRules;
	/** Addresses that stay silent during discovery are asked for their ports all the same. */
	readonly scanDeadHosts?: boolean;
	/** Work on one host ends after this; what was found is kept. Milliseconds. */
	readonly maxHostMs?: number | null;
	/** The scan ends after running for so long, pauses left out; what was found is kept. Milliseconds. */
	readonly maxScanMs?: number | null;
	/** Names an address is looked at by, one after the other, besides the name it was asked for by. */
	readonly namesOf?: ((address: string) => readonly NamedPlace[]) | undefined;
	/** Connected to, never talked to. */
	readonly fragilePorts: ReadonlySet<number>;
	readonly limits: ScanLimits;
	/** The engine's name for everything this scan sends, so that its limits hold over all of its jobs together. */
	readonly group: string;
	/** Address ranges that may be sent to, enforced where packets are sent: in the engine and in the probe worker. */
	readonly guard: NonNullable<PortJob["guard"]>;
}
