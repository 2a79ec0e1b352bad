import { expect, test } from "vitest";
import { createLineRate, rowsInTurn } from "./line-rate.ts";

test("a line counts as slow once several writes in a row say so, and no longer when they stop", () => {
	const rate = createLineRate();
	for (let write = 0; write < 4; write++) rate.took(2_000, 20);
	expect(rate.mostAtOnce).toBe(Number.POSITIVE_INFINITY);
	rate.took(2_000, 20);
	expect(rate.mostAtOnce).toBe(1_500);
	rate.took(2_000, 0);
	expect(rate.mostAtOnce, "one quick write").toBe(1_500);
	for (let write = 0; write < 3; write++) rate.took(2_000, 0);
	expect(rate.mostAtOnce).toBe(Number.POSITIVE_INFINITY);
});

test("a busy machine and small writes say nothing, and a part is never too small to be worth it", () => {
	const rate = createLineRate();
	for (let write = 0; write < 20; write++) {
		rate.took(20, 40);
		rate.took(8_000, write % 5 === 0 ? 300 : 1);
	}
	expect(rate.mostAtOnce).toBe(Number.POSITIVE_INFINITY);
	for (let write = 0; write < 5; write++) rate.took(1_000, 10_000);
	expect(rate.mostAtOnce).toBe(500);
});

test("rows just changed come first while they are few, and each row has its turn", () => {
	expect(rowsInTurn(6, [4, 1], 3)).toEqual([4, 1, 3, 5, 0, 2]);
	expect(rowsInTurn(8, [0, 1, 2, 3, 4, 5, 6], 5)).toEqual([5, 6, 7, 0, 1, 2, 3, 4]);
	expect(rowsInTurn(3, [], 7)).toEqual([1, 2, 0]);
});
