/** Daemons that draw maps over one store in memory, with an engine that answers from a script and a clock that moves when it is told to. */
import type { NetworkMap } from "../../protocol/model/map.ts";
import { noWindow, type ScanWindow } from "../../protocol/model/scan-window.ts";
import { MovedClock } from "../runs/moved-clock.test-support.ts";
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
const open = ["127.0.99.1:22", "127.0.99.3:22", "127.0.99.9:22"];

/** `onFault` absent: nothing may fail. */
export function bench(start: string, onFault?: (err: unknown) => void) {
	const clock = new MovedClock(start);
	const { setTimer, pass } = clock;
	const store = openStore(":memory:", { clock });
	const waiting: { status: NetworkMap["status"]; resolve: (map: NetworkMap) => void }[] = [];
	let excluded = AddressSet.empty;
	const planning: PlanningContext = {
		resolve: async () => [],
		profileOf: (name) => ({
			...{ name, version: 1, ports: "light", udp: "none", discoveryPorts: [22], scanDeadHosts: false },
			discovery: { icmp: false, arp: false, ackPorts: [], udpPorts: [] },
			...{ limits, maxHostMs: null, maxScanMs: null },
		}),
		profileNames: () => ["Initial"],
		globalExclusions: async () => excluded,
		namedExclusions: () =>
			excluded.size === 0 ? [] : [{ exclusion: "those", from: "global", comment: "why", addresses: excluded }],
		fragilePorts: () => new Set(),
	};
	const engine = new ScriptedEngine({
		open,
		stateOf: (address, port) => (open.includes(`${address}:${port}`) ? "open" : "filtered"),
	});
	const boot = () => {
		const manager = new MapManager({
			...{ engine, store, planning, window: 4 },
			openNameServer: () => {
				throw new Error("no names are asked for");
			},
			setTimer,
			onMap: (map) => {
				for (const one of waiting.filter(({ status }) => status === map.status)) one.resolve(map);
			},
			onFault: (_, err) => {
				if (onFault === undefined) throw err;
				onFault(err);
			},
		});
		manager.recover();
		manager.begin();
		return manager;
	};
	return {
		...{ boot, engine, store, pass },
		until: (status: NetworkMap["status"]) => new Promise<NetworkMap>((resolve) => waiting.push({ status, resolve })),
		exclude(address: string) {
			excluded = excluded.union(AddressSet.fromText([[address, address]]));
		},
		async start(manager: MapManager, window: Partial<ScanWindow> | null = null, onStored?: () => void) {
			const request = {
				...{ targets: ["none:[127.0.99.0-127.0.99.15]"], exclusions: ["127.0.99.2"], profile: "Initial", dns: false },
				...{ netblockSize: 1_024, trace: "none" as const },
				...(window === null ? {} : { window: { ...noWindow, timeZone: "UTC", ...window } }),
			};
			return manager.start(await planMaps(request, planning, () => []), onStored)[0]?.id ?? 0;
		},
		/** Holds the map at its second window; resolves when it got there. */
		hold(): Promise<void> {
			const { promise, resolve } = Promise.withResolvers<void>();
			let jobs = 0;
			engine.gate = (job, batch) => {
				// Canary ports are asked in jobs of their own.
				if (batch === 0 && job.ports.includes(22)) jobs++;
				if (jobs < 2) return Promise.resolve();
				resolve();
				return new Promise(() => undefined);
			};
			return promise;
		},
		release() {
			engine.gate = () => Promise.resolve();
		},
	};
}
