import fc from "fast-check";
import { expect, test } from "vitest";
import { pairStates } from "../packets/engine.ts";
import {
	closedRanges,
	newHostProgress,
	pairCounts,
	readHostProgress,
	remainingPorts,
	settlePort,
	writeHostProgress,
} from "./host-progress.ts";

const answers = fc.array(fc.tuple(fc.integer({ min: 1, max: 65_535 }), fc.constantFrom(...pairStates)), {
	maxLength: 60,
});

test("a checkpoint read back says the same as the one written", () => {
	fc.assert(
		fc.property(answers, (list) => {
			const progress = newHostProgress();
			for (const [port, state] of list) settlePort(progress, port, state);
			const back = readHostProgress(writeHostProgress(progress));
			expect(back.settled).toBe(progress.settled);
			expect(pairCounts(back)).toEqual(pairCounts(progress));
			expect([...back.open].sort()).toEqual([...progress.open].sort());
			expect(closedRanges(back)).toEqual(closedRanges(progress));
		}),
		{ numRuns: 30 },
	);
});

test("only ports without an answer remain, and the first answer stands", () => {
	const progress = newHostProgress();
	settlePort(progress, 22, "open");
	settlePort(progress, 22, "closed");
	settlePort(progress, 23, "closed");
	settlePort(progress, 24, "filtered");
	expect(remainingPorts(progress, [22, 23, 24, 25])).toEqual([25]);
	expect([...progress.open]).toEqual([22]);
	expect(progress.settled).toBe(3);
	expect(closedRanges(progress)).toEqual([[23, 23]]);
});

test("an unreadable checkpoint counts as nothing done", () => {
	for (const text of ["", "{", "null", '{"open":5}', '{"closed":[1]}', "[]"]) {
		expect(readHostProgress(text).settled).toBe(0);
	}
	expect(readHostProgress('{"closed":[[65000,99999999]]}').settled).toBe(536);
});

test("a checkpoint keeps what UDP ports answered, and an unreadable part of it counts as nothing done", () => {
	const progress = newHostProgress();
	progress.udp.answered.set(161, Uint8Array.of(0, 255, 48)).set(53, null);
	progress.udp.closed.add(9);
	for (const port of [161, 53, 9, 500]) progress.udp.settled.add(port);
	const { udp } = readHostProgress(writeHostProgress(progress));
	expect(udp).toEqual(progress.udp);
	settlePort(progress, 22, "open");
	const text = writeHostProgress(progress).replace('"closed":[9]', '"closed":[99999]');
	expect(readHostProgress(text)).toMatchObject({ settled: 1, udp: { settled: new Set() } });
});
