/** Memory given back when nothing is done: how often, and that it is less afterwards. */
import { expect, test, vi } from "vitest";
import { giveBackMemory, restWhenIdle, unchangedPages } from "./idle-memory.ts";

test("a heap full of what nobody needs is smaller afterwards", async () => {
	let waste: unknown[] | null = Array.from({ length: 400_000 }, (_, n) => ({ n }));
	const before = process.memoryUsage().heapUsed;
	expect(waste.length).toBe(400_000);
	waste = null;
	await giveBackMemory();
	expect(process.memoryUsage().heapUsed).toBeLessThan(before - 10_000_000);
});

test("only code and constants that are as the file has them are let go of", () => {
	const mapping = (place: string, path: string, anonymous: number) =>
		`${place} 00e5b000 fe:00 4711    ${path}\nSize:   8 kB\nRss:  8 kB\nAnonymous: ${anonymous} kB\nVmFlags: rd ex mr mw me\n`;
	const smaps = [
		mapping("00400000-00500000 r--p", "/usr/bin/node", 0),
		mapping("00500000-00600000 r-xp", "/usr/bin/node", 0),
		mapping("00600000-00700000 r-xp", "/usr/bin/node", 4),
		mapping("00680000-00700000 r--p", "/usr/bin/node", 4),
		mapping("00700000-00800000 rw-p", "/usr/bin/node", 0),
		mapping("7f0000000000-7f0000001000 r-xp", "/usr/lib/libc.so.6", 0),
		"7ffc00000000-7ffc00001000 r-xp 00000000 00:00 0    [vdso]\nAnonymous: 0 kB\n",
	].join("");
	expect(unchangedPages(smaps, "/usr/bin/node")).toEqual([
		{ start: 0x400000, length: 0x100000 },
		{ start: 0x500000, length: 0x100000 },
	]);
	expect(unchangedPages("", "/usr/bin/node")).toEqual([]);
});

test("rests once after the start and once after each time it was busy", async () => {
	vi.useFakeTimers();
	let busy = false;
	let rests = 0;
	const stop = restWhenIdle({ isBusy: () => busy, quietMs: 1_000, rest: async () => void rests++ });
	await vi.advanceTimersByTimeAsync(10_000);
	expect(rests).toBe(1);
	busy = true;
	await vi.advanceTimersByTimeAsync(10_000);
	expect(rests).toBe(1);
	busy = false;
	await vi.advanceTimersByTimeAsync(900);
	expect(rests).toBe(1);
	await vi.advanceTimersByTimeAsync(10_000);
	expect(rests).toBe(2);
	stop();
	busy = true;
	await vi.advanceTimersByTimeAsync(1_000);
	busy = false;
	await vi.advanceTimersByTimeAsync(10_000);
	expect(rests).toBe(2);
	vi.useRealTimers();
});
