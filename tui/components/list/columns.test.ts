import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { widthOf } from "../../text/width.ts";
import { type Column, drawHeader, drawRow, placeColumns } from "./columns.ts";

interface Row {
	readonly name: string;
}

const columns: readonly Column<Row>[] = [
	{ id: "mark", title: "SEV", sort: "severity", width: 3, worth: 10, draw: () => [["◆U5"]] },
	{ id: "name", title: "NAME", sort: "name", width: 12, grow: 3, worth: 9, draw: (row) => [[row.name]] },
	{ id: "note", title: "NOTE", width: 10, grow: 1, most: 16, worth: 1, draw: () => [["a note of some length"]] },
	{ id: "count", title: "COUNT", sort: "count", width: 6, worth: 5, align: "right", draw: () => [["42"]] },
];

test("what is worth least goes first, and the order stays", () => {
	expect(placeColumns(columns, 40).map(({ column }) => column.id)).toEqual(["mark", "name", "note", "count"]);
	expect(placeColumns(columns, 30).map(({ column }) => column.id)).toEqual(["mark", "name", "count"]);
	expect(placeColumns(columns, 18).map(({ column }) => column.id)).toEqual(["mark", "name"]);
	expect(placeColumns(columns, 2).map(({ column }) => column.id)).toEqual(["mark"]);
});

test("room that is left goes to the columns that grow, up to what they take", () => {
	const placed = placeColumns(columns, 100);
	expect(placed.find(({ column }) => column.id === "note")?.width).toBe(16);
	expect(placed.reduce((sum, { width }) => sum + width, 0) + 6).toBe(100);
});

test("the header marks the column that is sorted and the one that is chosen", () => {
	const header = drawHeader(60, placeColumns(columns, 57), "-severity", "name");
	expect(stripVTControlCharacters(header)).toMatch(/^ {2}SEV▼ NAME/);
	expect(header).toContain("\u001b[1;4;");
	const several = drawHeader(60, placeColumns(columns, 57), "count,-severity", undefined);
	expect(stripVTControlCharacters(several)).toMatch(/^ {2}SEV2▼ NAME.* COUNT1▲ *$/);
});

test("header and rows are exactly as wide as asked", () => {
	fc.assert(
		fc.property(fc.integer({ min: 8, max: 160 }), fc.string({ unit: "grapheme" }), (width, name) => {
			const placed = placeColumns(columns, width - 3);
			for (const text of [drawHeader(width, placed, "name", "mark"), drawRow(width, placed, { name }, true, 0)]) {
				expect(widthOf(stripVTControlCharacters(text))).toBe(width);
			}
		}),
	);
});
