import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { patience } from "../../../test/support/eventually.ts";
import { createMarks, type MarkedList } from "./marks.ts";

interface Row {
	readonly id: number;
}

function listOf(total: number, loaded: (index: number) => boolean = () => true) {
	const state = { cursor: 0, filter: "", said: [] as string[] };
	const list: MarkedList<Row> = {
		current: () => (total === 0 ? undefined : { id: state.cursor + 1 }),
		cursor: () => state.cursor,
		known: () =>
			Array.from({ length: total }, (_, index) => [index, { id: index + 1 }] as const).filter(([at]) => loaded(at)),
		asked: () => ({ filter: state.filter, total }),
		next: () => {
			state.cursor = Math.min(total - 1, state.cursor + 1);
		},
		changed: () => undefined,
		say: (text) => void state.said.push(text),
		fail: () => undefined,
		read: async (first, count) => Array.from({ length: count }, (_, at) => ({ id: first + at + 1 })),
	};
	const marks = createMarks(list);
	return { state, marks, press: (action: string) => marks.handlers[action]?.run() };
}

test("with nothing marked an act is about the row under the cursor", () => {
	const { marks, state } = listOf(5);
	state.cursor = 2;
	expect(marks.count()).toBe(0);
	expect(marks.selection()).toEqual({ kind: "rows", ids: [3], rows: [{ id: 3 }] });
	expect(listOf(0).marks.selection()).toEqual({ kind: "rows", ids: [], rows: [] });
});

test("all that match mean the filter, and no longer when that is another", () => {
	const { marks, state, press } = listOf(12, (index) => index < 3);
	state.filter = "port:22";
	press("all-matching");
	expect(marks.selection()).toEqual({ kind: "matching", filter: "port:22", total: 12 });
	expect(marks.has({ id: 900 }, 11)).toBe(true);
	press("mark");
	press("mark");
	expect(marks.selection()).toEqual({ kind: "matching", filter: "(port:22) and not id:[1, 2]", total: 10 });
	state.cursor = 0;
	press("mark");
	expect(marks.selection()).toMatchObject({ filter: "(port:22) and not id:[2]" });
	state.filter = "port:23";
	expect(marks.count()).toBe(0);
	expect(marks.selection()).toMatchObject({ kind: "rows" });
});

test("asking what an act is about ends no range; rows that were jumped over are read", async () => {
	const { marks, state, press } = listOf(100, (index) => index < 10);
	press("range");
	state.cursor = 4;
	expect(marks.selection()).toMatchObject({ ids: [1, 2, 3, 4, 5] });
	expect(marks.figures()[0]?.[0]).toMatch(/5 in the range/);
	state.cursor = 19;
	press("range");
	expect(marks.count()).toBe(10);
	await vi.waitFor(() => expect(state.said.at(-1)).toBe("20 rows are marked."), patience);
	expect(marks.selection()).toMatchObject({ ids: Array.from({ length: 20 }, (_, at) => at + 1) });
	press("range");
	state.cursor = 99;
	press("range");
	marks.clear();
	await Promise.resolve();
	expect(marks.count()).toBe(0);
});

test("whatever is pressed, what is counted is what is taken, and Escape ends", () => {
	const action = fc.constantFrom("mark", "mark-all", "range", "all-matching", "down", "up", "filter");
	fc.assert(
		fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
			const { marks, state, press } = listOf(9);
			for (const one of actions) {
				if (one === "down") state.cursor = Math.min(8, state.cursor + 1);
				else if (one === "up") state.cursor = Math.max(0, state.cursor - 1);
				else if (one === "filter") state.filter = state.filter === "" ? "a" : "";
				else press(one);
				const selection = marks.selection();
				const marked = Array.from({ length: 9 }, (_, at) => marks.has({ id: at + 1 }, at)).filter(Boolean).length;
				expect(marks.count()).toBe(marked);
				if (selection.kind === "matching") expect(selection.total).toBe(marked);
				else expect(selection.ids).toHaveLength(Math.max(1, marked));
			}
			for (let left = 3; left > 0 && marks.back(); left--);
			expect(marks.count()).toBe(0);
		}),
	);
});
