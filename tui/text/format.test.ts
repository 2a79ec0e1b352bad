import { expect, test } from "vitest";
import { age, compact } from "./format.ts";

const now = Date.parse("2026-11-22T12:00:00.000Z");

test("an age fits the five columns lists keep for it, also after many years", () => {
	expect(age("2026-07-01T00:00:00.000Z", now)).toBe("4 mo");
	expect(age("2013-06-25T10:32:00.000Z", now)).toBe("13 y");
	for (let days = 0; days < 40_000; days += 7)
		expect(age(new Date(now - days * 86_400_000).toISOString(), now).length).toBeLessThanOrEqual(5);
});

test("a number is told in at most four characters, be it of the addresses of a block of IPv6", () => {
	expect([950, 12_100, 3_400_000, 2 ** 31, 2 ** 96, 2 ** 128].map(compact)).toEqual([
		...["950", "12k", "3.4M", "2.1G", "8e28", "3e38"],
	]);
	for (let bits = 0; bits <= 128; bits++) expect(compact(2 ** bits).length).toBeLessThanOrEqual(4);
});
