/** Limits as they are on the wire: packets in each 100 ms by a capture, for both engines; and a wire that is cut in mid-scan. */
import { execFileSync } from "node:child_process";
import { afterEach, describe, expect, test } from "vitest";
import { createConnectEngine } from "../../daemon/packets/connect.ts";
import { createDatagramEngine } from "../../daemon/packets/datagram-engine.ts";
import type { PortEngine, PortJob } from "../../daemon/packets/engine.ts";
import { collect } from "../../daemon/packets/engine-conformance.test-support.ts";
import { LimitTable } from "../../daemon/packets/limit-table.ts";
import { prepareRawEngine } from "../../daemon/packets/raw-engine.ts";
import { createProbePool } from "../../daemon/scan/probe-pool.ts";
import { RawNetwork, routerAddress } from "./raw-network.ts";
import { type Packet, WireCapture } from "./wire-capture.ts";

const limits = { ratePerSecond: 20_000, inFlight: 5_000, inFlightPerHost: 1_000, timeoutMs: 1_000, retries: 1 };
const portsUpTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

let network: RawNetwork | undefined;
let capture: WireCapture | undefined;
const engines: PortEngine[] = [];

async function lay(): Promise<void> {
	network = await RawNetwork.create({ routed: ["198.18.4.0/22"], listen: [{ address: "198.18.4.1", port: 80 }] });
	capture = await WireCapture.open("near0");
}
async function probes(): Promise<Packet[]> {
	const packets = (await capture?.packets(routerAddress)) ?? [];
	capture = undefined;
	return packets.filter(({ isProbe }) => isProbe);
}

/** Both use one table, as in the daemon. */
async function bothEngines(): Promise<Record<"raw" | "connect", PortEngine>> {
	const table = new LimitTable();
	const connect = await createConnectEngine({ limits: table });
	const raw = prepareRawEngine({ fallback: await createConnectEngine({ limits: table }), limits: table });
	if (raw === null) throw new Error("This needs raw sockets.");
	engines.push(connect, raw);
	return { raw, connect };
}

afterEach(async () => {
	for (const engine of engines.splice(0)) await engine.close();
	await capture?.close();
	await network?.end();
	network = undefined;
	capture = undefined;
});

/** The most packets in any stretch of so many milliseconds. */
function mostIn(ms: number, packets: readonly Packet[]): number {
	const times = packets.map(({ at }) => at).sort((a, b) => a - b);
	let [most, from] = [0, 0];
	times.forEach((time, to) => {
		while (time - (times[from] ?? 0) >= ms) from++;
		most = Math.max(most, to - from + 1);
	});
	return most;
}

/** A thread that is put to rest between its decision and the wire sends two shares closer together: a tenth is for that. */
function expectWithin(packets: readonly Packet[], ratePerSecond: number): void {
	expect(packets.length).toBeGreaterThan(0);
	expect(mostIn(100, packets)).toBeLessThanOrEqual(Math.ceil(ratePerSecond / 10) * 1.1 + 2);
}

describe.each(["raw", "connect"] as const)("%s", (name) => {
	test("a host, a network and a concurrency group get their rates in every 100 ms, and no job of another group more", async () => {
		await lay();
		const { [name]: engine } = await bothEngines();
		const own = { ...limits, ratePerHost: 200, ratePerNetwork: 500 };
		const shared = [
			{ name: "site", ranges: [["198.18.6.0", "198.18.7.255"]] as const, ratePerSecond: 300, inFlight: 50 },
		];
		const jobs: PortJob[] = [
			{ addresses: ["198.18.4.1"], ports: portsUpTo(400), limits: own, group: "scan-1" },
			{ addresses: ["198.18.4.1", "198.18.5.9"], ports: portsUpTo(200), limits: own, group: "scan-2" },
			{ addresses: [2, 3, 4, 5].map((n) => `198.18.5.${n}`), ports: portsUpTo(300), limits: own, group: "scan-1" },
			{ addresses: ["198.18.6.1", "198.18.7.1"], ports: portsUpTo(300), limits: own, shared, group: "scan-1" },
			{ addresses: ["198.18.6.2"], ports: portsUpTo(300), limits: own, shared, group: "scan-2" },
		];
		const done = await Promise.all(jobs.map((job) => collect(engine, job)));
		done.forEach(({ answers }, i) => {
			expect(answers).toHaveLength((jobs[i]?.addresses.length ?? 0) * (jobs[i]?.ports.length ?? 0));
			expect(answers.filter(({ state }) => state !== "closed").every(({ port }) => port === 80)).toBe(true);
		});
		const sent = await probes();
		for (const host of new Set(sent.map(({ to }) => to))) {
			expectWithin(
				sent.filter(({ to }) => to === host),
				200,
			);
		}
		for (const net of ["198.18.4.", "198.18.5."]) {
			expectWithin(
				sent.filter(({ to }) => to.startsWith(net)),
				500,
			);
		}
		expectWithin(
			sent.filter(({ to }) => /^198\.18\.[67]\./.test(to)),
			300,
		);
	});

	test("a wire that is cut in mid-scan costs time: what was asked into the void is asked again", async () => {
		await lay();
		const { [name]: engine } = await bothEngines();
		const ports = portsUpTo(2_000);
		const states = new Map<string, number>();
		const slowedBy = new Set<string>();
		let cut = false;
		const run = engine.run({ addresses: ["198.18.4.1"], ports, limits: { ...limits, ratePerSecond: 1_000 } });
		for await (const batch of run) {
			for (const { state } of batch.answers) states.set(state, (states.get(state) ?? 0) + 1);
			for (const sentence of batch.slowedBy ?? []) slowedBy.add(sentence);
			if (!cut && batch.settled > 300) {
				cut = true;
				execFileSync("ip", ["link", "set", "near0", "down"]);
			}
			if (cut && slowedBy.size === 1) {
				slowedBy.add("back");
				execFileSync("ip", ["link", "set", "near0", "up"]);
				execFileSync("ip", ["route", "add", "198.18.4.0/22", "via", routerAddress]);
			}
		}
		expect(Object.fromEntries(states)).toEqual({ closed: 1_999, open: 1 });
		expect([...slowedBy][0]).toMatch(/^The interface near0 is down/);
	});
});

test("a wire that stays cut ends the jobs of both engines with the reason", async () => {
	await lay();
	const running = Object.values(await bothEngines());
	const states = new Set<string>();
	const under = new Set<PortEngine>();
	const read = async (engine: PortEngine, address: string) => {
		// Far more than there is time for: both are under way when the wire is cut.
		const job = { addresses: [address], ports: portsUpTo(20_000), limits: { ...limits, ratePerSecond: 1_000 } };
		for await (const batch of engine.run(job)) {
			for (const { state } of batch.answers) states.add(state);
			if (batch.settled > 300) under.add(engine);
			if (under.size === running.length) execFileSync("ip", ["link", "set", "near0", "down"]);
		}
	};
	const ends = await Promise.allSettled(running.map((engine, i) => read(engine, `198.18.4.${i + 1}`)));
	expect(ends).toHaveLength(2);
	for (const end of ends) {
		expect(end).toMatchObject({
			status: "rejected",
			reason: { code: "unavailable", message: expect.stringMatching(/near0 is down/) },
		});
	}
	expect(states.has("filtered") || states.has("unreachable")).toBe(false);
});

test("a concurrency group holds over raw packets and connects at once", async () => {
	await lay();
	const { raw, connect } = await bothEngines();
	const shared = [
		{ name: "site", ranges: [["198.18.4.0", "198.18.4.255"]] as const, ratePerSecond: 400, inFlight: 100 },
	];
	const job = (address: string) => ({ addresses: [address], ports: portsUpTo(500), limits, shared });
	const done = await Promise.all([collect(raw, job("198.18.4.1")), collect(connect, job("198.18.4.2"))]);
	expect(done.map(({ settled }) => settled)).toEqual([500, 500]);
	expectWithin(await probes(), 400);
});

test("UDP ports are not called silent because a wire was cut", async () => {
	await lay();
	const engine = createDatagramEngine();
	const states = new Map<string, number>();
	const slowedBy = new Set<string>();
	let cut = false;
	try {
		const job = { addresses: ["198.18.4.1"], probes: { udpPorts: portsUpTo(600).map((port) => port + 30_000) } };
		for await (const batch of engine.run({ ...job, limits: { ...limits, ratePerSecond: 300 } })) {
			for (const { state } of batch.answers) states.set(state, (states.get(state) ?? 0) + 1);
			for (const sentence of batch.slowedBy ?? []) slowedBy.add(sentence);
			if (!cut && batch.settled > 100) {
				cut = true;
				execFileSync("ip", ["link", "set", "near0", "down"]);
			}
			if (cut && slowedBy.size === 1) {
				slowedBy.add("back");
				execFileSync("ip", ["link", "set", "near0", "up"]);
				execFileSync("ip", ["route", "add", "198.18.4.0/22", "via", routerAddress]);
			}
		}
	} finally {
		await engine.close();
	}
	expect(Object.fromEntries(states)).toEqual({ closed: 600 });
	expect([...slowedBy][0]).toMatch(/^The interface near0 is down/);
});

test("a group of five a second over two hosts counts what surveys connect to as well, in every second", async () => {
	const hosts = ["198.18.4.1", "198.18.4.2"];
	const listen = hosts.map((address) => ({ address, port: 80 }));
	network = await RawNetwork.create({ routed: ["198.18.4.0/22"], listen });
	capture = await WireCapture.open("near0");
	const table = new LimitTable();
	const connect = await createConnectEngine({ limits: table });
	engines.push(connect);
	const shared = [{ name: "site", ranges: [["198.18.4.0", "198.18.4.255"]] as const, ratePerSecond: 5, inFlight: 4 }];
	const pool = createProbePool({ limits: table, sharedOf: () => shared });
	try {
		const pace = { limits, group: "scan-1" };
		const guard = { allow: [["198.18.4.0", "198.18.4.255"]] as const, deny: [] };
		const signal = new AbortController().signal;
		const [asked, ...surveys] = await Promise.all([
			collect(connect, { addresses: hosts, ports: portsUpTo(5), limits, group: "scan-1", shared }),
			...listen.map((place) =>
				pool.survey({ ...place, protocol: "tcp", hostname: null, guard, pace }, signal).then(([one]) => one),
			),
		]);
		expect(asked.settled).toBe(10);
		expect(surveys.map((survey) => survey?.lost)).toEqual(listen.map(() => undefined));
	} finally {
		await pool.close();
	}
	const sent = await probes();
	for (const { address, port } of listen) {
		// Whoever hangs up at once is tried in every protocol.
		expect(sent.filter(({ to, port: at }) => to === address && at === port).length).toBeGreaterThan(3);
	}
	process.stdout.write(`${sent.length} connects, at most ${mostIn(1_000, sent)} in any second\n`);
	// Four have their turn in that time; one that a busy machine sends late after its turn is not one too many.
	expect(mostIn(700, sent)).toBeLessThanOrEqual(5);
	expect(mostIn(100, sent)).toBeLessThanOrEqual(2);
});
