/** The order of versions, against pairs known from releases, and as properties. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareUpstream } from "./upstream.ts";

const upstream: [older: string, newer: string][] = [
	["9.2", "9.2p1"],
	["8.5p1", "9.8p1"],
	["9.9p1", "9.9p2"],
	["9.9p2", "10.0p1"],
	["1.0.1", "1.0.1g"],
	["1.0.1f", "1.0.1g"],
	["0.9.8z", "0.9.8za"],
	["1.0.2k", "1.1.0"],
	["1.3.5rc4", "1.3.5"],
	["1.3.5", "1.3.5a"],
	["1.3.7rc2", "1.3.7rc3"],
	["1.3.7rc3", "1.3.7"],
	["1.3.6b", "1.3.6c"],
	["11.0.0-M20", "11.0.0"],
	["9.0.0-M1", "9.0.0-M20"],
	["4.90", "4.90_1"],
	["4.90_1", "4.92"],
	["9.9.7-P1", "9.9.7-P2"],
	["2.4.9", "2.4.10"],
	["5.5.9", "5.5.10-log"],
	["2014.63", "2016.74"],
	["0.52", "2011.54"],
];

describe("upstream order", () => {
	test.each(upstream)("%s is older than %s", (older, newer) => {
		expect(compareUpstream(older, newer)).toBeLessThan(0);
		expect(compareUpstream(newer, older)).toBeGreaterThan(0);
	});

	test.each([
		["1.0", "1.0.0"],
		["01.2", "1.2"],
		["9.2p1", "9.2P1"],
	])("%s equals %s", (a, b) => {
		expect(compareUpstream(a, b)).toBe(0);
	});

	test("is a total order on any text", () => {
		const version = fc.oneof(fc.string(), fc.stringMatching(/^[0-9]{1,3}([.p_-][0-9a-z]{1,3}){0,4}$/));
		fc.assert(
			fc.property(version, version, version, (a, b, c) => {
				expect(Math.sign(compareUpstream(a, b))).toBe(-Math.sign(compareUpstream(b, a)) + 0);
				if (compareUpstream(a, b) <= 0 && compareUpstream(b, c) <= 0)
					expect(compareUpstream(a, c)).toBeLessThanOrEqual(0);
			}),
		);
	});
});
