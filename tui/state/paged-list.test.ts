import fc from "fast-check";
import { expect, test } from "vitest";
import {
	currentRow,
	emptyList,
	isLoading,
	type ListEvent,
	nextFetch,
	type PagedList,
	pageSize,
	reduceList,
	rowAt,
} from "./paged-list.ts";

interface Row {
	readonly id: number;
}

/** Answers what the list asks for until it asks no more; rows are the ids given. */
function settle(list: PagedList<Row>, ids: readonly number[], atLeast?: true, asking = () => {}): PagedList<Row> {
	let now = list;
	for (let asked = 0; asked < 10_000; asked++) {
		const fetch = nextFetch(now);
		if (!fetch) return now;
		asking();
		const start = Number(fetch.cursor ?? 0) + fetch.skip;
		const items = ids.slice(start, start + pageSize).map((id) => ({ id }));
		const next = start + pageSize < ids.length ? String(start + pageSize) : null;
		now = reduceList(now, {
			kind: "page",
			generation: fetch.question.generation,
			page: fetch.page,
			items,
			total: atLeast ? items.length : ids.length,
			atLeast,
			next,
		});
	}
	throw new Error("The list never stops asking.");
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test("a list of any length is walked to its end, and only pages near the window are kept", () => {
	let list = settle(emptyList<Row>("", undefined), upTo(25_000));
	expect(currentRow(list)?.id).toBe(1);
	list = settle(reduceList(list, { kind: "jump", to: Number.MAX_SAFE_INTEGER }), upTo(25_000));
	expect(currentRow(list)?.id).toBe(25_000);
	expect(list.pages.size).toBeLessThanOrEqual(9);
});

test("going anywhere takes a few pages, not all that lie between, and memory does not grow", () => {
	const ids = upTo(100_000);
	let asked = 0;
	const go = (event: ListEvent<Row>, from: PagedList<Row>) => {
		const now = settle(reduceList(from, event), ids, undefined, () => asked++);
		expect(now.pages.size).toBeLessThanOrEqual(9);
		expect(now.cursors.size).toBeLessThanOrEqual(42);
		return now;
	};
	let list = go({ kind: "jump", to: 99_999 }, settle(emptyList<Row>("", undefined), ids));
	expect(currentRow(list)?.id).toBe(100_000);
	list = go({ kind: "jump", to: 50_000 }, list);
	expect(currentRow(list)?.id).toBe(50_001);
	expect(asked).toBeLessThan(10);
	for (let step = 0; step < 300; step++) list = go({ kind: "move", by: -19 }, list);
	expect(currentRow(list)?.id).toBe(50_001 - 300 * 19);
	expect(asked).toBeLessThan(10 + 60);
});

test("with a leap the window moves seldom, and the cursor is always in it", () => {
	const keys = fc.array(fc.constantFrom<1 | -1>(1, 1, 1, -1), { maxLength: 200 });
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 60 }), keys, (height, leap, steps) => {
			let list = settle(reduceList(emptyList<Row>("", undefined), { kind: "height", height }), upTo(90));
			let moves = 0;
			for (const by of steps) {
				const before = list.top;
				list = settle(reduceList(list, { kind: "move", by, leap }), upTo(90));
				const isInside = list.cursor >= before && list.cursor < before + height;
				expect(list.top === before).toBe(isInside);
				expect(list.cursor).toBeGreaterThanOrEqual(list.top);
				expect(list.cursor).toBeLessThan(list.top + height);
				expect(list.top).toBeLessThanOrEqual(Math.max(0, 90 - height));
				if (!isInside) moves++;
			}
			// A turn at an edge may move it back again; otherwise a whole leap lies between two moves.
			const turns = steps.filter((by, at) => by !== steps[at + 1]).length;
			expect(moves).toBeLessThanOrEqual(Math.ceil(steps.length / Math.min(leap, height)) + turns);
		}),
	);
});

test("the page ahead is asked for in the direction of travel", () => {
	let list = settle(reduceList(emptyList<Row>("", undefined), { kind: "height", height: 20 }), upTo(5_000));
	expect(list.pages.has(1)).toBe(true);
	list = settle(reduceList(list, { kind: "jump", to: 2_550 }), upTo(5_000));
	expect([...list.pages.keys()].sort()).toContain(26);
	list = settle(reduceList(list, { kind: "move", by: -1 }), upTo(5_000));
	expect(list.pages.has(24)).toBe(true);
});

test("pages that were counted out join those that were walked to, also when rows came in above", () => {
	let ids = upTo(2_000);
	let list = settle(reduceList(emptyList<Row>("", undefined), { kind: "height", height: 20 }), ids);
	list = settle(reduceList(list, { kind: "jump", to: 1_050 }), ids);
	list = settle(reduceList(list, { kind: "move", by: 1 }), ids);
	ids = [...Array.from({ length: 7 }, (_, n) => 10_000 + n), ...ids];
	list = settle(reduceList(list, { kind: "changed" }), ids);
	for (let step = 0; step < 40; step++) {
		list = settle(reduceList(list, { kind: "move", by: -10 }), ids);
		const window = Array.from({ length: 20 }, (_, at) => rowAt(list, list.top + at)?.id ?? 0);
		expect(window).toEqual(ids.slice(ids.indexOf(window[0] ?? 0)).slice(0, 20));
	}
});

test("rows that come above leave the cursor on its row and the row on its line", () => {
	let list = settle(emptyList<Row>("", undefined), upTo(300));
	list = settle(reduceList(reduceList(list, { kind: "height", height: 20 }), { kind: "move", by: 50 }), upTo(300));
	const line = list.cursor - list.top;
	list = settle(reduceList(list, { kind: "changed" }), [-3, -2, -1, ...upTo(300)]);
	expect(currentRow(list)?.id).toBe(51);
	expect(list.cursor).toBe(53);
	expect(list.cursor - list.top).toBe(line);
});

test("a wrong question keeps the last good rows, and the next right one replaces them", () => {
	let list = settle(emptyList<Row>("", undefined), upTo(30));
	list = reduceList(list, { kind: "ask", filter: "wrong" });
	expect(isLoading(list)).toBe(true);
	list = reduceList(list, {
		kind: "failed",
		generation: list.asked.generation,
		failure: { code: "invalid", message: "no", hint: undefined, at: 3 },
	});
	expect(nextFetch(list)).toBeUndefined();
	expect(rowAt(list, 0)?.id).toBe(1);
	list = settle(reduceList(list, { kind: "ask", filter: "right" }), [7, 8]);
	expect(list.failure).toBeUndefined();
	expect(list.total).toBe(2);
});

test("a late answer to an older question is not taken", () => {
	const list = settle(emptyList<Row>("", undefined), upTo(30));
	const asked = reduceList(list, { kind: "ask", filter: "new" });
	const late = reduceList(asked, { kind: "page", generation: 99, page: 0, items: [{ id: 5 }], total: 1, next: null });
	expect(late).toBe(asked);
});

test("rows are shown before they are counted, and a count of an older question is not taken", () => {
	let list = settle(emptyList<Row>("", undefined), upTo(450), true);
	expect(currentRow(list)?.id).toBe(1);
	expect(list.isCounted).toBe(false);
	expect(list.total).toBeGreaterThan(pageSize);
	const { generation } = list.answered;
	expect(reduceList(list, { kind: "counted", generation: generation + 1, total: 7 })).toBe(list);
	list = reduceList(list, { kind: "counted", generation, total: 450 });
	list = settle(reduceList(list, { kind: "jump", to: 1_000 }), upTo(450), true);
	expect(currentRow(list)?.id).toBe(450);
	// Of the last page it is known how many there are.
	expect(list).toMatchObject({ total: 450, isCounted: true });
	list = settle(reduceList(reduceList(list, { kind: "jump", to: 0 }), { kind: "changed" }), upTo(460), true);
	expect(list).toMatchObject({ total: 450, isCounted: false });
	expect(reduceList(list, { kind: "counted", generation, total: 460 })).toMatchObject({ total: 460, isCounted: true });
});

test("a count of before does not promise a row behind the last", () => {
	const short = upTo(101);
	let list = settle(emptyList<Row>("", undefined), upTo(450), true);
	list = settle(reduceList(list, { kind: "jump", to: 119 }), upTo(450), true);
	list = settle(reduceList(list, { kind: "changed" }), short, true);
	const { generation } = list.answered;
	list = settle(reduceList(list, { kind: "counted", generation, total: 102 }), short, true);
	list = settle(reduceList(list, { kind: "move", by: 1 }), short, true);
	expect(currentRow(list)?.id).toBe(101);
	expect(list.total).toBe(101);
});

test("whatever happens, the cursor is in the list and in the window, and asking ends", () => {
	const event: fc.Arbitrary<ListEvent<Row> | { kind: "resize"; ids: number } | { kind: "count"; total: number }> =
		fc.oneof(
			fc.record({ kind: fc.constant("move" as const), by: fc.integer({ min: -300, max: 300 }) }),
			fc.record({ kind: fc.constant("jump" as const), to: fc.integer({ min: -5, max: 2_000 }) }),
			fc.record({ kind: fc.constant("height" as const), height: fc.integer({ min: 1, max: 60 }) }),
			fc.record({ kind: fc.constant("ask" as const), filter: fc.constantFrom("a", "b") }),
			fc.constant({ kind: "changed" as const }),
			fc.record({ kind: fc.constant("resize" as const), ids: fc.nat(1_200) }),
			fc.record({ kind: fc.constant("count" as const), total: fc.nat(1_200) }),
		);
	fc.assert(
		fc.property(fc.array(event, { maxLength: 25 }), fc.constantFrom(undefined, true as const), (events, later) => {
			let ids = upTo(450);
			let list = settle(emptyList<Row>("", undefined), ids, later);
			const said = (step: (typeof events)[number]): ListEvent<Row> => {
				if (step.kind === "resize") return { kind: "changed" };
				// Also one that was true some time ago.
				return step.kind === "count" ? { ...step, kind: "counted", generation: list.answered.generation } : step;
			};
			for (const step of events) {
				if (step.kind === "resize") ids = upTo(step.ids);
				list = settle(reduceList(list, said(step)), ids, later);
				expect(list.cursor).toBeGreaterThanOrEqual(0);
				expect(list.cursor).toBeLessThanOrEqual(Math.max(0, list.total - 1));
				expect(list.cursor - list.top).toBeGreaterThanOrEqual(0);
				expect(list.cursor - list.top).toBeLessThan(list.height);
				if (list.total > 0) expect(currentRow(list)).toBeDefined();
			}
		}),
	);
});
