import { expect, test } from "vitest";
import type { NetworkMap } from "../../protocol/model/map.ts";
import type { PlanningContext } from "../scan/request.ts";
import { ScriptedEngine } from "../scan/scripted-engine.test-support.ts";
import { AddressSet } from "../scope/address-set.ts";
import { openStore } from "../store/store.ts";
import { MapManager } from "./manager.ts";
import { planMaps } from "./request.ts";

const limits = {
	...{ ratePerSecond: 1_000, inFlight: 10, inFlightPerHost: 10, timeoutMs: 100, retries: 0 },
	...{ hostsInParallel: 1, surveysPerHost: 1 },
};
const one = (address: string) => AddressSet.fromText([[address, address]]);

test("a running map takes up an exclusion: nothing more goes there, and the rest is found", async () => {
	let excluded = AddressSet.empty;
	const planning: PlanningContext = {
		resolve: async () => [],
		profileOf: (name) => ({
			...{
				name,
				version: 1,
				ports: "light",
				udp: "none",
				discoveryPorts: [22],
				scanDeadHosts: false,
				discovery: { icmp: false, arp: false, ackPorts: [], udpPorts: [] },
			},
			...{ limits, maxHostMs: null, maxScanMs: null },
		}),
		profileNames: () => ["Initial"],
		globalExclusions: async () => excluded,
		fragilePorts: () => new Set(),
	};
	const engine = new ScriptedEngine({ open: ["127.0.99.1:22", "127.0.99.2:22"], batchSize: 1 });
	const held = Promise.withResolvers<void>();
	engine.gate = (_job, batch) => {
		if (batch < 2) return Promise.resolve();
		held.resolve();
		return new Promise(() => undefined);
	};
	const store = openStore(":memory:", { clock: { now: () => Date.UTC(2026, 0, 1) } });
	const finished = Promise.withResolvers<NetworkMap>();
	const seen = new Set<string>();
	const manager = new MapManager({
		...{ engine, store, planning },
		openNameServer: () => {
			throw new Error("no names are asked for");
		},
		onMap: (map) => {
			seen.add(map.status);
			if (map.status === "finished") finished.resolve(map);
		},
		onFault: (_, err) => finished.reject(err),
	});
	manager.begin();
	const request = {
		targets: ["none:[127.0.99.1-127.0.99.4]"],
		...{
			exclusions: [],
			profile: "Initial",
			tcpPorts: "22",
			udpPorts: "none",
			dns: false,
			netblockSize: 1_024 as const,
			trace: "sample" as const,
		},
	};
	const [map] = manager.start(await planMaps(request, planning, () => []));
	await held.promise;

	excluded = one("127.0.99.2");
	expect(await manager.replan(one("127.0.100.1"))).toEqual([]);
	const before = engine.asked.filter((pair) => pair.startsWith("127.0.99.2:")).length;
	expect(await manager.replan(excluded)).toEqual([map?.id]);
	engine.gate = () => Promise.resolve();
	expect((await finished.promise).hosts).toBe(3);
	expect(engine.asked.filter((pair) => pair.startsWith("127.0.99.2:"))).toHaveLength(before);
	expect([...seen]).toEqual(["queued", "running", "finished"]);
	store.close();
});
