/** Ways a packet may take: to this machine's own addresses, over several interfaces, and none at all. Raw as by connects. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createConnectEngine } from "../../daemon/packets/connect.ts";
import type { PortEngine } from "../../daemon/packets/engine.ts";
import { collect } from "../../daemon/packets/engine-conformance.test-support.ts";
import { chooseEngine } from "../../daemon/packets/raw-choice.ts";
import { RawNetwork, sourceAddress } from "./raw-network.ts";

const limits = { ratePerSecond: 20_000, inFlight: 2_000, inFlightPerHost: 500, timeoutMs: 500, retries: 1 };
const left: string[] = [];
const engines: PortEngine[] = [];
let network: RawNetwork | undefined;
let server: Server | undefined;

afterEach(async () => {
	for (const engine of engines.splice(0)) await engine.close();
	server?.close();
	server = undefined;
	await network?.end();
	network = undefined;
	left.length = 0;
});

async function both(
	addresses: readonly string[],
	ports: readonly number[],
): Promise<{ raw: string[]; connect: string[] }> {
	const { engine: raw } = chooseEngine({ onHandover: (reason) => left.push(reason) });
	const connect = await createConnectEngine();
	engines.push(raw, connect);
	expect(raw.name).toBe("raw");
	const ask = async (engine: PortEngine) => {
		const { answers } = await collect(engine, { addresses, ports, limits });
		return answers.map(({ address, port, state }) => `${address} ${port} ${state}`).sort();
	};
	return { raw: await ask(raw), connect: await ask(connect) };
}

/** On every address of this machine, IPv4 and IPv6. */
async function listenEverywhere(): Promise<number> {
	const listening = createServer((socket) => socket.destroy());
	server = listening;
	await new Promise<void>((resolve) => listening.listen(0, "::", resolve));
	return (listening.address() as { port: number }).port;
}

function packetsSent(device: string): number {
	const line = readFileSync("/proc/net/dev", "utf8").match(new RegExp(`${device}:(.*)`))?.[1] ?? "";
	return Number(line.trim().split(/\s+/)[9]);
}

test("this machine's own addresses: on loopback, on its interfaces, IPv6 too", async () => {
	network = await RawNetwork.create({ routed: ["198.18.4.0/24"] });
	const port = await listenEverywhere();
	const own = ["127.0.0.1", "127.200.3.4", "::1", sourceAddress, "10.99.0.1", "fd99::1"];
	const { raw, connect } = await both(own, [port, 1]);
	expect(raw).toEqual(connect);
	expect(raw.filter((one) => one.endsWith(`${port} open`))).toHaveLength(own.length);
	expect(left).toEqual([]);
});

test("two interfaces at once, each with hosts of its own", async () => {
	network = await RawNetwork.create({
		routed: ["198.18.4.0/24"],
		onLink: ["10.99.0.7"],
		ip6: ["fd99::10"],
		listen: [
			{ address: "198.18.4.9", port: 22 },
			{ address: "0.0.0.0", port: 80 },
			{ address: "fd99::10", port: 443 },
		],
	});
	network.secondWay("198.18.8.0/24");
	const addresses = ["198.18.4.9", "198.18.8.9", "198.18.8.10", "10.99.0.7", "198.18.0.2", "198.18.1.2", "fd99::10"];
	const { raw, connect } = await both(addresses, [22, 80, 443]);
	expect(raw).toEqual(connect);
	expect(raw.filter((one) => one.endsWith(" 80 open"))).toHaveLength(6);
	expect(left).toEqual([]);
});

test("a route that changes between two jobs is followed", async () => {
	network = await RawNetwork.create({ routed: ["198.18.4.0/24"], listen: [{ address: "0.0.0.0", port: 80 }] });
	network.secondWay("198.18.8.0/24");
	const { engine } = chooseEngine();
	engines.push(engine);
	const ask = async () => (await collect(engine, { addresses: ["198.18.4.1"], ports: [80], limits })).of("open");
	expect(await ask()).toEqual(["198.18.4.1 80"]);
	execFileSync("ip", ["route", "replace", "198.18.4.0/24", "via", "198.18.1.2", "dev", "near1"]);
	execFileSync("ip", ["link", "set", "near0", "down"]);
	expect(await ask()).toEqual(["198.18.4.1 80"]);
});

test("an address with a way of its own goes there, though its neighbours were asked first", async () => {
	network = await RawNetwork.create({ routed: ["198.18.4.0/24"], listen: [{ address: "0.0.0.0", port: 80 }] });
	network.secondWay("198.18.8.0/24");
	const { engine } = chooseEngine();
	engines.push(engine);
	const addresses = Array.from({ length: 50 }, (_, i) => `198.18.4.${i + 50}`);
	const sentBySecond = async () => {
		const before = packetsSent("near1");
		const { of } = await collect(engine, { addresses, ports: [80], limits });
		expect(of("open")).toHaveLength(50);
		return packetsSent("near1") - before;
	};
	expect(await sentBySecond()).toBeLessThan(10);
	execFileSync("ip", ["route", "add", "198.18.4.64/27", "via", "198.18.1.2", "dev", "near1"]);
	// A probe and the reset that ends the handshake, of 32 addresses.
	expect(await sentBySecond()).toBeGreaterThanOrEqual(32);
	execFileSync("ip", ["route", "del", "198.18.4.64/27"]);
	expect(await sentBySecond()).toBeLessThan(10);
});

test("no route, and one that prohibits: unreachable, as by connects", async () => {
	network = await RawNetwork.create({ routed: ["198.18.4.0/24"] });
	execFileSync("ip", ["route", "add", "prohibit", "198.18.12.0/24"]);
	execFileSync("ip", ["route", "add", "unreachable", "198.18.13.0/24"]);
	const { raw, connect } = await both(["198.18.12.1", "198.18.13.1", "198.18.99.1", "fd98::1"], [80]);
	expect(raw).toEqual(connect);
	expect(raw.every((one) => one.endsWith("unreachable"))).toBe(true);
});
