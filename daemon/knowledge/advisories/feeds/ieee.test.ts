import fc from "fast-check";
import { expect, test } from "vitest";
import { ieeeRegistry, isIeeeHead, parseIeeeLine } from "./ieee.ts";

test("the head is known with and without quotation marks, and with more columns", () => {
	expect(isIeeeHead("Registry,Assignment,Organization Name,Organization Address")).toBe(true);
	expect(isIeeeHead('"Registry","Assignment","Organization Name"')).toBe(true);
	expect(isIeeeHead("cve,epss,percentile")).toBe(false);
});

test.each([
	['MA-L,00AB01,"Example ""Nets"", Inc.","1 Road, Town"', { prefix: "00AB01", name: 'Example "Nets", Inc.' }],
	["MA-M,00ab01c,  Two   words ,Town", { prefix: "00AB01C", name: "Two words" }],
	["MA-S,00AB01C2D,Small,Town", { prefix: "00AB01C2D", name: "Small" }],
	["MA-L,00AB02,IEEE Registration Authority,Town", null],
	["MA-L,00AB03,Private,", null],
	["MA-L,00AB0,Too short,", null],
	["MA-X,00AB01,Other registry,", null],
	["MA-L,00AB01", null],
	["", null],
])("%s", (line, expected) => {
	expect(parseIeeeLine(line)).toEqual(expected);
});

test("any line at all: no fault, and what is told fits", () => {
	fc.assert(
		fc.property(
			fc.oneof(
				fc.string(),
				fc.string().map((text) => `MA-L,00AB01,${text}`),
			),
			(line) => {
				const found = parseIeeeLine(line);
				ieeeRegistry(line);
				if (found === null) return;
				expect(found.prefix).toMatch(/^[0-9A-F]{6,9}$/);
				expect(found.name.length).toBeLessThanOrEqual(200);
			},
		),
	);
});
