import fc from "fast-check";
import { expect, test } from "vitest";
import { listLayout } from "../../../protocol/model/view.ts";
import type { Column } from "./columns.ts";
import { changeLayout, type LayoutChange, laidOut, layoutEntries, widthLimits } from "./layout.ts";

const columns: readonly Column<string>[] = ["a", "b", "c", "d"].map((id) => ({
	...{ id, title: id.toUpperCase(), width: 10, worth: 1, draw: (row: string) => [[row] as const] },
}));
const ids = (layout: Parameters<typeof laidOut>[1]) => laidOut(columns, layout).map(({ id }) => id);

test("columns are hidden, moved and made as wide as wanted; going back leaves nothing to keep", () => {
	let layout = changeLayout(columns, [], { kind: "toggle", id: "b" });
	expect(ids(layout)).toEqual(["a", "c", "d"]);
	layout = changeLayout(columns, layout, { kind: "move", id: "d", by: -1 });
	expect(ids(layout)).toEqual(["a", "d", "c"]);
	layout = changeLayout(columns, layout, { kind: "width", id: "d", width: 25 });
	expect(laidOut(columns, layout)[1]).toMatchObject({ id: "d", width: 25, most: 25, grow: 0 });
	layout = changeLayout(columns, layout, { kind: "width", id: "d", width: null });
	layout = changeLayout(columns, layout, { kind: "move", id: "d", by: 1 });
	expect(changeLayout(columns, layout, { kind: "toggle", id: "b" })).toEqual([]);
});

test("a column that came later, or is there no more, does no harm", () => {
	const layout = [
		{ id: "gone", hidden: false, width: 4 },
		{ id: "c", hidden: false, width: null },
		{ id: "a", hidden: true, width: null },
	];
	expect(ids(layout)).toEqual(["c", "b", "d"]);
	expect(ids(columns.map(({ id }) => ({ id, hidden: true, width: null })))).toEqual(["a", "b", "c", "d"]);
});

test("whatever is changed, each column is there once, one is shown, and the daemon can keep it", () => {
	const id = fc.constantFrom("a", "b", "c", "d", "gone");
	const change: fc.Arbitrary<LayoutChange> = fc.oneof(
		fc.record({ kind: fc.constant("toggle" as const), id }),
		fc.record({ kind: fc.constant("move" as const), id, by: fc.constantFrom(-1 as const, 1 as const) }),
		fc.record({ kind: fc.constant("width" as const), id, width: fc.option(fc.integer({ min: -5, max: 900 })) }),
	);
	fc.assert(
		fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
			const layout = changes.reduce((now, one) => changeLayout(columns, now, one), listLayout.parse([]));
			expect(listLayout.parse(layout)).toEqual(layout);
			const entries = layoutEntries(columns, layout);
			expect(entries.map(({ column }) => column.id).sort()).toEqual(["a", "b", "c", "d"]);
			expect(entries.some(({ hidden }) => !hidden)).toBe(true);
			for (const { width } of layout) {
				if (width === null) continue;
				expect(width).toBeGreaterThanOrEqual(widthLimits.least);
				expect(width).toBeLessThanOrEqual(widthLimits.most);
			}
		}),
	);
});
