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
