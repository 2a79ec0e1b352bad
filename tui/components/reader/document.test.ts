import { expect, test } from "vitest";
import { widthOf } from "../../text/width.ts";
import { drawDocument } from "./document.ts";

const drawn = (pieces: readonly (readonly [string])[], width: number) => {
	const lines = drawDocument([{ kind: "field", name: "status", pieces }], width).map((line) =>
		line.replace(/\u001b\[[\d;]*m/g, ""),
	);
	for (const line of lines) expect(widthOf(line)).toBe(width);
	return lines.map((line) => line.trimEnd());
};

test("a field goes on under itself, broken at blanks", () => {
	expect(drawn([["new"], ["  since 2026-11-22 02:02 (27 s)"]], 60)).toEqual([
		"status        new  since 2026-11-22 02:02 (27 s)",
	]);
	expect(drawn([["new"], ["  since 2026-11-22 02:02 (27 s)"]], 42)).toEqual([
		"status        new  since 2026-11-22 02:02",
		"              (27 s)",
	]);
});

test("a word longer than the line is broken, and a list that never ends is cut", () => {
	expect(drawn([["9.8"], ["  CVSS:3.1/AV:N/AC:L/PR:N"]], 32)).toEqual([
		"status        9.8",
		"              CVSS:3.1/AV:N/AC:L",
		"              /PR:N",
	]);
	const many = drawn([[Array.from({ length: 500 }, (_, index) => `10.0.0.${index}`).join(" ")]], 60);
	expect(many.length).toBe(8);
	expect(many.filter((line) => line.endsWith("…"))).toEqual([many.at(-1)]);
	expect(many.at(-1)).toMatch(/…$/);
});

test("nothing in a field is wider than its room, whatever it is made of", () => {
	for (const text of ["漢字".repeat(60), "   ", "", "\u001b[2J x", "a\tb\nc", "👩‍👩‍👧 ".repeat(30)]) {
		for (const width of [15, 16, 20, 41]) expect(drawn([[text]], width).length).toBeGreaterThan(0);
	}
});
