import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { watchOverview } from "../../protocol/methods/daemon.ts";
import { Hub } from "../hub.ts";
import type { CallContext } from "./handler.ts";
import { listening, throttle, watchHub, watchTogether } from "./watch-hub.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("the first call acts at once, those within the period become one at its end", () => {
	const act = vi.fn();
	const throttled = throttle(100, act);
	for (let i = 0; i < 5; i++) throttled.call();
	expect(act).toHaveBeenCalledTimes(1);
	vi.advanceTimersByTime(100);
	expect(act).toHaveBeenCalledTimes(2);
	vi.advanceTimersByTime(1_000);
	expect(act).toHaveBeenCalledTimes(2);
});

test("after cancel nothing is called any more", () => {
	const act = vi.fn();
	const throttled = throttle(100, act);
	throttled.call();
	throttled.call();
	throttled.cancel();
	vi.advanceTimersByTime(1_000);
	expect(act).toHaveBeenCalledTimes(1);
});

test("a snapshot that cannot be taken leaves nobody listening", () => {
	const hub = new Hub();
	const onClose = vi.fn();
	const failing = () => {
		throw new Error("the store is in trouble");
	};
	expect(() => listening(hub, () => undefined, failing, onClose)).toThrow(/trouble/);
	expect(hub.listeners).toBe(0);
	expect(onClose).toHaveBeenCalledTimes(1);
});

test("an event that cannot be made is left out, now or later, and the next one is told", () => {
	const faults: unknown[] = [];
	const hub = new Hub((err) => faults.push(err));
	const warn = vi.fn();
	let broken = true;
	const source = watchHub(hub, {
		everyMs: 100,
		snapshot: () => ({}),
		event: () => {
			if (broken) throw new Error("the store is in trouble");
			return { kind: "changed" };
		},
	});
	const emit = vi.fn();
	const opened = source({}, emit, { log: { warn } } as unknown as CallContext);
	for (let i = 0; i < 3; i++) hub.post({ kind: "findings-changed" });
	vi.advanceTimersByTime(100);
	expect(warn).toHaveBeenCalledTimes(2);
	broken = false;
	hub.post({ kind: "findings-changed" });
	vi.advanceTimersByTime(100);
	expect(emit).toHaveBeenCalledTimes(1);
	expect(faults).toEqual([]);
	if (!(opened instanceof Promise)) opened.close();
	expect(hub.listeners).toBe(0);
});

test("what is the same for all is made once for all, and nobody listens once all have gone", async () => {
	const hub = new Hub();
	let made = 0;
	const source = watchTogether<typeof watchOverview>(hub, {
		...{ everyMs: 1, snapshot: () => 0 as never },
		event: () => ({ kind: "overview", overview: ++made }) as never,
	});
	const heard: unknown[][] = [[], [], []];
	const open = heard.map((events) => source({}, (event) => events.push(event), { log: undefined } as never));
	hub.post({ kind: "inventory-changed" });
	expect(heard.map(({ length }) => length)).toEqual([1, 1, 1]);
	hub.post({ kind: "findings-changed" });
	vi.advanceTimersByTime(1);
	expect(made).toBe(2);
	expect(heard[2]).toEqual([
		{ kind: "overview", overview: 1 },
		{ kind: "overview", overview: 2 },
	]);
	for (const one of await Promise.all(open)) one.close();
	expect(hub.listeners).toBe(0);
	hub.post({ kind: "inventory-changed" });
	expect(made).toBe(2);
});
