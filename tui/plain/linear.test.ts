import fc from "fast-check";
import { expect, test } from "vitest";
import { clean, linear, linearDialog } from "./linear.ts";

const beside = [
	"Scans                                2 scans",
	"╭─ Open ─────── 3 ─╮╭─ Top weaknesses ─────╮",
	"│ ◆ urgent ━━━━  1 ││ ▌◆U5 Redis open  ×3  │",
	"│ ▲ critical     2 ││                      │",
	"╰──────────────────╯╰──────────────────────╯",
];

test("boxes beside each other are read one after the other, without what is only to be seen", () => {
	expect(linear(beside)).toEqual([
		"Scans  2 scans",
		...["Open  3:", "  urgent  1", "  critical  2"],
		...["Top weaknesses:", "  > U5 Redis open  x3"],
	]);
});

test("of a bar nothing is left, also where half a step is all there is of it", () => {
	for (const bar of ["━━━╸────", "╸───────", "────────", "━━━━━━━━"])
		expect(clean(`critical ${bar}  1`)).toBe("critical  1");
});

test("of a dialog its own lines alone", () => {
	const lines = ["list ╭─ Leave? ─╮ list", "row  │ 1 scan   │ row ", "row  ╰──────────╯ row "];
	expect(linearDialog(lines)).toEqual(["Leave?:", "  1 scan"]);
});

test.each([
	["▌ ◆2 ▲14 ■3", "> U:2 C:14 S:3"],
	["⠋ scan ███████▏─── 62 %", "scan  62 %"],
	["● local │ ⣀⣠⣤⣶ 4", "local  4"],
])("%s is read as %s", (line, expected) => {
	expect(clean(line)).toBe(expected);
});

test("no screen makes it throw, and nothing of a frame is left", () => {
	const sign = fc.constantFrom(..."╭╮╰╯─│▌◆▲ab 1·…✓");
	const line = fc.array(sign, { maxLength: 40 }).map((signs) => signs.join(""));
	fc.assert(
		fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
			expect([...linear(lines), ...linearDialog(lines)].join("\n")).not.toMatch(/[─│▌◆…]/);
		}),
	);
});
