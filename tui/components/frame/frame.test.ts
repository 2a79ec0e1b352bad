import fc from "fast-check";
import { expect, test } from "vitest";
import { createFrameDrawer, drawFrame } from "./frame.ts";
import { createMemory } from "./memory.ts";

const pane = fc.record({
	content: fc.array(fc.constantFrom("one ", "two ", "four", "\u001b[1mbold\u001b[0m"), { maxLength: 8 }),
	height: fc.integer({ min: 0, max: 9 }),
	width: fc.constantFrom(3, 8, 12),
	focused: fc.boolean(),
});

test("a pane that is drawn again is what one drawn for the first time would be", () => {
	fc.assert(
		fc.property(fc.array(pane, { maxLength: 6 }), (frames) => {
			const draw = createFrameDrawer();
			for (const { content, height, width, focused } of frames) {
				const parts = { title: "T", focused, content: () => content.map((text) => text.padEnd(width - 4)) };
				expect(draw(width, height, parts)).toEqual(drawFrame(width, height, parts));
			}
		}),
	);
});

test("content that finds no room is not where a row was before", () => {
	const draw = createFrameDrawer();
	const parts = (...content: string[]) => ({ title: "T", content: () => content });
	draw(8, 4, parts("one ", "two ", "four"));
	expect(draw(8, 4, parts("one ", "four"))).toEqual(drawFrame(8, 4, parts("one ", "four")));
});

test("what was drawn is kept until something of it changes", () => {
	const memory = createMemory();
	const draw = (...from: unknown[]) => memory(from, () => [from.join(" ")]);
	const first = draw("a", 1);
	expect(draw("a", 1)).toBe(first);
	expect(draw("a", 2)).toEqual(["a 2"]);
	expect(draw("a")).toEqual(["a"]);
	expect(draw("a", 1)).toEqual(["a 1"]);
});
