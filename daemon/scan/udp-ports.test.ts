/** UDP ports of one host that is stopped and gone on with: what has answered is not asked again. */
import { expect, test } from "vitest";
import type { DatagramAnswer, DatagramEngine, DatagramNote } from "../packets/datagrams/job.ts";
import { newHostProgress, readHostProgress, writeHostProgress } from "./host-progress.ts";
import { askUdpPorts } from "./udp-ports.ts";

const limits = { ratePerSecond: 100, inFlight: 10, inFlightPerHost: 10, timeoutMs: 500, retries: 1 };
const job = { addresses: ["127.0.0.1"], limits };
const reply = Uint8Array.of(1, 2, 3);
const answer = (port: number, state: DatagramAnswer["state"]): DatagramAnswer => ({
	...{ address: "127.0.0.1", kind: "udp", port, state, alive: true, rttMs: 1, mac: null },
	reply: state === "open" ? reply : null,
});

/** Tells these answers and then ends, or waits until it is stopped. */
function scripted(answers: readonly DatagramAnswer[], ends: boolean, note: Partial<DatagramNote> = {}) {
	const asked: number[][] = [];
	const engine: DatagramEngine = {
		run({ probes }) {
			const stopped = Promise.withResolvers<void>();
			asked.push([...(probes.udpPorts ?? [])]);
			return {
				note: { skipped: [], sparing: [], ...note },
				stop: async () => stopped.resolve(),
				async *[Symbol.asyncIterator]() {
					yield { answers, settled: answers.length, sent: answers.length, refused: 0 };
					if (!ends) await stopped.promise;
				},
			};
		},
		close: async () => undefined,
	};
	return { engine, asked };
}

test("what answered before a stop is taken from the checkpoint, and only the rest is asked", async () => {
	const ports = [53, 123, 161, 500];
	const progress = newHostProgress();
	const stopping = new AbortController();
	const first = scripted([answer(53, "open"), answer(123, "closed")], false);
	let settled = 0;
	const stopped = await askUdpPorts(ports, first.engine, job, progress.udp, stopping.signal, {
		sent: (_, ports) => {
			settled += ports;
			stopping.abort();
		},
		sparing: () => expect.unreachable(),
	});
	expect(stopped.settled).toEqual(new Set([53, 123]));
	const resumed = readHostProgress(writeHostProgress(progress));
	const second = scripted([answer(161, "open")], true, { sparing: ["127.0.0.1"] });
	let sparing = 0;
	const signal = new AbortController().signal;
	const whole = await askUdpPorts(ports, second.engine, job, resumed.udp, signal, {
		sent: (_, ports) => {
			settled += ports;
		},
		sparing: () => sparing++,
	});
	expect(second.asked).toEqual([[161, 500]]);
	expect(whole).toEqual({
		answered: new Map([
			[53, reply],
			[161, reply],
		]),
		closed: [123],
		settled: new Set(ports),
	});
	expect([settled, sparing]).toEqual([4, 1]);
	const third = scripted([], true);
	const again = await askUdpPorts([53], third.engine, job, resumed.udp, signal, { sent() {}, sparing() {} });
	expect(third.asked).toEqual([]);
	expect(again).toEqual({ answered: new Map([[53, reply]]), closed: [], settled: new Set([53]) });
});
