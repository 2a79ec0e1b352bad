/** The connect engine over a wire of 20 ms and losses: nothing open is missed, and what is silent costs seconds. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { createConnectEngine } from "../../daemon/packets/connect.ts";
import type { PortEngine, PortJob } from "../../daemon/packets/engine.ts";
import { lightPorts } from "../../daemon/scope/port-sets.ts";
import { parsePorts } from "../../daemon/scope/ports.ts";
import { builtInProfiles } from "../../daemon/store/built-in-profiles.ts";
import { SlowNetwork } from "./slow-network.ts";

const open = [22, 80, 443, 8443];
const initial = builtInProfiles.find((profile) => profile.name === "Initial");
if (initial === undefined) throw new Error("there is no profile Initial");
const { ratePerSecond, inFlight, inFlightPerHost, timeoutMs, retries } = initial.limits;
const limits = { ratePerSecond, inFlight, inFlightPerHost, timeoutMs, retries };
let network: SlowNetwork;
let engine: PortEngine;

beforeAll(async () => {
	network = await SlowNetwork.open({ delayMs: 10, lossPercent: 1, open, silent: [200, 229] });
	engine = await createConnectEngine({ backEnd: "epoll" });
});
afterAll(async () => {
	await engine?.close();
	await network?.close();
});

async function ask(job: Omit<PortJob, "limits">) {
	const startedAt = performance.now();
	const states = new Map<string, string>();
	let settled = 0;
	for await (const batch of engine.run({ ...job, limits })) {
		for (const { address, port, state } of batch.answers) states.set(`${address} ${port}`, state);
		settled = batch.settled;
	}
	return { states, settled, seconds: (performance.now() - startedAt) / 1_000 };
}

/** How fast it is is measured by the benchmarks; one time-out for each port would be longer than a test may take. */
function told(what: string, seconds: number): void {
	process.stdout.write(`${what}: ${seconds.toFixed(1)} s\n`);
}

const withState = (states: Map<string, string>, wanted: string) =>
	[...states].filter(([, state]) => state === wanted).map(([pair]) => pair);

test("discovery tells the 224 hosts that answer from the 30 that do not", async () => {
	const ports = parsePorts(initial.options.discovery.ports);
	const { states, seconds } = await ask({ addresses: network.addresses, ports, firstAnswerOnly: true });
	const alive = [...states].filter(([, state]) => state === "open" || state === "closed");
	expect(alive.map(([pair]) => pair.split(" ")[0]).sort()).toEqual(network.answering.toSorted());
	told("who is there", seconds);
});

test("the light set on all of them finds every open port and no other", async () => {
	const ports = parsePorts(lightPorts);
	const { states, settled, seconds } = await ask({ addresses: network.addresses, ports });
	expect(settled).toBe(254 * ports.length);
	const wanted = network.answering.flatMap((address) => open.map((port) => `${address} ${port}`));
	expect(withState(states, "open").sort()).toEqual(wanted.sort());
	const silent = withState(states, "filtered").filter((pair) => network.answering.includes(pair.split(" ")[0] ?? ""));
	// A refusal lost on every try; an open port may not be among them.
	expect(silent.length).toBeLessThan(network.answering.length * ports.length * 0.001);
	told("the light set", seconds);
});

test("one silent host asked for the light set takes two time-outs, not one for each port", async () => {
	const ports = parsePorts(lightPorts);
	const { states, seconds } = await ask({ addresses: ["10.199.1.210"], ports });
	expect(withState(states, "filtered").length).toBe(ports.length);
	told("one silent host", seconds);
});
