import { expect, test } from "vitest";
import { missedWords } from "./missed-words.ts";

test("what was missed is said, and that findings were closed for it", () => {
	expect(missedWords({ scans: 0, closedAt: null })).toBe("");
	expect(missedWords(undefined)).toBe("");
	expect(missedWords({ scans: 1, closedAt: null })).toBe("by the last scan that looked");
	expect(missedWords({ scans: 3, closedAt: "2026-11-22T10:00:00.000Z" })).toMatch(
		/^by 3 scans in a row; its findings were closed for that 2026-11-22/,
	);
});
