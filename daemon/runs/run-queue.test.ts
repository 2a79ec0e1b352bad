import { beforeEach, expect, test } from "vitest";
import type { Active, Outcome, Run, RunOwner } from "./run-owner.ts";
import { RunQueue } from "./run-queue.ts";

const stored = new Map<number, Run>();
const begun: number[] = [];
const held = new Map<number, (how: Outcome<"finished">) => void>();
const faults: unknown[] = [];

const owner: RunOwner<Run, null, "finished" | "stopped"> = {
	words: { one: "Walk", many: "walks", resume: "walk on" },
	inParallel: 2,
	now: () => Date.UTC(2026, 0, 1),
	get: (id) => stored.get(id) ?? run(id),
	put(one) {
		stored.set(one.id, one);
		return one;
	},
	still: (one) => ({ ...one, rate: 0 }),
	open: () => null,
	standing: (id) => owner.get(id),
	reachOf: () => null,
	carryOut({ id }, { controller }) {
		begun.push(id);
		return new Promise((resolve) => {
			controller.signal.addEventListener("abort", () => resolve("stopped"));
			held.set(id, () => resolve("finished"));
		});
	},
	settle(one, { end, reason }: Active<null>, how, next) {
		if (how === "finished") owner.put(queue.closed(one, "finished", null));
		else if (end === "cancel") owner.put(queue.closed(one, "cancelled", null));
		else if (end === "replan") next.goOn(one);
		else owner.put({ ...one, status: "paused", reason });
	},
	keep: async (id) => owner.get(id),
	onFault: (_, err) => faults.push(err),
};
let queue = new RunQueue(owner);

function run(id: number): Run {
	return { id, status: "queued", reason: null, rate: 0, startedAt: null, finishedAt: null };
}

const statuses = () => [...stored.values()].map(({ status }) => status);

beforeEach(() => {
	for (const kept of [stored, held]) kept.clear();
	for (const list of [begun, faults]) list.length = 0;
	queue = new RunQueue(owner);
	for (const id of [1, 2, 3]) owner.put(run(id));
	queue.enqueue(1, 2, 3);
});

test("as many as may are at work, and the next has its turn when one is over", async () => {
	expect([begun, queue.running]).toEqual([[1, 2], 2]);
	held.get(1)?.("finished");
	await expect.poll(() => begun).toEqual([1, 2, 3]);
	expect(statuses()).toEqual(["finished", "running", "running"]);
});

test("cancelling outdoes pausing, whichever comes first", async () => {
	await Promise.all([queue.pause(1, "for now"), queue.cancel(1), queue.cancel(2), queue.pause(2, "for now")]);
	expect(statuses()).toEqual(["cancelled", "cancelled", "running"]);
});

test("planned again it goes on, and what waits keeps its place", async () => {
	expect(await queue.replan(null)).toEqual([1, 2]);
	expect([begun, statuses()]).toEqual([
		[1, 2, 1, 2],
		["running", "running", "queued"],
	]);
});

test("what is over can be neither paused nor resumed, and says so", async () => {
	await queue.cancel(3);
	await expect(queue.pause(3)).rejects.toThrow("Walk 3 is cancelled; you cannot pause it.");
	expect(() => queue.resume(3)).toThrow("Walk 3 is cancelled; you cannot resume it.");
	expect(faults).toEqual([]);
});
