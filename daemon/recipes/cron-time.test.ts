import fc from "fast-check";
import { expect, test } from "vitest";
import { AppError } from "../../protocol/errors.ts";
import { nextTime, parseCron } from "./cron-time.ts";

const next = (text: string, from: string, zone = "UTC") => {
	const at = nextTime(parseCron(text, zone), Date.parse(from));
	return at === null ? null : new Date(at).toISOString().slice(0, 16);
};

test.each([
	["0 3 * * 1", "2026-03-03T10:00:00Z", "UTC", "2026-03-09T03:00"],
	["*/20 * * * *", "2026-03-03T10:20:00Z", "UTC", "2026-03-03T10:40"],
	["30 6-8,22 * * mon-fri", "2026-03-06T08:30:59Z", "UTC", "2026-03-06T22:30"],
	["0 0 29 feb *", "2026-03-01T00:00:00Z", "UTC", "2028-02-29T00:00"],
	["0 0 13 * 5", "2026-03-03T00:00:00Z", "UTC", "2026-03-06T00:00"],
	["@monthly", "2026-03-03T00:00:00Z", "UTC", "2026-04-01T00:00"],
	["0 12 * * 7", "2026-03-03T00:00:00Z", "UTC", "2026-03-08T12:00"],
	["0 3 * * *", "2026-07-01T00:00:00Z", "Europe/Berlin", "2026-07-01T01:00"],
	["30 5 * * *", "2026-03-03T00:00:00Z", "Asia/Kolkata", "2026-03-04T00:00"],
	["0 0 31 4 *", "2026-03-03T00:00:00Z", "UTC", null],
])("%s after %s in %s", (text, from, zone, expected) => {
	expect(next(text, from, zone)).toBe(expected);
});

test("an hour that is left out makes it an hour later, and one that comes twice makes it come once", () => {
	expect(next("30 2 * * *", "2026-03-29T00:00:00Z", "Europe/Berlin")).toBe("2026-03-29T01:00");
	expect(next("30 2 * * *", "2026-10-25T00:00:00Z", "Europe/Berlin")).toBe("2026-10-25T00:30");
	expect(next("30 2 * * *", "2026-10-25T00:30:00Z", "Europe/Berlin")).toBe("2026-10-26T01:30");
	expect(next("*/20 * * * *", "2026-10-25T00:40:00Z", "Europe/Berlin")).toBe("2026-10-25T01:00");
});

test.each([
	"",
	"0 3 * *",
	"60 * * * *",
	"0 24 * * *",
	"0 0 0 * *",
	"0 0 * * 8",
	"a * * * *",
	"5-1 * * * *",
	"*/0 * * * *",
	"0 0 0 * * *",
	"2026-12-01T00:00:00",
	"@reboot",
])("%j is refused", (text) => {
	expect(() => parseCron(text, "")).toThrow(/five fields|no time of cron/);
});

test("no zone there is none of", () => {
	expect(() => parseCron("@daily", "Moon/Base")).toThrow(/There is no time zone "Moon\/Base"/);
});

test("any text is read or refused with a reason", () => {
	fc.assert(
		fc.property(fc.string(), (text) => {
			try {
				parseCron(text, "");
			} catch (err) {
				expect(err).toBeInstanceOf(AppError);
			}
		}),
		// What every object has is no time either.
		{ examples: [["__proto__"], ["@__proto__"], ["a b c d e"], ["@"], ["2026-12-01"]] },
	);
});
