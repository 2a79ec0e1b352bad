/** Whole maps over the connect engine, real listeners on loopback and a DNS server of our own. */
import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { MapHost, NetworkMap } from "../../protocol/model/map.ts";
import { createConnectEngine } from "../packets/connect.ts";
import { createDatagramEngine } from "../packets/datagram-engine.ts";
import type { PortEngine, PortJob } from "../packets/engine.ts";
import type { ScanProfile } from "../scan/profile.ts";
import type { PlanningContext } from "../scan/request.ts";
import { AddressSet } from "../scope/address-set.ts";
import { fragilePorts } from "../scope/scope.ts";
import { listMapHosts, saveMap } from "../store/maps.ts";
import { openStore, type Store } from "../store/store.ts";
import { type FakeDns, serveDns } from "./dns-server.test-support.ts";
import { MapManager } from "./manager.ts";
import { openNameServer } from "./names.ts";
import { planMaps } from "./request.ts";

const limits = {
	...{ ratePerSecond: 20_000, inFlight: 500, inFlightPerHost: 50, timeoutMs: 150, retries: 0 },
	...{ hostsInParallel: 4, surveysPerHost: 4 },
};
const profile: ScanProfile = {
	...{
		name: "Initial",
		version: 1,
		ports: "light",
		udp: "none",
		discoveryPorts: [22],
		scanDeadHosts: false,
		discovery: { icmp: false, arp: false, ackPorts: [], udpPorts: [] },
	},
	...{ limits, maxHostMs: null, maxScanMs: null },
};
let excluded = AddressSet.empty;
const planning: PlanningContext = {
	resolve: async () => [],
	profileOf: (name) => (name === "Initial" ? profile : null),
	profileNames: () => ["Initial"],
	globalExclusions: async () => excluded,
	fragilePorts: () => fragilePorts,
};

let engine: PortEngine;
const datagrams = createDatagramEngine();
let dns: FakeDns;
let tcpPort: number;
let closedPort: number;
let udpPort: number;
let store: Store;
const heard: { at: string; port: number; bytes: number }[] = [];
const closers: (() => Promise<void> | void)[] = [];

/** 127.0.77.2 has a TCP listener and a UDP one; everything on loopback refuses what is closed. */
beforeAll(async () => {
	engine = await createConnectEngine();
	closers.push(() => engine.close());
	closers.push(() => datagrams.close());
	const server = createServer((socket) => {
		heard.push({ at: socket.localAddress ?? "", port: socket.localPort ?? 0, bytes: 0 });
		socket.on("data", (chunk) => heard.push({ at: socket.localAddress ?? "", port: 0, bytes: chunk.length }));
		socket.on("error", () => socket.destroy());
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.77.2", resolve));
	tcpPort = (server.address() as { port: number }).port;
	closers.push(() => void server.close());
	const spare = createServer();
	await new Promise<void>((resolve) => spare.listen(0, "127.0.77.2", resolve));
	closedPort = (spare.address() as { port: number }).port;
	await new Promise((resolve) => spare.close(resolve));
	const udp = createSocket("udp4");
	udp.on("message", (bytes, peer) => {
		heard.push({ at: "udp 127.0.77.2", port: udpPort, bytes: bytes.length });
		udp.send("here", peer.port, peer.address);
	});
	await new Promise<void>((resolve) => udp.bind(0, "127.0.77.2", resolve));
	udpPort = udp.address().port;
	closers.push(() => void udp.close());
	dns = await serveDns({
		addresses: { "lab.test": ["127.0.77.2"], "www.lab.test": ["127.0.77.2"], "cloud.lab.test": ["127.0.78.9"] },
		names: { "127.0.77.2": ["files.lab.test"], "127.0.77.3": ["bad\u001b[2J.lab.test"] },
	});
	closers.push(dns.close);
});
afterAll(async () => {
	for (const close of closers.reverse()) await close();
});
beforeEach(() => {
	excluded = AddressSet.empty;
	heard.length = 0;
	let time = Date.UTC(2026, 0, 1);
	store = openStore(":memory:", { clock: { now: () => (time += 10) } });
});
const managers: MapManager[] = [];
afterEach(async () => {
	for (const manager of managers.splice(0)) await manager.suspend();
	store.close();
});

function household(asking: PortEngine = engine, window?: number) {
	const waiting: { status: NetworkMap["status"]; resolve: (map: NetworkMap) => void }[] = [];
	const manager = new MapManager({
		...{ engine: asking, datagrams, store, planning, openNameServer },
		...(window === undefined ? {} : { window }),
		onMap: (map) => {
			for (const one of waiting.filter(({ status }) => status === map.status)) one.resolve(map);
		},
		onFault: (_, err) => {
			throw err;
		},
	});
	managers.push(manager);
	manager.begin();
	return {
		manager,
		until: (status: NetworkMap["status"]) => new Promise<NetworkMap>((resolve) => waiting.push({ status, resolve })),
	};
}

type Options = Partial<Parameters<typeof planMaps>[0]>;
const plan = (targets: readonly string[], options: Options = {}) =>
	planMaps(
		{
			...{ targets, exclusions: [], profile: "Initial", dns: true, resolver: dns.resolver, netblockSize: 1_024 },
			trace: "sample",
			...{ tcpPorts: `${tcpPort},${closedPort}`, udpPorts: `${udpPort},${closedPort}` },
			...options,
		},
		planning,
		() => [],
	);
const hostsOf = (map: NetworkMap): MapHost[] =>
	listMapHosts(store.db, map.id, { where: null, sort: null, limit: 1_000, cursor: null }).items;
const at = (map: NetworkMap, address: string) => hostsOf(map).find((host) => host.address === address);

/** Holds the engine's jobs from the n-th on until it is let go. */
function holding(from: number) {
	const held = Promise.withResolvers<void>();
	const free = Promise.withResolvers<void>();
	const asked: string[][] = [];
	const held_: PortEngine = {
		...{ name: engine.name, reason: engine.reason, close: async () => undefined },
		run(job: PortJob) {
			asked.push([...job.addresses]);
			const run = engine.run(job);
			if (asked.length <= from) return run;
			const stopped = Promise.withResolvers<void>();
			return {
				stop: async () => {
					stopped.resolve();
					await run.stop();
				},
				async *[Symbol.asyncIterator]() {
					held.resolve();
					await Promise.race([free.promise, stopped.promise]);
					yield* run;
				},
			};
		},
	};
	return { engine: held_, held: held.promise, free: free.resolve, asked };
}

test("every probe that finds a host is kept, with its port, and names of both kinds", async () => {
	const { manager, until } = household();
	const finished = until("finished");
	manager.start(await plan(["lab.test:[127.0.77.2-3]"]));
	const map = await finished;
	expect(map).toMatchObject({
		domain: "lab.test",
		addresses: 2,
		settled: 2,
		hosts: 3,
		live: 2,
		partial: false,
		progress: 1,
	});
	const host = at(map, "127.0.77.2");
	expect(host?.discovery).toEqual([
		{ method: "TCP", port: tcpPort },
		{ method: "TCP RST", port: closedPort },
		{ method: "UDP", port: udpPort },
		{ method: "ICMP", port: closedPort },
		{ method: "DNS", port: null },
	]);
	expect(host?.names).toEqual(["lab.test", "www.lab.test", "files.lab.test"]);
	expect(host?.flags).toEqual({ approved: false, scannable: false, live: true, netblock: true });
	expect(host?.os).toBeNull();
	const named = at(map, "127.0.78.9");
	expect(named?.flags).toEqual({ approved: false, scannable: false, live: false, netblock: false });
	expect(named?.discovery).toEqual([{ method: "DNS", port: null }]);
});

test("a hostile name of the DNS is kept as harmless text or not at all", async () => {
	const { manager, until } = household();
	const finished = until("finished");
	manager.start(await plan(["none:[127.0.77.3]"]));
	const map = await finished;
	expect(JSON.stringify(at(map, "127.0.77.3")?.names)).not.toContain("\\u001b");
});

test("what is excluded gets no packet, by the request or for all maps, also once the map runs", async () => {
	excluded = AddressSet.fromText([["127.0.77.4", "127.0.77.4"]]);
	const gate = holding(1);
	const { manager, until } = household(gate.engine, 4);
	const finished = until("finished");
	manager.start(await plan(["127.0.77.1-8"], { exclusions: ["127.0.77.2"], dns: false }));
	await gate.held;
	const [first = [], second = []] = gate.asked;
	expect([...first, ...second]).not.toContain("127.0.77.2");
	expect([...first, ...second]).not.toContain("127.0.77.4");
	gate.free();
	const map = await finished;
	expect(heard).toEqual([]);
	expect(hostsOf(map).map(({ address }) => address)).not.toContain("127.0.77.2");
	expect(map.settled).toBe(8);
	expect(dns.asked.filter((question) => question.startsWith("PTR 8.77"))).toEqual([]);
});

test("fragile ports get a connect and not one byte", async () => {
	const printer = createServer((socket) => {
		socket.on("data", (chunk) => heard.push({ at: "printer", port: 9_100, bytes: chunk.length }));
		socket.on("error", () => socket.destroy());
	});
	await new Promise<void>((resolve) => printer.listen(9_100, "127.0.77.6", resolve));
	const udp = createSocket("udp4");
	udp.on("message", (bytes) => heard.push({ at: "printer udp", port: 9_100, bytes: bytes.length }));
	await new Promise<void>((resolve) => udp.bind(9_100, "127.0.77.6", resolve));
	try {
		const { manager, until } = household();
		const finished = until("finished");
		manager.start(await plan(["127.0.77.6"], { dns: false, tcpPorts: "9100", udpPorts: "9100,9101" }));
		const map = await finished;
		expect(at(map, "127.0.77.6")?.discovery).toEqual([{ method: "TCP", port: 9_100 }]);
		expect(heard).toEqual([]);
	} finally {
		printer.close();
		udp.close();
	}
});

test("pausing keeps whole windows; resuming asks only the rest; cancelling is the end", async () => {
	const gate = holding(2);
	const { manager, until } = household(gate.engine, 4);
	const [map] = manager.start(await plan(["127.0.77.1-16"], { dns: false }));
	const id = map?.id ?? 0;
	await gate.held;
	const paused = await manager.pause(id);
	expect(paused).toMatchObject({ status: "paused", settled: 8, hosts: 8 });
	const before = gate.asked.length;
	const finished = until("finished");
	manager.resume(id);
	gate.free();
	expect(await finished).toMatchObject({ settled: 16, hosts: 16, live: 16 });
	const later = gate.asked.slice(before).flat();
	expect(new Set(later).size).toBe(8);
	expect(later.filter((address) => gate.asked.slice(0, 2).flat().includes(address))).toEqual([]);
	await expect(manager.cancel(id)).rejects.toMatchObject({ code: "conflict" });
	expect(() => manager.resume(id)).toThrow(/finished/);
});

test("a daemon that goes down leaves the map running in the store, and the next one finishes it", async () => {
	const gate = holding(1);
	const first = household(gate.engine, 4);
	const [map] = first.manager.start(await plan(["127.0.77.1-12"], { dns: false }));
	await gate.held;
	await first.manager.suspend();
	expect(first.manager.current(map?.id ?? 0)).toMatchObject({ status: "running", settled: 4 });
	const next = household(engine, 4);
	const finished = next.until("finished");
	next.manager.recover();
	next.manager.begin();
	expect(await finished).toMatchObject({ settled: 12, hosts: 12 });
});

test("half-done stops are completed at the next start", async () => {
	const { manager } = household();
	const [pausing, cancelling] = [await plan(["127.0.77.1"]), await plan(["127.0.77.1"])].map((maps) => {
		const [map] = household().manager.start(maps);
		return map?.id ?? 0;
	});
	for (const other of managers.splice(0)) await other.suspend();
	for (const [id, status] of [
		[pausing, "pausing"],
		[cancelling, "cancelling"],
	] as const)
		saveMap(store.db, { ...manager.current(id ?? 0), status });
	manager.recover();
	expect(manager.current(pausing ?? 0).status).toBe("paused");
	expect(manager.current(cancelling ?? 0).status).toBe("cancelled");
});

test("stop-all pauses what runs and what waits", async () => {
	const gate = holding(0);
	const { manager } = household(gate.engine);
	const maps = manager.start(
		await Promise.all([1, 2, 3].map((last) => plan([`127.0.77.${last}`], { dns: false }))).then((all) => all.flat()),
	);
	await gate.held;
	expect(await manager.stopAll()).toEqual(maps.map(({ id }) => id));
	expect(maps.map(({ id }) => manager.current(id).status)).toEqual(["paused", "paused", "paused"]);
	expect(manager.running).toBe(0);
});

test("a change of exclusions leaves a map alone that probes nothing", async () => {
	const silent = await serveDns({ silent: true });
	try {
		const { manager } = household();
		manager.start(await plan(["lab.test"], { resolver: silent.resolver }));
		expect(await manager.replan(AddressSet.fromText([["127.0.77.1", "127.0.77.9"]]))).toEqual([]);
	} finally {
		await silent.close();
	}
});

test("a name server that is silent makes the map partial and says so", async () => {
	const silent = await serveDns({ silent: true });
	try {
		const { manager, until } = household();
		const finished = until("finished");
		const quick = { ...planning };
		const maps = await planMaps(
			{
				...{ targets: ["127.0.77.1-16"], exclusions: [], profile: "Initial", dns: true, resolver: silent.resolver },
				...{ netblockSize: 1_024, tcpPorts: String(tcpPort), udpPorts: "none", trace: "none" },
			},
			quick,
			() => [],
		);
		manager.start(maps);
		const map = await finished;
		expect(map.partial).toBe(true);
		expect(map.reason).toContain(silent.resolver);
		expect(map.live).toBe(16);
	} finally {
		await silent.close();
	}
});

test.each([
	[["none"], {}, "invalid", "There is no netblock"],
	[["lab.test"], { dns: false }, "invalid", "Without DNS traffic"],
	[["127.0.0.0/20"], {}, "too-large", "4,096 addresses; 1,024 are allowed"],
	[["127.0.0.0/8"], {}, "too-large", "16,777,216 addresses"],
	[["127.0.77.1"], { exclusions: ["127.0.77.0/24"] }, "out-of-scope", "is excluded"],
	[["127.0.77.1"], { profile: "Gone" }, "invalid", 'no option profile "Gone"'],
	[["127.0.77.1"], { resolver: "ns.example" }, "invalid", "not the address of a name server"],
	[["127.0.77.1"], { resolver: "127.0.0.1:70000" }, "invalid", "not the address of a name server"],
	[["127.0.77.1"], { tcpPorts: "1-200" }, "invalid", "200 TCP ports are too many"],
] as const)("refuses %j with %j", async (targets, options, code, message) => {
	await expect(plan(targets, options)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
});

test("a domain that is not there, and a name server that will not say, are told apart", async () => {
	const { manager, until } = household();
	const finished = until("finished");
	manager.start(await plan(["no-such.test"]));
	const unknown = await finished;
	expect(unknown).toMatchObject({ hosts: 0, partial: false });
	expect(unknown.reason).toContain(`There is no domain no-such.test, says the name server ${dns.resolver}`);

	const refusing = await serveDns({ refuses: true });
	try {
		const refused = until("finished");
		manager.start(await plan(["lab.test"], { resolver: refusing.resolver }));
		const map = await refused;
		expect(map.partial).toBe(true);
		expect(map.reason).toMatch(/refused \d+ questions, so names are missing/);
		expect(map.reason).toContain("will not answer for lab.test");
	} finally {
		await refusing.close();
	}
});

test("the name server is the request's, else the profile's, else the one kept, else this machine's", async () => {
	const asked = async (resolver?: string, own = "", kept = "") => {
		const context = { ...planning, profileOf: () => ({ ...profile, maps: { resolver: own, trace: "none" as const } }) };
		const request = {
			targets: ["lab.test"],
			exclusions: [],
			profile: "Initial",
			dns: true,
			netblockSize: 1_024,
			resolver,
		};
		const [map] = await planMaps(request, { ...context, mapResolver: () => kept }, () => []);
		return map?.resolver;
	};
	expect(await asked("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3")).toBe("127.0.0.1:1");
	expect(await asked(undefined, "127.0.0.1:2", "127.0.0.1:3")).toBe("127.0.0.1:2");
	expect(await asked(undefined, "", "127.0.0.1:3")).toBe("127.0.0.1:3");
	expect(await asked("machine", "127.0.0.1:2", "127.0.0.1:3")).toBeNull();
	expect(await asked()).toBeNull();
});
