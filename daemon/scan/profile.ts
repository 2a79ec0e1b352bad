/** An option profile as the scan stage uses it: port lists read, times in milliseconds. */
import { type Profile, type ProfileOptions, portsText, udpPortsText } from "../../protocol/model/profile.ts";
import type { ScanWindow } from "../../protocol/model/scan-window.ts";
import { parsePorts, parseUdpPorts } from "../scope/ports.ts";
import type { DiscoveryProbes, ScanLimits } from "./plan.ts";

export interface ScanProfile {
	readonly name: string;
	readonly version: number;
	/** TCP ports of a scan that names none, as a request writes them. */
	readonly ports: string;
	/** UDP ports of a scan that names none, likewise. */
	readonly udp: string;
	/** TCP ports asked to learn whether a host is there. */
	readonly discoveryPorts: readonly number[];
	/** What else is tried for that. */
	readonly discovery: DiscoveryProbes;
	readonly scanDeadHosts: boolean;
	readonly limits: ScanLimits;
	/** Absent: as for any map. */
	readonly maps?: ProfileOptions["maps"];
	/** When its scans may run, unless they say so. */
	readonly window?: ScanWindow | undefined;
	readonly maxHostMs: number | null;
	readonly maxScanMs: number | null;
}

/** Throws `invalid` naming the first thing that is no port. */
export function scanProfileOf({ name, version, options, limits }: Profile): ScanProfile {
	const { ports, udp, discovery, maps, maxMinutesPerHost, maxMinutesPerScan } = options;
	return {
		name,
		version,
		ports: portsText(ports),
		udp: udpPortsText(udp),
		discoveryPorts: portsOf(discovery.ports),
		discovery: {
			icmp: discovery.icmp,
			arp: discovery.arp,
			ackPorts: portsOf(discovery.ackPorts),
			udpPorts: portsOf(discovery.udpPorts),
		},
		scanDeadHosts: discovery.scanDeadHosts,
		limits,
		maps,
		window: options.window,
		maxHostMs: millisecondsOf(maxMinutesPerHost),
		maxScanMs: millisecondsOf(maxMinutesPerScan),
	};
}

/** TCP ports of a scan; `none` is none: then only discovery is done, and UDP where the profile says so. */
export function scanPorts(text: string): number[] {
	return text.trim().toLowerCase() === "none" ? [] : parsePorts(text);
}

/** UDP ports of a scan, ascending; `none` is none. */
export function scanUdpPorts(text: string): number[] {
	return text.trim().toLowerCase() === "none" ? [] : parseUdpPorts(text);
}

function portsOf(text: string): number[] {
	return text.trim() === "" ? [] : parsePorts(text);
}

function millisecondsOf(minutes: number | null): number | null {
	return minutes === null ? null : minutes * 60_000;
}
