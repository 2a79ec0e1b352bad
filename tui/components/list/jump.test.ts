import fc from "fast-check";
import { expect, test } from "vitest";
import { isFound, parseJump } from "./jump.ts";

test("a number is a row, with % a part of the list, after id: or = what has it, else text", () => {
	expect(parseJump("17", 100)).toEqual({ kind: "row", index: 16 });
	expect(parseJump("12,304", 20_000)).toEqual({ kind: "row", index: 12_303 });
	expect(parseJump(" 50 %", 101)).toEqual({ kind: "row", index: 50 });
	expect(parseJump("100%", 101)).toEqual({ kind: "row", index: 100 });
	expect(parseJump("=7", 9)).toMatchObject({ kind: "search", id: 7 });
	expect(parseJump("id:7", 9)).toMatchObject({ kind: "search", id: 7 });
	expect(parseJump("10.0.3.7", 9)).toEqual({ kind: "search", id: undefined, text: "10.0.3.7" });
	expect(parseJump("  ", 9)).toBeUndefined();
});

test("text is looked for in any column, without regard to case; a number only as the row's own", () => {
	const search = (typed: string) => parseJump(typed, 9) as Extract<ReturnType<typeof parseJump>, { kind: "search" }>;
	expect(isFound(search("WEB"), 1, ["10.0.0.1", "my web server"])).toBe(true);
	expect(isFound(search("=2"), 2, [])).toBe(true);
	expect(isFound(search("=2"), 1, ["2"])).toBe(false);
});

test("whatever is typed, a row is one there could be", () => {
	fc.assert(
		fc.property(fc.string(), fc.nat(1_000_000), (typed, total) => {
			const jump = parseJump(typed, total);
			if (jump?.kind === "row") {
				expect(Number.isSafeInteger(jump.index)).toBe(true);
				expect(jump.index).toBeGreaterThanOrEqual(0);
			}
		}),
	);
});
