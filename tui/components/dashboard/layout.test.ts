import fc from "fast-check";
import { expect, test } from "vitest";
import type { DashboardWidget } from "../../../protocol/model/dashboard.ts";
import { placeBoxes, stepRow } from "./layout.ts";

const box = (width: number, height: number): DashboardWidget => ({ kind: "built-in", shows: "risk", width, height });
const size = fc.integer({ min: 1, max: 3 });
const widgets = fc.array(
	fc.tuple(size, size).map(([width, height]) => box(width, height)),
	{ minLength: 1, maxLength: 30 },
);
const screen = fc.record({ columns: fc.integer({ min: 40, max: 250 }), rows: fc.integer({ min: 8, max: 80 }) });

test("the chosen box is on screen, whatever was there before, and each box stands once or is told as hidden", () => {
	fc.assert(
		fc.property(widgets, screen, fc.nat(29), fc.nat(20), (all, at, wish, top) => {
			const focus = wish % all.length;
			const board = placeBoxes(all, at, focus, top);
			const shown = board.rows.flatMap(({ boxes }) => boxes.map((one) => one.at));
			expect(shown).toContain(focus);
			expect([...shown, ...board.hidden].toSorted((a, b) => a - b)).toEqual(all.map((_, index) => index));
			const used = board.rows.reduce((sum, { height }) => sum + height, 0) + (board.hidden.length > 0 ? 1 : 0);
			expect(used).toBeLessThanOrEqual(at.rows);
			expect(placeBoxes(all, at, focus, board.top).top).toBe(board.top);
		}),
	);
});

test("no more boxes side by side than there is room for, and all rows of the screen are used", () => {
	const all = Array.from({ length: 6 }, () => box(1, 2));
	const across = (columns: number) =>
		placeBoxes(all, { columns, rows: 41 }, 0, 0).rows.map(({ boxes }) => boxes.length);
	expect(across(160)).toEqual([3, 3]);
	expect(across(80)).toEqual([2, 2, 2]);
	expect(across(60)).toEqual([1, 1, 1, 1, 1]);
	expect(placeBoxes(all, { columns: 160, rows: 41 }, 0, 0).rows.reduce((sum, { height }) => sum + height, 0)).toBe(41);
	expect(placeBoxes([box(3, 1), box(2, 1), box(1, 1)], { columns: 80, rows: 24 }, 0, 0).rows.length).toBe(3);
});

test("up and down go to the box nearest in the next row and stop at the ends", () => {
	const all = [box(1, 1), box(1, 1), box(1, 1), box(2, 1), box(1, 1)];
	expect(stepRow(all, 160, 0, 1)).toBe(3);
	expect(stepRow(all, 160, 2, 1)).toBe(4);
	expect(stepRow(all, 160, 4, -1)).toBe(2);
	expect(stepRow(all, 160, 4, 1)).toBe(4);
	expect(stepRow(all, 160, 1, -1)).toBe(1);
});
