/** Whatever is asked of a queue of runs, in whatever order, while they begin, halt, end and fail. */
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { AppError } from "../../protocol/errors.ts";
import { isOver } from "../../protocol/model/run-status.ts";
import { noWindow } from "../../protocol/model/scan-window.ts";
import { AddressSet } from "../scope/address-set.ts";
import type { Ending, Run, RunOwner } from "./run-owner.ts";
import { RunQueue } from "./run-queue.ts";

const [thursday, friday] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 2)];
const inParallel = 2;
const fridays = { ...noWindow, during: "Fri 00:00-24:00", timeZone: "UTC" };

const acts = [
	"enqueue",
	"pause",
	"resume",
	"force",
	"cancel",
	"end",
	"fail",
	"replan",
	"stop-all",
	"clock",
	"turn",
] as const;
type Act = readonly [act: (typeof acts)[number], run: number];

class World {
	readonly stored = new Map<number, Run>();
	readonly atWork = new Map<number, (how: "finished" | Error) => void>();
	readonly wrong: string[] = [];
	readonly #said: Promise<unknown>[] = [];
	#at = thursday;
	#look = () => {};
	queue = this.open();

	open(): RunQueue<Run, null, Ending> {
		const owner: RunOwner<Run, null, Ending> = {
			...{
				words: { one: "Walk", many: "walks", list: "walk list", resume: "walk on" },
				inParallel,
				now: () => this.#at,
			},
			setTimer: (_, call) => {
				this.#look = call;
				return () => {};
			},
			get: (id) => this.stored.get(id) ?? fail("not-found"),
			put: (run) => {
				this.stored.set(run.id, run);
				return run;
			},
			note: (run) => void this.stored.set(run.id, run),
			still: (run) => ({ ...run, rate: 0 }),
			open: () => null,
			standing: (id) => ({ ...(this.stored.get(id) ?? fail("not-found")), rate: 1 }),
			reachOf: (id) => (id % 2 === 0 ? null : AddressSet.fromText([["127.0.0.1", "127.0.0.1"]])),
			carryOut: (run, { controller }) => this.#carryOut(run, controller.signal),
			finished: (run) => run,
			conclude: () => turn(),
			keep: async (id) => {
				await turn();
				return owner.get(id);
			},
			onFault: (_, err) => {
				if (!(err instanceof Error && err.message === "as asked")) this.wrong.push(String(err));
			},
		};
		return new RunQueue(owner);
	}

	#carryOut({ id, window, ignoreWindow }: Run, signal: AbortSignal): Promise<Ending> {
		if (this.atWork.has(id)) this.wrong.push(`${id} is at work twice`);
		if (window != null && ignoreWindow !== true && this.#at !== friday)
			this.wrong.push(`${id} began outside its window`);
		return new Promise<Ending>((resolve, reject) => {
			this.atWork.set(id, (how) => (how === "finished" ? resolve({ how }) : reject(how)));
			if (this.atWork.size > inParallel) this.wrong.push("more at work than may be");
			signal.addEventListener("abort", () => setImmediate(resolve, { how: "stopped" }));
		}).finally(() => this.atWork.delete(id));
	}

	async act([act, id]: Act): Promise<void> {
		const { queue } = this;
		const window = id % 2 === 0 ? fridays : null;
		switch (act) {
			case "enqueue":
				if (this.stored.has(id)) return;
				this.stored.set(id, {
					...{ id, window, status: "queued", reason: null, rate: 0 },
					...{ startedAt: null, finishedAt: null },
				});
				return queue.enqueue(id);
			case "pause":
				return this.#ask(() => queue.pause(id));
			case "cancel":
				return this.#ask(() => queue.cancel(id));
			case "resume":
				return this.#ask(async () => queue.resume(id));
			case "force":
				return this.#ask(async () => queue.resume(id, { ignoreWindow: true }));
			case "end":
				return this.atWork.get(id)?.("finished");
			case "fail":
				return this.atWork.get(id)?.(new Error("as asked"));
			case "replan":
				return this.#ask(() => queue.replan(id % 2 === 0 ? null : AddressSet.fromText([["127.0.0.1", "127.0.0.9"]])));
			case "stop-all":
				return this.#ask(() => queue.stopAll());
			case "clock":
				this.#at = this.#at === friday ? thursday : friday;
				return this.#look();
			case "turn":
				await turn();
		}
	}

	/** What means nothing to a run as it stands is refused; nothing else is. */
	#ask(what: () => Promise<unknown>): void {
		this.#said.push(
			what().catch((err: unknown) => {
				if (!(err instanceof AppError)) this.wrong.push(String(err));
			}),
		);
	}

	async calm(): Promise<void> {
		await Promise.all(this.#said.splice(0));
		for (let n = 0; n < 8; n++) await turn();
	}

	check(): void {
		expect(this.wrong).toEqual([]);
		const called = (status: Run["status"]) => [...this.stored.values()].filter((run) => run.status === status);
		expect(
			called("running")
				.map(({ id }) => id)
				.sort(),
		).toEqual([...this.atWork.keys()].sort());
		expect([...called("pausing"), ...called("cancelling")]).toEqual([]);
		if (this.atWork.size < inParallel) expect(called("queued")).toEqual([]);
		if (this.#at === friday) expect(called("waiting")).toEqual([]);
		for (const { status, finishedAt } of this.stored.values()) expect(isOver({ status })).toBe(finishedAt !== null);
	}
}

function fail(code: "not-found"): never {
	throw new AppError(code, "There is none.");
}

test("no order of acts loses a run, has one at work twice or outside its window, or leaves one that nobody can move", async () => {
	const act = fc.tuple(fc.constantFrom(...acts), fc.integer({ min: 1, max: 5 }));
	const law = fc.asyncProperty(fc.array(act, { maxLength: 40 }), fc.boolean(), async (all, goesDown) => {
		const world = new World();
		for (const id of [1, 2, 3]) await world.act(["enqueue", id]);
		for (const one of all) await world.act(one);
		if (goesDown) {
			await world.queue.suspend();
			await world.calm();
			expect(world.atWork.size).toBe(0);
			world.queue = world.open();
			world.queue.recover([...world.stored.values()].filter((run) => !isOver(run)));
			world.queue.begin();
		}
		await world.calm();
		world.check();
		await world.queue.stopAll();
		expect([world.atWork.size, world.queue.running]).toEqual([0, 0]);
		for (const run of world.stored.values()) expect(run.status === "paused" || isOver(run)).toBe(true);
	});
	await fc.assert(law, { numRuns: 300 });
});
