import { expect, test } from "vitest";
import { createListLoader, type ListPage } from "./list-loader.ts";
import { emptyList, rowAt } from "./paged-list.ts";
import { createStore } from "./store.ts";

interface Row {
	readonly id: number;
	readonly tags: string;
}

test("a change while a page is on its way is not lost with what the page brings", async () => {
	const store = createStore(emptyList<Row>("", undefined));
	const asked: ((page: ListPage<Row>) => void)[] = [];
	const loader = createListLoader<Row>(store, () => new Promise((answer) => asked.push(answer)));
	const answer = async (tags: string) => {
		asked.shift()?.({ items: [{ id: 1, tags }], total: 1, next: null });
		await Promise.resolve();
		await Promise.resolve();
	};
	loader.dispatch({ kind: "changed" });
	await answer("before");
	expect(asked).toHaveLength(1);
	loader.dispatch({ kind: "changed" });
	await answer("between");
	await answer("after");
	expect(rowAt(store.get(), 0)).toEqual({ id: 1, tags: "after" });
	expect(asked).toEqual([]);
	loader.close();
});

test("a row that is told while a page is on its way stays as it was told", async () => {
	const store = createStore(emptyList<Row>("", undefined));
	const asked: ((page: ListPage<Row>) => void)[] = [];
	const loader = createListLoader<Row>(store, () => new Promise((answer) => asked.push(answer)));
	loader.dispatch({ kind: "row", row: { id: 1, tags: "running" } });
	loader.dispatch({ kind: "row", row: { id: 1, tags: "finished" } });
	asked.shift()?.({ items: [{ id: 1, tags: "running" }], total: 1, next: null });
	await Promise.resolve();
	await Promise.resolve();
	expect(rowAt(store.get(), 0)).toEqual({ id: 1, tags: "finished" });
	expect(asked).toEqual([]);
	loader.close();
});

test("where something changes during every page, each page on screen has its turn", async () => {
	const store = createStore(emptyList<Row>("", undefined));
	const rows = Array.from({ length: 150 }, (_, id) => ({ id, tags: "" }));
	const asked: (() => void)[] = [];
	const loader = createListLoader<Row>(store, ({ cursor, skip = 0 }) => {
		const from = Number(cursor ?? 0) + skip;
		const page = { items: rows.slice(from, from + 100), total: 150, next: from === 0 ? "100" : null };
		return new Promise((answer) => asked.push(() => answer(page)));
	});
	loader.dispatch({ kind: "height", height: 120 });
	for (let turn = 0; turn < 4; turn++) {
		loader.dispatch({ kind: "changed" });
		asked.shift()?.();
		await Promise.resolve();
		await Promise.resolve();
	}
	expect(rowAt(store.get(), 149)?.id).toBe(149);
	loader.close();
});
