import { expect, test } from "vitest";
import { steadyTime } from "./steady-time.ts";

test("a clock that is set back costs no time and makes none", () => {
	let clock = 1_000_000;
	const elapsed = steadyTime(() => clock);
	clock += 500;
	expect(elapsed()).toBe(500);
	clock -= 3_600_000;
	expect(elapsed()).toBe(500);
	clock += 250;
	expect(elapsed()).toBe(750);
});
