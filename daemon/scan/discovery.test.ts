import { expect, test } from "vitest";
import type { PairState } from "../packets/engine.ts";
import { discover, withoutRoute } from "./discovery.ts";
import { ScriptedEngine } from "./scripted-engine.test-support.ts";

test("where no route leads, silence is this machine's own; a router's word is none", async () => {
	const states: Record<string, PairState> = { "192.0.2.1": "closed", "192.0.2.2": "filtered" };
	const ports = new ScriptedEngine({ open: [], stateOf: (address) => states[address] ?? "unreachable" });
	const addresses = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "198.51.100.1"];
	const targets = addresses.map((address, index) => ({
		index,
		address,
		state: "pending" as const,
		how: null,
		rttMs: null,
	}));
	const found: string[] = [];
	const silent = await discover(
		targets.map((target) => ({ ...target, hostname: null, checkpoint: null })),
		{
			discoveryPorts: [80],
			limits: { ratePerSecond: 100, inFlight: 10, inFlightPerHost: 10, timeoutMs: 100, retries: 0, hostsInParallel: 1 },
			guard: { allow: [], deny: [] },
			group: "scan",
			fragilePorts: new Set(),
		},
		{ ports, routes: () => (address) => address.startsWith("192.0.2.") },
		new AbortController().signal,
		{ found: async (some) => void found.push(...some.map(({ address }) => address)) },
	);
	expect(found).toEqual(["192.0.2.1"]);
	expect(silent?.map(({ address, how }) => [address, how])).toEqual([
		["192.0.2.2", null],
		["192.0.2.3", null],
		["198.51.100.1", withoutRoute],
	]);
});
