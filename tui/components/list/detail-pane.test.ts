import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ScreenContext } from "../../screens/view.ts";
import { createDetailPane } from "./detail-pane.ts";

interface Row {
	readonly id: number;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function openPane() {
	let row: Row = { id: 1 };
	const asked: { id: number; answer: (detail: string) => void }[] = [];
	const context = { changed: () => undefined, now: () => 0, isThrifty: () => false } as unknown as ScreenContext;
	const pane = createDetailPane<Row, string>(
		{
			loadDetail: (id) => new Promise((answer) => asked.push({ id, answer })),
			describe: (of, detail) => [{ kind: "text", text: `row ${of.id} ${detail ?? "awaited"}` }],
			titleOf: ({ id }) => `title ${id}`,
		},
		context,
		() => row,
	);
	return {
		asked,
		pane,
		move: (id: number) => {
			row = { id };
		},
		/** Title and text, as numbers of rows and what is known. */
		shown: () => /title (\d).*?row (\d) (\w+)/s.exec(pane.draw(30, 5).join("\n"))?.slice(1).join(" "),
	};
}

/** What is due by then, with what waits for promises. */
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test("the details of the row before stay until those of the next have come, and title and text are of one row", async () => {
	const { asked, shown, move, pane } = openPane();
	shown();
	await pass(50);
	asked[0]?.answer("seen");
	await pass(0);
	expect(shown()).toBe("1 1 seen");
	move(2);
	expect(shown()).toBe("1 1 seen");
	await pass(50);
	expect(shown()).toBe("1 1 seen");
	await pass(45);
	expect(shown()).toBe("1 1 seen");
	expect(asked.map(({ id }) => id)).toEqual([1, 2]);
	asked[1]?.answer("found");
	await pass(0);
	expect(shown()).toBe("2 2 found");
	pane.close();
});

test("what takes long is not waited for: the next row is named without its details", async () => {
	const { asked, shown, move, pane } = openPane();
	shown();
	await pass(50);
	asked[0]?.answer("seen");
	await pass(0);
	shown();
	move(2);
	shown();
	await pass(50);
	shown();
	await pass(100);
	expect(shown()).toBe("2 2 awaited");
	asked[1]?.answer("found");
	await pass(0);
	expect(shown()).toBe("2 2 found");
	pane.close();
});

test("a cursor that goes on takes the pane along to where it rests", async () => {
	const { asked, shown, move, pane } = openPane();
	shown();
	await pass(50);
	asked[0]?.answer("seen");
	await pass(0);
	shown();
	for (const id of [2, 3, 4]) {
		move(id);
		shown();
		await pass(60);
		shown();
	}
	await pass(90);
	shown();
	await pass(100);
	asked.at(-1)?.answer("found");
	await pass(0);
	expect(asked.at(-1)?.id).toBe(4);
	expect(shown()).toBe("4 4 found");
	pane.close();
});

test("details that were asked for before a change are asked for again once they are here", async () => {
	const { asked, shown, pane } = openPane();
	shown();
	await pass(50);
	pane.refresh();
	asked[0]?.answer("before");
	await pass(0);
	expect(shown()).toBe("1 1 before");
	await pass(50);
	asked[1]?.answer("after");
	await pass(0);
	expect(shown()).toBe("1 1 after");
	pane.close();
});
