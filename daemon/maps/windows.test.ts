/** When maps run and what they say they asked, over windows, pauses, kills and exclusions made meanwhile. */
import { expect, test } from "vitest";
import { AppError } from "../../protocol/errors.ts";
import type { MapCoverage } from "../../protocol/model/map-coverage.ts";
import { bench } from "./manager-bench.test-support.ts";

/** Each address of the netblock is in one place. */
function addsUp({ addresses, excludedBy, notReachedBecause }: MapCoverage): void {
	const { named, excluded, answered, ghosts, silent, notReached } = addresses;
	expect(excluded + answered + ghosts + silent + notReached).toBe(named);
	expect(excludedBy.reduce((sum, one) => sum + one.addresses, 0)).toBe(excluded);
	expect(notReachedBecause === null).toBe(notReached === 0);
}

test("a map waits for its window, halts when it closes, and goes on when it opens again, over a restart too", async () => {
	const daemon = bench("2026-03-02T12:00:00Z");
	const manager = daemon.boot();
	const id = await daemon.start(manager, { during: "Mon-Sun 20:00-22:00" });
	expect(manager.current(id)).toMatchObject({ status: "waiting", continuesAt: "2026-03-02T20:00:00.000Z" });
	expect(() => manager.resume(id)).toThrow(/waits for its window/);
	const held = daemon.hold();
	daemon.pass(8 * 60 + 1);
	await held;
	const shut = daemon.until("waiting");
	daemon.pass(2 * 60);
	expect((await shut).continuesAt).toBe("2026-03-03T20:00:00.000Z");
	const asked = daemon.engine.asked.length;
	await manager.suspend();
	daemon.release();
	const again = daemon.boot();
	expect(again.current(id).status).toBe("waiting");
	expect(daemon.engine.asked.length, "nothing leaves while it is closed").toBe(asked);
	const finished = daemon.until("finished");
	daemon.pass(22 * 60);
	expect(await finished).toMatchObject({ hosts: 3, live: 3, settled: 16 });
	await again.suspend();
});

test("a map that waits can be run at once, paused and cancelled", async () => {
	const daemon = bench("2026-03-02T12:00:00Z");
	const manager = daemon.boot();
	const closed = { during: "Mon-Sun 20:00-22:00" };
	const [first, second, third] = [
		await daemon.start(manager, closed),
		await daemon.start(manager, closed),
		await daemon.start(manager, closed),
	];
	const finished = daemon.until("finished");
	manager.resume(first, { ignoreWindow: true });
	expect(await finished).toMatchObject({ id: first, ignoreWindow: true });
	expect((await manager.pause(second)).status).toBe("paused");
	expect((await manager.cancel(third)).status).toBe("cancelled");
	expect(await manager.stopAll()).toEqual([]);
	expect(manager.resume(second).status).toBe("waiting");
	expect(await manager.stopAll()).toEqual([second]);
	await manager.suspend();
});

test("what a map asked adds up at every moment: over a pause, an exclusion and a restart", async () => {
	const daemon = bench("2026-03-02T12:00:00Z");
	const manager = daemon.boot();
	const held = daemon.hold();
	const id = await daemon.start(manager);
	await held;
	const halfway = manager.coverage(id);
	if (halfway === null) throw new Error("there is a statement");
	addsUp(halfway);
	expect(halfway.addresses.notReached).toBe(12);
	expect(halfway.notReachedBecause).toBe("not-over");
	await manager.pause(id);
	expect(manager.coverage(id)?.notReachedBecause).toBe("stopped");
	const left = [9, 3, 1].find((last) => !daemon.engine.asked.includes(`127.0.99.${last}:22`)) ?? 9;
	daemon.exclude(`127.0.99.${left}`);
	daemon.release();
	await manager.suspend();
	const again = daemon.boot();
	const finished = daemon.until("finished");
	again.resume(id);
	await finished;
	const whole = again.coverage(id);
	if (whole === null) throw new Error("there is a statement");
	addsUp(whole);
	expect(whole.addresses).toMatchObject({ named: 16, excluded: 2, answered: 2, silent: 12, notReached: 0 });
	expect(whole.excludedBy).toEqual(
		expect.arrayContaining([
			{ exclusion: "127.0.99.2", from: "scan", comment: null, addresses: 1 },
			{ exclusion: "those", from: "global", comment: "why", addresses: 1 },
		]),
	);
	expect(whole.probes).toEqual([{ probe: "TCP connection attempts to 1 port", asked: 14, answered: 2 }]);
	expect(whole.names).toBeNull();
	expect(whole.packets.tcp, "and what was asked in vain when it was paused").toBeGreaterThanOrEqual(14);
	await again.suspend();
});

test("a map that cannot be logged is not made", async () => {
	const daemon = bench("2026-03-02T12:00:00Z");
	const manager = daemon.boot();
	const refuse = () => {
		throw new AppError("unavailable", "The log takes nothing.");
	};
	await expect(daemon.start(manager, null, refuse)).rejects.toThrow(/takes nothing/);
	expect(() => manager.current(1)).toThrow(/no map/);
	await manager.suspend();
});
