/** Plausible maps and hosts of maps for tests; `text` puts one string wherever a host could have put its own. */

import type { MapDifference, MapHost, NetworkMap, Route } from "../../protocol/model/map.ts";
import type { MapCoverage } from "../../protocol/model/map-coverage.ts";
import { type SampleOptions, sampleNow } from "./sample-data.test-support.ts";

const before = (minutes: number) => new Date(sampleNow - minutes * 60_000).toISOString();

/** The fourth is running. */
export function mapOf(id: number, { text }: SampleOptions): NetworkMap {
	const isRunning = id === 4;
	return {
		id,
		title: text ?? `none:[10.${id % 2}.0.0/22]`,
		domain: text ?? (id === 1 ? "corp.example" : "none"),
		netblock: text ? [text] : ["10.0.0.0/22"],
		exclusions: [],
		profile: "Initial",
		tcpPorts: [21, 22, 23, 80, 443],
		udpPorts: [53, 161],
		dns: true,
		resolver: null,
		trace: "sample",
		status: isRunning ? "running" : "finished",
		reason: id === 2 ? (text ?? "The name server of this machine gave no answers.") : null,
		partial: id === 2,
		progress: isRunning ? 0.4 : 1,
		rate: isRunning ? 812 : 0,
		createdAt: before(id * 60),
		startedAt: before(id * 60),
		finishedAt: isRunning ? null : before(id * 60 - 4),
		activeMs: 241_000,
		addresses: 1_024,
		settled: isRunning ? 410 : 1_024,
		hosts: 40,
		live: 31,
	};
}

export function mapCoverageOf(map: number, { text }: SampleOptions): MapCoverage {
	return {
		...{ map, at: before(1) },
		addresses: { named: 1_024, excluded: 24, answered: 31, ghosts: 5, silent: 900, notReached: 64 },
		notReachedBecause: "not-over",
		excludedBy: [{ exclusion: text ?? "10.0.3.0/28", from: "global", comment: text ?? "printers", addresses: 24 }],
		probes: [
			{ probe: "ICMP echo requests", asked: 936, answered: 20 },
			{ probe: text ?? "TCP connection attempts to 13 ports", asked: 936, answered: 31 },
		],
		unavailable: [{ method: "TCP ACKs", why: text ?? "the capability is missing" }],
		names: { asked: 940, found: 14, refused: 2, silent: false },
		routes: { traced: 4, reached: 3 },
		packets: { sent: 14_500, tcp: 12_000, datagrams: 2_380, canaries: 20, trace: 100 },
		networks: [{ network: "10.0.0.0/24", sent: 3_000, answers: 40, lost: 1, rttMs: 0.7 }],
		engines: [{ name: "connect-epoll", reason: text ?? "no capability" }],
	};
}

/** Hosts of four networks behind three routers; every tenth was traced. */
export function mapHostOf(id: number, { text }: SampleOptions): MapHost {
	const network = id % 4;
	const ways: readonly Route["hops"][] = [[], ["10.0.0.1"], ["10.0.0.1", "10.9.0.1"], ["10.0.0.1", null, "10.9.0.2"]];
	const route = id <= 8 ? { hops: ways[network] ?? [], reached: id !== 7 } : null;
	return {
		id,
		map: 3,
		address: `10.0.${network}.${id + 1}`,
		names: text ? [text] : id % 3 === 0 ? [`host-${id}.corp.example`] : [],
		netbios: text ?? (id % 11 === 0 ? "FILES" : null),
		os: text ?? null,
		discovery: [
			{ method: "TCP", port: 22 },
			{ method: "TCP RST", port: 80 },
			{ method: "DNS", port: null },
		],
		route,
		links: route?.hops.filter((hop) => hop !== null) ?? [],
		rttMs: id % 5 === 0 ? null : id * 0.7,
		flags: { approved: id % 2 === 0, scannable: id % 3 === 0, live: id % 9 !== 0, netblock: true },
	};
}

export function differenceOf(id: number, options: SampleOptions): MapDifference {
	return {
		host: mapHostOf(id, options),
		standing: (["rogue", "approved", "unknown"] as const)[id % 3] ?? "rogue",
		change: ([null, "added", "removed", "active"] as const)[id % 4] ?? null,
		earlierRoute: id === 2 ? { hops: ["10.0.0.1", "10.9.0.9"], reached: true } : null,
	};
}
