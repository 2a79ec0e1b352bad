import fc from "fast-check";
import { expect, test } from "vitest";
import type { ScanWindow } from "../../protocol/model/scan-window.ts";
import { minutesPerWeek, parseWeekly } from "./weekly-times.ts";
import { checkWindow, noWindow, WindowClock } from "./window.ts";

const clock = (given: Partial<ScanWindow>) => new WindowClock({ ...noWindow, timeZone: "UTC", ...given });
const at = (iso: string) => Date.parse(iso);
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

test("a night that passes midnight belongs to the day it begins on", () => {
	// 2026-03-02 is a Monday.
	const nights = clock({ during: "Mon-Fri 20:00-06:00, Sat-Sun 00:00-24:00" });
	const open = (text: string) => nights.isOpen(at(text));
	expect(open("2026-03-02T19:59:59Z")).toBe(false);
	expect(open("2026-03-02T20:00:00Z")).toBe(true);
	expect(open("2026-03-03T05:59:00Z")).toBe(true);
	expect(open("2026-03-03T06:00:00Z")).toBe(false);
	expect(open("2026-03-02T03:00:00Z"), "Sunday is over at midnight, and Sunday has no night").toBe(false);
	expect(iso(nights.nextChange(at("2026-03-03T12:00:00Z")))).toBe("2026-03-03T20:00:00.000Z");
	expect(iso(nights.nextChange(at("2026-03-06T21:00:00Z"))), "Friday night goes over into the weekend").toBe(
		"2026-03-09T00:00:00.000Z",
	);
});

test("what must not be outdoes what may be, and nothing said is always", () => {
	const office = clock({ notDuring: "mon-fri 8:00-18:00" });
	expect(office.isOpen(at("2026-03-02T07:59:00Z"))).toBe(true);
	expect(office.isOpen(at("2026-03-02T08:00:00Z"))).toBe(false);
	expect(clock({}).nextChange(at("2026-03-02T08:00:00Z"))).toBeNull();
	const both = clock({ during: "06:00-22:00", notDuring: "Mon 12:00-13:00" });
	expect(both.isOpen(at("2026-03-02T12:30:00Z"))).toBe(false);
	expect(both.isOpen(at("2026-03-03T12:30:00Z"))).toBe(true);
});

test("days around the end of the week", () => {
	const weekend = parseWeekly("Sat-Mon 23:00-01:00");
	expect(weekend.filter((minute) => minute === 1)).toHaveLength(6 * 60);
	expect(weekend[0], "Sunday's night goes on into Monday").toBe(1);
});

test("the clock put forward: an hour that does not exist opens nothing, and a night is an hour shorter", () => {
	// Berlin, Sunday 2026-03-29: 02:00 becomes 03:00.
	const gap = clock({ during: "02:15-02:45", timeZone: "Europe/Berlin" });
	expect(iso(gap.nextChange(at("2026-03-29T00:00:00Z")))).toBe("2026-03-30T00:15:00.000Z");
	const night = clock({ during: "Sat 20:00-06:00", timeZone: "Europe/Berlin" });
	const opens = night.nextChange(at("2026-03-28T12:00:00Z")) ?? 0;
	expect(iso(opens)).toBe("2026-03-28T19:00:00.000Z");
	const closes = night.nextChange(opens) ?? 0;
	expect(iso(closes)).toBe("2026-03-29T04:00:00.000Z");
	expect((closes - opens) / 3_600_000).toBe(9);
	const half = clock({ during: "Sun 02:30-04:00", timeZone: "Europe/Berlin" });
	expect(iso(half.nextChange(at("2026-03-29T00:30:00Z"))), "it opens when the clock jumps over its beginning").toBe(
		"2026-03-29T01:00:00.000Z",
	);
});

test("the clock put back: an hour counts twice, and a night is an hour longer", () => {
	// New York, Sunday 2026-11-01: 02:00 becomes 01:00.
	const night = clock({ during: "Sat 20:00-06:00", timeZone: "America/New_York" });
	const opens = night.nextChange(at("2026-10-31T12:00:00Z")) ?? 0;
	const closes = night.nextChange(opens) ?? 0;
	expect(iso(closes)).toBe("2026-11-01T11:00:00.000Z");
	expect((closes - opens) / 3_600_000).toBe(11);
	const twice = clock({ during: "01:15-01:45", timeZone: "America/New_York" });
	const changes: (string | null)[] = [];
	for (let now: number | null = at("2026-11-01T04:00:00Z"), i = 0; now !== null && i < 4; i++) {
		now = twice.nextChange(now);
		changes.push(iso(now));
	}
	expect(changes.map((change) => change?.slice(11, 16))).toEqual(["05:15", "05:45", "06:15", "06:45"]);
});

test("the next change is the first minute that is not as now, in any zone, at any time of the year", () => {
	const minute = fc.integer({ min: 0, max: 95 }).map((quarter) => {
		const two = (n: number) => String(n).padStart(2, "0");
		return `${two(Math.floor(quarter / 4))}:${two((quarter % 4) * 15)}`;
	});
	const part = fc
		.tuple(fc.constantFrom("Mon", "Sat", "Sun", "Sat-Sun", "Fri-Mon", ""), minute, minute)
		.filter(([, from, to]) => from !== to)
		.map(([days, from, to]) => `${days} ${from}-${to}`.trim());
	const text = fc.array(part, { maxLength: 3 }).map((parts) => parts.join(", "));
	const zone = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu");
	// Around the changes of the clock in those zones, and any time.
	const start = fc.oneof(
		fc.integer({ min: -2_000, max: 2_000 }).map((minutes) => at("2026-03-29T01:00:00Z") + minutes * 60_000),
		fc.integer({ min: -2_000, max: 2_000 }).map((minutes) => at("2026-11-01T06:00:00Z") + minutes * 60_000),
		fc.integer({ min: -2_000, max: 2_000 }).map((minutes) => at("2026-04-04T15:00:00Z") + minutes * 60_000),
		fc.integer({ min: 0, max: 525_600 }).map((minutes) => at("2026-01-01T00:00:00Z") + minutes * 60_000),
	);
	fc.assert(
		fc.property(text, text, zone, start, (during, notDuring, timeZone, now) => {
			const window = clock({ during, notDuring, timeZone });
			const next = window.nextChange(now);
			const isOpen = window.isOpen(now);
			// A day and a half minute by minute; beyond that only that nothing was missed before.
			let first: number | null = null;
			for (let ahead = 1; ahead <= 2_160 && first === null; ahead++)
				if (window.isOpen(now + ahead * 60_000) !== isOpen) first = now + ahead * 60_000;
			if (first === null) expect(next ?? Number.POSITIVE_INFINITY).toBeGreaterThan(now + 2_160 * 60_000);
			else expect(next).toBe(first);
		}),
		{ numRuns: 60 },
	);
}, 60_000);

test("a pause counted from the start, and going on counted from the start", () => {
	const window = clock({ pauseAfterMinutes: 60, resumeInMinutes: 1_440 });
	const started = at("2026-03-02T10:00:00Z");
	expect(window.isOpen(started)).toBe(true);
	expect(window.isOpen(at("2026-03-02T11:00:00Z")), "not before it has started").toBe(true);
	expect(iso(window.nextChange(started, started))).toBe("2026-03-02T11:00:00.000Z");
	expect(window.isOpen(at("2026-03-02T11:00:00Z"), started)).toBe(false);
	expect(iso(window.nextChange(at("2026-03-02T11:00:00Z"), started))).toBe("2026-03-03T10:00:00.000Z");
	expect(window.nextChange(at("2026-03-03T10:00:00Z"), started)).toBeNull();
	const nights = clock({ during: "20:00-06:00", pauseAfterMinutes: 60, resumeInMinutes: 1_440 });
	expect(iso(nights.nextChange(at("2026-03-02T11:00:00Z"), started)), "the window is closed when the pause ends").toBe(
		"2026-03-03T20:00:00.000Z",
	);
});

test.each([
	["Mon-Fri", /no times/],
	["Mon 25:00-26:00", /no such time/],
	["Mon 08:60-09:00", /no such time/],
	["Mon 08:00-08:00", /same time/],
	["Xyz 08:00-09:00", /no day/],
	["Mon-Tue-Wed 08:00-09:00", /no day/],
	["8-9", /no times/],
])("refused with what is wrong: %s", (during, says) => {
	expect(() => checkWindow({ ...noWindow, during })).toThrow(says);
});

test("refused as a whole: never open, no such zone, on before the pause", () => {
	expect(() => checkWindow({ ...noWindow, during: "Mon 08:00-09:00", notDuring: "Mon 00:00-24:00" })).toThrow(
		/never run/,
	);
	expect(() => checkWindow({ ...noWindow, timeZone: "Mars/Olympus" })).toThrow(/no time zone/);
	expect(() => checkWindow({ ...noWindow, pauseAfterMinutes: 60, resumeInMinutes: 30 })).toThrow(/before it pauses/);
	expect(checkWindow(noWindow)).toBeNull();
	expect(checkWindow({ ...noWindow, during: " 20:00-06:00 ", timeZone: "UTC" })).toMatchObject({
		during: "20:00-06:00",
	});
	expect(parseWeekly("00:00-24:00").filter((one) => one === 1)).toHaveLength(minutesPerWeek);
});
