import { expect, test } from "vitest";
import { LineWatch, statusQuery, statusReply } from "./line-watch.ts";

function watch(isFar = true) {
	const seen = { told: [] as string[], thrift: [] as boolean[], now: 0, daemonMs: null as number | null, bytes: 0 };
	const line = new LineWatch({
		isFar,
		now: () => seen.now,
		tell: (sequence) => void seen.told.push(sequence),
		daemonMs: () => seen.daemonMs,
		written: () => seen.bytes,
		onThrift: (isThrifty) => void seen.thrift.push(isThrifty),
	});
	return { line, seen };
}

test("a far terminal is asked every five seconds, a near one never", () => {
	const { line, seen } = watch();
	for (seen.now = 0; seen.now < 11_000; seen.now += 1_000) line.tick();
	expect(seen.told).toEqual([statusQuery, statusQuery, statusQuery]);
	const near = watch(false);
	near.line.tick();
	expect(near.seen.told).toEqual([]);
});

test("little is sent over a slow line, until it is clearly fast again", () => {
	const { line, seen } = watch();
	const answerAfter = (ms: number) => {
		line.tick();
		seen.now += ms;
		expect(line.hear(statusReply)).toBe(true);
		seen.now += 6_000 - ms;
	};
	answerAfter(149);
	expect(seen.thrift).toEqual([]);
	answerAfter(182);
	expect(line.roundTripMs).toBe(182);
	answerAfter(120);
	expect(seen.thrift).toEqual([true]);
	answerAfter(90);
	expect(seen.thrift).toEqual([true, false]);
	expect(line.hear("\u001b[?62c")).toBe(false);
});

test("a slow daemon counts as well, and the user's word more than both", () => {
	const { line, seen } = watch(false);
	seen.daemonMs = 300;
	line.tick();
	expect(line.isThrifty).toBe(true);
	expect(line.turn()).toBe("on");
	expect(line.turn()).toBe("off");
	expect(line.isThrifty).toBe(false);
	expect(line.turn()).toBe("auto");
	expect(line.isThrifty).toBe(true);
});

test("bytes a second are those of the last two seconds", () => {
	const { line, seen } = watch(false);
	expect(line.bytesPerSecond()).toBe(0);
	for (const bytes of [0, 10_000, 10_500, 11_000]) {
		seen.bytes = bytes;
		line.tick();
		seen.now += 1_000;
	}
	expect(line.bytesPerSecond()).toBe(500);
});
