import { expect, test } from "vitest";
import { coverageOf } from "../connect/sample-scans.test-support.ts";
import { coverageFields, coverageSummary } from "./coverage-words.ts";

const base = coverageOf(7);

test("what was left out is said with its reason, and nothing is said of what was not", () => {
	expect(coverageSummary({ ...base, excludedBy: [], discovery: { ...base.discovery, unavailable: [] } })).toHaveLength(
		3,
	);
	const cut = coverageSummary({
		...base,
		notReachedBecause: "scan-time",
		addresses: { ...base.addresses, cutByHostTime: 1, notReached: 50 },
		surveys: { ...base.surveys, leftAlone: 2 },
		notScannedTotal: 3,
	}).join("\n");
	expect(cut).toContain("Asked 204 addresses of 256: 200 answered, 54 silent, 2 excluded, 50 not reached.");
	expect(cut).toContain("Not everything was reached: the time for the scan was up.");
	expect(cut).toContain("1 host was cut short by a time limit.");
	expect(cut).toContain("2 fragile ports left alone.");
	expect(cut).toContain("3 targets lead nowhere.");
});

test("what could not be counted is told beside what was", () => {
	const killed = { ...base, packets: { ...base.packets, uncounted: 20_000 } };
	const told = "and 20,000 more at most before the daemon was killed";
	expect(coverageSummary(killed).join("\n")).toContain(`12 of them again, ${told}; `);
	expect(coverageSummary(base).join("\n")).not.toContain("killed");
	expect(coverageFields(killed).find(({ name }) => name === "packets")?.lines[0]).toContain(told);
});

test("the whole statement has a line for everything there is, and none for what there is not", () => {
	const fields = Object.fromEntries(coverageFields(base).map(({ name, lines }) => [name, lines]));
	expect(fields).toMatchObject({
		addresses: ["256: 200 answered, 54 silent, 2 excluded"],
		"excluded by": ["10.0.0.4/31: 2 (printers)"],
		"TCP pairs": ["200: 3 open, 190 closed, 7 without an answer"],
		loss: ["10.0.0.0/24: 1.0 % (10 of 1,000; 1,000 sent, 1.5 ms)"],
		"not possible": ["ARP: no CAP_NET_RAW"],
	});
	expect(Object.keys(fields)).not.toContain("UDP pairs");
	expect(Object.keys(fields)).not.toContain("UDP in doubt");
	const doubtful = { ...base, udpSparing: { total: 5, hosts: ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"] } };
	const doubt =
		"5 hosts seldom say that a UDP port is closed, so silence there proves nothing: 10.0.0.1, 10.0.0.2, 10.0.0.3 and others.";
	expect(coverageFields(doubtful)).toContainEqual({ name: "UDP in doubt", lines: [doubt] });
	expect(coverageSummary(doubtful)).toContain(doubt);
	expect(Object.keys(fields)).not.toContain("not reached");
});
