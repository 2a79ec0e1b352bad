/** Every job gets the groups it reaches into, and what its batches say is added up by sender and network. */
import { expect, test } from "vitest";
import type { ConcurrencyGroup } from "../../protocol/model/network-figures.ts";
import type { NetworkFigures, PortBatch, PortJob } from "./engine.ts";
import { Governor } from "./governor.ts";
import { mostKept, NetworkBook } from "./network-book.ts";

const limits = { ratePerSecond: 1_000, inFlight: 10, inFlightPerHost: 10, timeoutMs: 100, retries: 0 };
const group = (name: string, first: string, last: string): ConcurrencyGroup => ({
	...{ name, targets: [`${first}-${last}`], ranges: [[first, last]], ratePerSecond: 100, inFlight: 5 },
	...{ comment: "", setAt: "2026-01-01T00:00:00.000Z", setBy: "root" },
});
const figures = (network: string, sent: number, more: Partial<NetworkFigures> = {}): NetworkFigures => ({
	...{ network, sent, answers: 0, resets: 0, prohibited: 0, lost: 0, rttMs: null },
	...more,
});

/** Notes its jobs and hands over the batches it is given. */
function scripted(batches: PortBatch[]) {
	const jobs: PortJob[] = [];
	let stopped = 0;
	return {
		jobs,
		stops: () => stopped,
		engine: {
			name: "scripted",
			reason: "For a test.",
			run: (job: PortJob) => {
				jobs.push(job);
				return {
					stop: async () => {
						stopped++;
					},
					async *[Symbol.asyncIterator]() {
						yield* batches;
					},
				};
			},
			close: async () => {},
		},
	};
}

test("a job gets the groups its addresses are in, as they stand when it starts", async () => {
	let groups = [group("site a", "10.0.0.0", "10.0.0.255"), group("site b", "10.0.1.0", "10.0.1.255")];
	const { engine, jobs, stops } = scripted([]);
	const governed = new Governor(
		() => groups,
		() => 0,
	).governPorts(engine);
	governed.run({ addresses: ["10.0.0.7", "10.0.9.1"], ports: [1], limits });
	governed.run({ addresses: ["10.0.9.1", "2001:db8::1"], ports: [1], limits });
	groups = [group("site a", "10.0.9.1", "10.0.9.1")];
	await governed.run({ addresses: ["10.0.9.1"], ports: [1], limits, group: "scan-1" }).stop();
	expect(jobs.map(({ shared }) => shared?.map(({ name }) => name) ?? [])).toEqual([["site a"], [], ["site a"]]);
	expect(jobs[2]?.shared?.[0]).toEqual({
		...{ name: "site a", ranges: [["10.0.9.1", "10.0.9.1"]], ratePerSecond: 100, inFlight: 5 },
	});
	expect(stops()).toBe(1);
	expect(governed.name).toBe("scripted");
});

test("figures are by sender, and batches come through as they are", async () => {
	const batch: PortBatch = {
		...{ answers: [], settled: 1, sent: 9, slowedBy: ["Slow."] },
		networks: [figures("10.0.0.0/24", 9, { answers: 4, resets: 3, lost: 1, rttMs: 2.5 })],
	};
	let now = 10_000;
	const governor = new Governor(
		() => [],
		() => now,
	);
	const governed = governor.governPorts(scripted([batch]).engine);
	const seen: PortBatch[] = [];
	for await (const one of governed.run({ addresses: [], ports: [], limits, group: "scan-3" })) seen.push(one);
	expect(seen).toEqual([batch]);
	now += 1_000;
	expect(governor.figures("scan-3", 10)).toEqual({
		...{ total: 1, slowedBy: ["Slow."] },
		items: [
			{
				...{
					network: "10.0.0.0/24",
					packetsPerSecond: 9,
					answersPerSecond: 4,
					resetsPerSecond: 3,
					rttMs: 2.5,
					loss: 0.2,
				},
				...{ sent: 9, answers: 4, resets: 3, prohibited: 0 },
			},
		],
	});
	now += 20_000;
	expect(governor.figures("scan-3", 10)).toMatchObject({
		slowedBy: [],
		items: [{ packetsPerSecond: 0, sent: 9, loss: null }],
	});
	expect(governor.figures("scan-4", 10)).toEqual({ items: [], total: 0, slowedBy: [] });
});

test("what is no engine's job counts too, in the network it went to", () => {
	const governor = new Governor(
		() => [],
		() => 10_000,
	);
	governor.note("scan-3", "10.0.0.7", 2);
	governor.note("scan-3", "10.0.0.9", 1);
	governor.note("scan-3", "2001:db8::7", 4);
	const { items } = governor.figures("scan-3", 10);
	expect(items.map(({ network, sent, answers }) => [network, sent, answers])).toEqual([
		["2001:db8::/64", 4, 4],
		["10.0.0.0/24", 3, 3],
	]);
});

test("of very many networks those that were busy last are kept, the busiest first", () => {
	const book = new NetworkBook();
	const name = (n: number) => `10.${n >> 8}.${n & 255}.0/24`;
	for (let n = 0; n < mostKept + 500; n++) book.add([figures(name(n), 1)], n);
	book.add([figures(name(600), 50)], 5_000);
	const { items, total } = book.figures(5_000, 3);
	expect(total).toBe(mostKept);
	expect(items[0]).toMatchObject({ network: name(600), sent: 51 });
	const all = new Set(book.figures(5_000, mostKept).items.map(({ network }) => network));
	expect([all.has(name(499)), all.has(name(500)), all.has(name(mostKept + 499))]).toEqual([false, true, true]);
});
