/** Scans and their books, as the fake daemon tells them. */
import type { Scan } from "../../protocol/model/scan.ts";
import type { ScanCoverage } from "../../protocol/model/scan-coverage.ts";
import { countsOf } from "./sample-assets.test-support.ts";
import { before, type SampleOptions } from "./sample-data.test-support.ts";

export function scanOf(id: number, { text }: SampleOptions): Scan {
	const isRunning = id % 7 === 0;
	const part = isRunning ? 0.62 : 1;
	return {
		id,
		title: text ?? (isRunning ? "dmz weekly" : `office ${id}`),
		targets: text ? [text] : [`10.0.${id}.0/24`],
		exclusions: [],
		ports: "standard",
		profile: "Initial",
		profileVersion: 1,
		status: isRunning ? "running" : id % 5 === 0 ? "paused" : id % 6 === 0 ? "cancelled" : "finished",
		reason: id % 6 === 0 ? (text ?? "Cancelled by unix:1000.") : null,
		partial: false,
		progress: part,
		stages: [
			{ name: "discover", done: 256, total: 256 },
			{ name: "ports", done: Math.floor(part * 256_000), total: 256_000 },
			{ name: "services", done: Math.floor(part * 300), total: 420 },
			{ name: "assess", done: Math.floor(part * 100), total: 256 },
		],
		rate: isRunning ? 12_100 : 0,
		etaMs: isRunning ? 372_000 : null,
		createdAt: before(id * 300),
		startedAt: before(id * 300),
		finishedAt: isRunning ? null : before(id * 300 - 9),
		activeMs: 862_000,
		hosts: { total: 256, alive: 104, dead: 152, done: 60 },
		openPorts: 641,
		services: 412,
		findings: countsOf(id + 3),
		newFindings: id % 4,
		fixedFindings: id % 3,
	};
}

/** 256 addresses, two of them excluded, and 200 hosts of one port each. */
export function coverageOf(scan: number): ScanCoverage {
	const none = { pairs: 0, asked: 0, open: 0, closed: 0, filtered: 0, unreachable: 0, notAsked: 0 };
	return {
		...{ scan, at: "2026-03-01T12:00:00.000Z", notReachedBecause: null, notScanned: [], notScannedTotal: 0 },
		addresses: {
			...{ named: 256, excluded: 2, silent: 54, answered: 200, notReached: 0 },
			...{ finished: 200, cutByHostTime: 0, cutByScanTime: 0, unfinished: 0, ghosts: 0 },
		},
		excludedBy: [{ exclusion: "10.0.0.4/31", from: "global", comment: "printers", addresses: 2 }],
		tcp: { ...none, pairs: 200, asked: 200, open: 3, closed: 190, filtered: 7 },
		udp: none,
		packets: { sent: 1_000, discovery: 788, ports: 212, repeats: 12 },
		networks: [{ network: "10.0.0.0/24", sent: 1_000, answers: 990, lost: 10, rttMs: 1.5 }],
		surveys: { open: 3, talkedTo: 3, leftAlone: 0, failed: 0, refused: 0, notReached: 0 },
		discovery: {
			used: ["TCP connection attempts to 12 ports"],
			unavailable: [{ method: "ARP", why: "no CAP_NET_RAW" }],
			found: [{ by: "tcp", hosts: 200 }],
		},
		engines: [{ name: "connect-epoll", reason: "for a test" }],
	};
}
