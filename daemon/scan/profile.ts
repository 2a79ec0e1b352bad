/** An option profile as the scan stage uses it: port lists read, times in milliseconds. */
import { type Profile, portsText } from "../../protocol/model/profile.ts";
import { parsePorts } from "../scope/ports.ts";
import type { ScanLimits } from "./plan.ts";

export interface ScanProfile {
	readonly name: string;
	readonly version: number;
	/** TCP ports of a scan that names none, as a request writes them. */
	readonly ports: string;
	readonly udp: boolean;
	readonly discoveryPorts: readonly number[];
	readonly scanDeadHosts: boolean;
	readonly limits: ScanLimits;
	readonly maxHostMs: number | null;
	readonly maxScanMs: number | null;
}

/** Throws `invalid` naming the first thing that is no port. */
export function scanProfileOf({ name, version, options, limits }: Profile): ScanProfile {
	const { ports, udp, discovery, maxMinutesPerHost, maxMinutesPerScan } = options;
	return {
		name,
		version,
		ports: portsText(ports),
		udp,
		discoveryPorts: discovery.ports.trim() === "" ? [] : parsePorts(discovery.ports),
		scanDeadHosts: discovery.scanDeadHosts,
		limits,
		maxHostMs: millisecondsOf(maxMinutesPerHost),
		maxScanMs: millisecondsOf(maxMinutesPerScan),
	};
}

/** TCP ports of a scan; `none` is none: then only discovery is done, and UDP where the profile says so. */
export function scanPorts(text: string): number[] {
	return text.trim().toLowerCase() === "none" ? [] : parsePorts(text);
}

function millisecondsOf(minutes: number | null): number | null {
	return minutes === null ? null : minutes * 60_000;
}
