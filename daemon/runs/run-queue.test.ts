import { beforeEach, expect, test } from "vitest";
import { AppError } from "../../protocol/errors.ts";
import { noWindow } from "../../protocol/model/scan-window.ts";
import type { Ending, Run, RunOwner } from "./run-owner.ts";
import { RunQueue } from "./run-queue.ts";

const stored = new Map<number, Run>();
const begun: number[] = [];
const kept: number[] = [];
const held = new Map<number, (err?: Error) => void>();
const faults: unknown[] = [];
const t0 = Date.UTC(2026, 0, 1);
let at = t0;
/** Looks at the windows. */
let look = () => {};
/** The store takes nothing that says so. */
let refused: Run["status"] | null = null;

const owner: RunOwner<Run, null, Ending> = {
	words: { one: "Walk", many: "walks", list: "walk list", resume: "walk on" },
	inParallel: 2,
	now: () => at,
	setTimer(_, call) {
		look = call;
		return () => {};
	},
	get: (id) => stored.get(id) ?? run(id),
	put(one) {
		if (one.status === refused) throw new Error("The disk is full.");
		stored.set(one.id, one);
		return one;
	},
	note: () => undefined,
	still: (one) => ({ ...one, rate: 0 }),
	open: () => null,
	standing: (id) => owner.get(id),
	reachOf: () => null,
	carryOut({ id }, { controller }) {
		begun.push(id);
		return new Promise((resolve, reject) => {
			controller.signal.addEventListener("abort", () => setImmediate(resolve, { how: "stopped" }));
			held.set(id, (err) => (err === undefined ? resolve({ how: "finished" }) : reject(err)));
		});
	},
	finished: (one) => one,
	conclude: async (id) => void kept.push(id),
	keep: async (id) => owner.get(id),
	onFault: (_, err) => faults.push(err),
};
let queue = new RunQueue(owner);

function run(id: number): Run {
	return { id, status: "queued", reason: null, rate: 0, startedAt: null, finishedAt: null };
}

const statuses = () => [...stored.values()].map(({ status }) => status);

beforeEach(() => {
	for (const map of [stored, held]) map.clear();
	for (const list of [begun, kept, faults]) list.length = 0;
	[at, refused] = [t0, null];
	queue = new RunQueue(owner);
	for (const id of [1, 2, 3]) owner.put(run(id));
	queue.enqueue(1, 2, 3);
});

test("as many as may are at work, and the next has its turn when one is over", async () => {
	expect([begun, queue.running]).toEqual([[1, 2], 2]);
	held.get(1)?.();
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

test("what somebody asked for stands, whatever else halts it meanwhile", async () => {
	const [paused, cancelled] = [queue.pause(1, "By hand."), queue.cancel(2)];
	await Promise.all([queue.replan(null), queue.suspend()]);
	expect([(await paused).status, (await cancelled).status]).toEqual(["paused", "cancelled"]);
	expect(stored.get(1)?.reason).toBe("By hand.");
});

test("what was found is kept of those that do not go on by themselves, and of no others", async () => {
	await queue.replan(null);
	held.get(1)?.();
	await expect.poll(() => queue.running).toBe(2);
	await expect.poll(() => stored.get(1)?.status).toBe("finished");
	expect(kept).toEqual([]);
	await queue.pause(2);
	expect(kept).toEqual([2]);
	held.get(3)?.(new Error("as asked"));
	await expect.poll(() => stored.get(3)?.status).toBe("error");
	expect(kept).toEqual([2, 3]);
	queue.resume(2);
	await queue.suspend();
	expect([kept, stored.get(2)?.status]).toEqual([[2, 3], "running"]);
});

test("one that fails of what can be mended is paused and says what, also when it was to go on", async () => {
	for (const id of [1, 2]) held.get(id)?.(new AppError("unavailable", "The disk is full."));
	const planned = queue.replan(null);
	await planned;
	expect(statuses().slice(0, 2)).toEqual(["paused", "paused"]);
	expect(stored.get(1)?.reason).toBe(
		"The disk is full. Nothing found so far is lost; resume the walk when that is mended.",
	);
	expect(kept).toEqual([1, 2]);
});

test("what is over can be neither paused, resumed nor cancelled, and says so", async () => {
	await queue.cancel(3);
	await expect(queue.pause(3)).rejects.toThrow("Walk 3 is cancelled; you cannot pause it.");
	expect(() => queue.resume(3)).toThrow("Walk 3 is cancelled; you cannot resume it.");
	await expect(queue.cancel(3)).rejects.toThrow("Walk 3 is cancelled; you cannot cancel it.");
	expect(faults).toEqual([]);
});

test("what became of one cannot be written down: the next has its turn, and it can be cancelled", async () => {
	refused = "finished";
	held.get(1)?.();
	await expect.poll(() => begun).toEqual([1, 2, 3]);
	expect(faults).toHaveLength(1);
	expect(statuses()).toEqual(["running", "running", "running"]);
	expect(await queue.cancel(1)).toMatchObject({ status: "cancelled" });
	expect(begun).toEqual([1, 2, 3]);
});

test("stopped all of them are, also where that cannot be written down", async () => {
	refused = "pausing";
	await expect(queue.stopAll()).rejects.toThrow("The disk is full.");
	expect(queue.running).toBe(0);
	expect(statuses()).toEqual(["paused", "paused", "paused"]);
});

test("one that has run as long as it was to is paused, without a store too, and by whom it was paused before stands", async () => {
	await queue.stopAll();
	const window = { ...noWindow, timeZone: "UTC", pauseAfterMinutes: 10 };
	for (const id of [1, 2]) owner.put({ ...run(id), window });
	queue.enqueue(1, 2);
	at += 600_000;
	refused = "pausing";
	const byHand = queue.pause(1, "By hand.");
	look();
	await expect(byHand).rejects.toThrow("The disk is full.");
	await expect.poll(() => queue.running).toBe(0);
	expect(faults).toHaveLength(1);
	expect([stored.get(1)?.reason, stored.get(2)?.reason]).toEqual(["By hand.", expect.stringContaining("as long as")]);
});

test("one whose window opens while the store takes nothing goes on when it takes something again", async () => {
	await queue.stopAll();
	const during = "Fri 00:00-24:00";
	owner.put({ ...run(1), window: { ...noWindow, during, timeZone: "UTC" } });
	queue.enqueue(1);
	expect(stored.get(1)?.status).toBe("waiting");
	at = Date.UTC(2026, 0, 2);
	refused = "queued";
	look();
	expect([faults.length, stored.get(1)?.status]).toEqual([1, "waiting"]);
	refused = null;
	look();
	expect(stored.get(1)?.status).toBe("running");
});

test("one whose window has opened again before it has halted goes on at once", async () => {
	await queue.stopAll();
	owner.put({ ...run(1), window: { ...noWindow, during: "Thu 00:00-24:00", timeZone: "UTC" } });
	begun.length = 0;
	queue.enqueue(1);
	at = Date.UTC(2026, 0, 2);
	look();
	at = t0;
	await expect.poll(() => begun).toEqual([1, 1]);
	expect(stored.get(1)?.status).toBe("running");
});
