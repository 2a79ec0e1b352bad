import { expect, test } from "vitest";
import { mapCoverageOf } from "../connect/sample-maps.test-support.ts";
import { mapCoverageFields, mapCoverageSummary } from "./map-coverage-words.ts";

const coverage = mapCoverageOf(3, {});

test("a summary says what was asked, what was not, and why", () => {
	expect(mapCoverageSummary(coverage)).toEqual([
		"Asked 936 addresses of 1,024: 31 answered, 5 ghosts, 900 silent, 24 excluded, 64 not reached.",
		"Sent 14,500 packets; 2.4 % lost, and 940 questions for names.",
		"Not everything was reached: the map is not over.",
		"Excluded by 10.0.3.0/28.",
	]);
});

test("a map of names alone speaks of no addresses", () => {
	const none = { named: 0, excluded: 0, answered: 0, ghosts: 0, silent: 0, notReached: 0 };
	const names = { ...coverage, addresses: none, notReachedBecause: null, excludedBy: [], networks: [] };
	expect(mapCoverageSummary(names)).toEqual(["Sent 14,500 packets, and 940 questions for names."]);
	expect(mapCoverageFields(names).map(({ name }) => name)).not.toContain("addresses");
});
