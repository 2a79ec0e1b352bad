import { expect, test } from "vitest";
import { parseMoment } from "./moment.ts";

const now = Date.parse("2026-11-22T10:00:00.000Z");

test.each([
	["2026-11-01", "2026-11-01T23:59:59.999Z"],
	["2026-11-01T18:00:00Z", "2026-11-01T18:00:00.000Z"],
	["2026-11-01T18:00:00+02:00", "2026-11-01T16:00:00.000Z"],
	["24h", "2026-11-21T10:00:00.000Z"],
	["2w", "2026-11-08T10:00:00.000Z"],
	// Today has not ended yet.
	["2026-11-22", "2026-11-22T10:00:00.000Z"],
	["2027-01-01", "2026-11-22T10:00:00.000Z"],
])("%s is %s", (text, at) => {
	expect(parseMoment(text, now)).toBe(at);
});

test.each(["", "yesterday", "2026-02-31", "-3d", "3", "scan"])("%j is none", (text) => {
	expect(() => parseMoment(text, now)).toThrow(/no moment of the past/);
});
