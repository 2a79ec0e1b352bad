import { expect, test } from "vitest";
import { surveyInLanes } from "./survey-lanes.ts";

const never = new AbortController().signal;

/** Surveys that end when they are told to; `most` is how many were under way at once. */
function bench(isSilent: (item: number) => boolean) {
	const open = new Map<number, () => void>();
	const seen = { most: 0, done: [] as number[] };
	const survey = (item: number) =>
		new Promise<boolean>((resolve) => {
			open.set(item, () => {
				open.delete(item);
				seen.done.push(item);
				resolve(isSilent(item));
			});
			seen.most = Math.max(seen.most, open.size);
		});
	const turn = () => new Promise((resolve) => void setImmediate(resolve));
	const finish = async () => {
		for (let idle = 0; idle < 2; idle = open.size === 0 ? idle + 1 : 0) {
			open.values().next().value?.();
			await turn();
		}
	};
	return { survey, seen, finish };
}
const items = Array.from({ length: 201 }, (_, i) => i);

test("as many at once as is said where ports speak, and in order", async () => {
	const { survey, seen, finish } = bench(() => false);
	const all = surveyInLanes(items, { atOnce: 8, signal: never }, survey);
	await finish();
	await all;
	expect(seen.most).toBe(8);
	expect(seen.done).toEqual(items);
});

test("four times as many where port after port keeps silent, and no more once one speaks", async () => {
	const { survey, seen, finish } = bench((item) => item < 100);
	const all = surveyInLanes(items.slice(0, 100), { atOnce: 8, signal: never }, survey);
	await finish();
	await all;
	expect(seen.most).toBe(32);
	const mixed = bench((item) => item % 8 !== 0);
	const rest = surveyInLanes(items, { atOnce: 8, signal: never }, mixed.survey);
	await mixed.finish();
	await rest;
	expect(mixed.seen.most).toBe(8);
});

test("a signal leaves the rest out, and a failure is told when nothing is under way any more", async () => {
	const controller = new AbortController();
	const { survey, seen, finish } = bench(() => false);
	const all = surveyInLanes(items, { atOnce: 4, signal: controller.signal }, survey);
	controller.abort();
	await finish();
	await all;
	expect(seen.done).toEqual([0, 1, 2, 3]);
	const slow = Promise.withResolvers<boolean>();
	let told = false;
	const failing = surveyInLanes([0, 1], { atOnce: 2, signal: never }, (item) =>
		item === 0 ? Promise.reject(new Error("broken")) : slow.promise,
	).catch((err: Error) => {
		told = true;
		return err.message;
	});
	await new Promise((resolve) => void setImmediate(resolve));
	expect(told).toBe(false);
	slow.resolve(false);
	expect(await failing).toBe("broken");
	await surveyInLanes([], { atOnce: 2, signal: never }, survey);
});
