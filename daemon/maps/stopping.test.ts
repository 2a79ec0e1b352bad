/** Maps that are stopped while the machine has troubles of its own. */
import { expect, test } from "vitest";
import { findMap } from "../store/maps.ts";
import { bench } from "./manager-bench.test-support.ts";

const start = "2026-01-05T10:00:00Z";
/** As a full disk does: everything can be read, nothing written. */
const fill = (db: { exec(text: string): void }, full = true) => db.exec(`PRAGMA query_only = ${full ? "ON" : "OFF"}`);

test("stop-all stops maps although nothing can be written, and that is written down when there is room again", async () => {
	const { boot, start: begin, hold, store } = bench(start, () => undefined);
	const manager = boot();
	const held = hold();
	const ids = [await begin(manager), await begin(manager), await begin(manager)];
	await held;
	fill(store.db);
	expect(await manager.stopAll()).toEqual(ids);
	expect(manager.running).toBe(0);
	expect(ids.map((id) => manager.current(id).status)).toEqual(["paused", "paused", "paused"]);
	fill(store.db, false);
	await manager.suspend();
	expect(ids.map((id) => findMap(store.db, id)?.status)).toEqual(["paused", "paused", "paused"]);
	store.close();
});

test("a disk that fills up pauses the map with the reason, and resuming finishes it", async () => {
	const { boot, start: begin, hold, release, until, store } = bench(start, () => undefined);
	const manager = boot();
	const held = hold();
	const id = await begin(manager);
	await held;
	const paused = until("paused");
	fill(store.db);
	release();
	await manager.replan(null);
	expect((await paused).reason).toMatch(/Nothing found so far is lost; resume the map when that is mended\.$/);
	fill(store.db, false);
	const finished = until("finished");
	manager.resume(id);
	expect(await finished).toMatchObject({ settled: 16, hosts: 3, progress: 1 });
	await manager.suspend();
	store.close();
});

test("a daemon starts although the map it left at work cannot be written down", async () => {
	const { boot, start: begin, hold, release, until, store } = bench(start, () => undefined);
	const first = boot();
	const held = hold();
	await begin(first);
	await held;
	await first.suspend();
	fill(store.db);
	const second = boot();
	fill(store.db, false);
	const finished = until("finished");
	release();
	await second.replan(null);
	expect((await finished).hosts).toBe(3);
	await second.suspend();
	store.close();
});

test("what somebody asked for counts more than a failure on the way there", async () => {
	const { boot, start: begin, hold, engine, store } = bench(start, () => undefined);
	const run = engine.run.bind(engine);
	let dies = false;
	engine.run = (job) => {
		const inner = run(job);
		const batches = async function* () {
			yield* inner;
			if (dies) throw new Error("The thread has died.");
		};
		return { stop: () => inner.stop(), [Symbol.asyncIterator]: () => batches() };
	};
	const manager = boot();
	const held = hold();
	const [first, second] = [await begin(manager), await begin(manager)];
	await held;
	dies = true;
	expect((await manager.cancel(first)).status).toBe("cancelled");
	await manager.suspend();
	expect(findMap(store.db, second)?.status).toBe("running");
	store.close();
});
