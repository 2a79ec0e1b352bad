/** The clock on the wall is set while scans run: durations stay what they were, and windows follow the new time. */
import { expect, test } from "vitest";
import { noWindow } from "../../protocol/model/scan-window.ts";
import { listAssets } from "../store/assets.ts";
import { bench, plan } from "./manager-bench.test-support.ts";

const hourMs = 3_600_000;

/** A wall's clock that can be set, a steady one that goes on by itself, and timers that fall due when told. */
function clocks(start: string) {
	let wall = Date.parse(start);
	let steady = 0;
	const timers = new Set<() => void>();
	return {
		options: {
			now: () => (wall += 5),
			steady: () => (steady += 5),
			setTimer: (_ms: number, call: () => void) => {
				timers.add(call);
				return () => void timers.delete(call);
			},
		},
		set: (text: string) => {
			wall = Date.parse(text);
		},
		/** The windows are looked at again within half a minute, whatever was expected of the clock. */
		tick: () => {
			for (const call of [...timers]) {
				timers.delete(call);
				call();
			}
		},
	};
}

test.each([
	["forward by three hours", "2026-03-02T15:00:00Z"],
	["back by a day", "2026-03-01T12:00:00Z"],
])(
	"set %s: time spent, rate and time left are those of the steady clock, and no time limit falls due",
	async (_, to) => {
		const clock = clocks("2026-03-02T12:00:00Z");
		const limits = { maxHostMs: hourMs, maxScanMs: 2 * hourMs };
		const { manager, add, hold, release, until, told, db } = bench({
			...clock.options,
			planOf: async () => ({ ...plan, ...limits }),
		});
		const held = hold();
		const id = add("127.0.0.1");
		manager.enqueue(id);
		await held;
		clock.set(to);
		expect(manager.current(id).activeMs).toBeLessThan(hourMs);
		const paused = await manager.pause(id);
		expect(paused.activeMs).toBeGreaterThan(0);
		release();
		const finished = until("finished");
		manager.resume(id);
		const scan = await finished;
		expect(scan).toMatchObject({ reason: null, hosts: { alive: 1, done: 1 }, openPorts: 1 });
		expect(scan.activeMs).toBeGreaterThanOrEqual(paused.activeMs);
		expect(
			told.every(({ activeMs, rate, etaMs }) => activeMs >= 0 && activeMs < hourMs && rate >= 0 && (etaMs ?? 0) >= 0),
		).toBe(true);
		const [asset] = listAssets(db, { where: null, sort: null, limit: 10, cursor: null }).items;
		expect(Date.parse(asset?.lastSeen ?? "")).toBeGreaterThanOrEqual(Date.parse(asset?.firstSeen ?? ""));
	},
);

test.each([
	["back to before its window", "2026-03-02T18:00:00Z", "2026-03-02T20:00:00.000Z"],
	["forward to after its window", "2026-03-03T09:00:00Z", "2026-03-03T20:00:00.000Z"],
])("set %s: the scan halts, says when it goes on, and does", async (_, to, continuesAt) => {
	const clock = clocks("2026-03-02T21:00:00Z");
	const window = { ...noWindow, during: "Mon-Sun 20:00-06:00", timeZone: "UTC" };
	const { manager, add, hold, release, until } = bench({ ...clock.options, window });
	const held = hold();
	const id = add("127.0.0.1");
	manager.enqueue(id);
	await held;
	const waiting = until("waiting");
	clock.set(to);
	clock.tick();
	expect((await waiting).continuesAt).toBe(continuesAt);
	release();
	const finished = until("finished");
	clock.set("2026-03-03T22:00:00Z");
	clock.tick();
	expect(await finished).toMatchObject({ reason: null, hosts: { done: 1 } });
});

test("set back within its window: nothing happens", async () => {
	const clock = clocks("2026-03-02T23:30:00Z");
	const window = {
		...noWindow,
		during: "Mon-Sun 20:00-06:00",
		timeZone: "UTC",
		pauseAfterMinutes: 60,
		resumeInMinutes: 120,
	};
	const { manager, add, hold, release, until } = bench({ ...clock.options, window });
	const held = hold();
	const id = add("127.0.0.1");
	manager.enqueue(id);
	await held;
	clock.set("2026-03-02T22:30:00Z");
	clock.tick();
	expect(manager.current(id).status).toBe("running");
	release();
	const finished = until("finished");
	await manager.replan(null);
	expect((await finished).reason).toBeNull();
});
