import fc from "fast-check";
import { expect, test } from "vitest";
import { hostileStrings } from "../text/hostile-strings.test-support.ts";
import { widthOf } from "../text/width.ts";
import { type Column, duration, jsonText, table, wantsColour } from "./print.ts";

interface Row {
	readonly id: number;
	readonly title: string;
}
const columns: readonly Column<Row>[] = [
	{ title: "ID", value: ({ id }) => id, align: "right" },
	{ title: "TITLE", value: ({ title }) => title, max: 70 },
	{ title: "END", value: () => "end" },
];
const plain = { colour: false, width: null };

test("what comes from a host neither steers the terminal nor breaks the lines", () => {
	const rows = hostileStrings.map(([, title], id) => ({ id, title }));
	const lines = table(rows, columns, plain).split("\n");
	expect(lines).toHaveLength(rows.length + 1);
	for (const line of lines) expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
});

test("wide letters are measured as they are drawn", () => {
	const rows = [
		{ id: 1, title: "漢字".repeat(50) },
		{ id: 10, title: "a".repeat(100) },
	];
	const [head = "", first = "", second = ""] = table(rows, columns, plain).split("\n");
	expect(head).toMatch(/^ID {2}TITLE/);
	expect(widthOf(first.slice(0, first.indexOf("end")))).toBe(widthOf(second.slice(0, second.indexOf("end"))));
	expect(second).toContain("…");
});

test("on a narrow terminal long columns give way, short ones stay", () => {
	const lines = table([{ id: 123, title: "t".repeat(60) }], columns, { colour: false, width: 40 }).split("\n");
	for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(40);
	expect(lines[1]).toMatch(/^123 {2}t+… {2}end$/);
});

test("JSON is the same value, with nothing in it that steers a terminal", () => {
	for (const [what, text] of hostileStrings) {
		const json = jsonText({ text });
		expect(json.replaceAll("\n", ""), what).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
		expect(JSON.parse(json), what).toEqual({ text });
	}
	const survives = (text: string) => void expect(JSON.parse(jsonText(JSON.parse(text)))).toEqual(JSON.parse(text));
	fc.assert(fc.property(fc.json(), survives));
});

test("colour is for terminals that want it", () => {
	expect(wantsColour({ isTTY: true }, {})).toBe(true);
	expect(wantsColour({ isTTY: true }, { NO_COLOR: "1" })).toBe(false);
	expect(wantsColour({ isTTY: true }, { TERM: "dumb" })).toBe(false);
	expect(wantsColour({ isTTY: false }, {})).toBe(false);
});

test.each([
	[23, "23 ms"],
	[3_210, "3.2 s"],
	[41_000, "41 s"],
	[125_000, "2:05"],
	[3_725_000, "1:02:05"],
])("%i ms is written %s", (ms, text) => expect(duration(ms)).toBe(text));
