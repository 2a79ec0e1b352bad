/** The raw engine over a wire: what it finds equals what connects find, it stops at once, and it sends nothing it must not. */
import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import { afterEach, expect, test } from "vitest";
import { createConnectEngine } from "../../daemon/packets/connect.ts";
import type { PortEngine, PortJob } from "../../daemon/packets/engine.ts";
import { collect } from "../../daemon/packets/engine-conformance.test-support.ts";
import { chooseEngine } from "../../daemon/packets/raw-choice.ts";
import { type FarSide, RawNetwork } from "./raw-network.ts";

const limits = { ratePerSecond: 100_000, inFlight: 50_000, inFlightPerHost: 5_000, timeoutMs: 1_000, retries: 2 };
const hosts = (count: number) => Array.from({ length: count }, (_, i) => `198.18.4.${i + 1}`);
const portsUpTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

let network: RawNetwork | undefined;
const engines: PortEngine[] = [];
const left: string[] = [];

async function lay(far: FarSide): Promise<RawNetwork> {
	network = await RawNetwork.create(far);
	return network;
}
function rawEngine(): PortEngine {
	const { engine } = chooseEngine({ onHandover: (reason) => left.push(reason) });
	expect(engine.name).toBe("raw");
	engines.push(engine);
	return engine;
}
afterEach(async () => {
	for (const engine of engines.splice(0)) await engine.close();
	await network?.end();
	network = undefined;
	left.length = 0;
});

/** Every answer as `address port state`, sorted. */
async function findings(engine: PortEngine, job: Pick<PortJob, "addresses" | "ports">): Promise<string[]> {
	const { answers } = await collect(engine, { ...job, limits });
	return answers.map(({ address, port, state }) => `${address} ${port} ${state}`).sort();
}

test("open, closed, dropped, rejected and unreachable: the same as by connects", async () => {
	await lay({
		routed: ["198.18.4.0/24"],
		listen: hosts(6).flatMap((address, i) => [22, 80, 443, 8_000 + i].map((port) => ({ address, port }))),
		rules: [
			"ip daddr 198.18.4.2 tcp dport 1-500 drop",
			"ip daddr 198.18.4.3 drop",
			// A kernel sends only so many ICMP errors at once, so there are few.
			"ip daddr 198.18.4.4 tcp dport 30-44 reject with icmp type host-unreachable",
			"ip daddr 198.18.4.5 tcp dport 130-144 reject with icmp type port-unreachable",
			"ip daddr 198.18.4.6 tcp dport 300-310 reject with tcp reset",
		],
	});
	const job = { addresses: hosts(6), ports: [...portsUpTo(600), 8_000, 8_001, 8_002, 8_003, 8_004, 8_005] };
	const connect = await createConnectEngine();
	engines.push(connect);
	const found = await findings(rawEngine(), job);
	const expected = new Set(await findings(connect, job));
	// The kernel's allowance of ICMP errors is one for the whole machine: whoever asks second may hear none of them.
	const unheard = (one: string) => /^198\.18\.4\.[45] /.test(one) && expected.has(one.replace(/ \w+$/, " filtered"));
	expect(found.filter((one) => !expected.has(one) && !unheard(one))).toEqual([]);
	expect(found).toHaveLength(expected.size);
	expect(left).toEqual([]);
});

test("what a firewall prohibits is filtered, and not asked again", async () => {
	await lay({
		routed: ["198.18.4.0/24"],
		rules: ["ip daddr 198.18.4.1 reject with icmp type admin-prohibited"],
	});
	const { of, sent } = await collect(rawEngine(), { addresses: hosts(1), ports: portsUpTo(40), limits });
	expect(of("filtered")).toHaveLength(40);
	expect(sent).toBe(40);
});

test("on the wire itself: those who answer ARP are asked, the dead are unreachable", async () => {
	const alive = ["10.99.0.7", "10.99.0.200"];
	await lay({ onLink: alive, listen: [{ address: "10.99.0.7", port: 25 }] });
	const addresses = Array.from({ length: 252 }, (_, i) => `10.99.0.${i + 2}`);
	const { of, answers } = await collect(rawEngine(), { addresses, ports: [25, 26], limits });
	expect(of("open")).toEqual(["10.99.0.7 25"]);
	expect(of("closed").sort()).toEqual(["10.99.0.200 25", "10.99.0.200 26", "10.99.0.7 26"]);
	expect(of("unreachable")).toHaveLength(500);
	expect(answers).toHaveLength(504);
});

test("IPv6: open, closed, dropped, rejected", async () => {
	await lay({
		ip6: ["fd99::10", "fd99::11"],
		listen: [{ address: "fd99::10", port: 443 }],
		rules: [
			"ip6 daddr fd99::11 tcp dport 1-5 drop",
			"ip6 daddr fd99::11 tcp dport 6-9 reject with icmpv6 type admin-prohibited",
		],
	});
	const job = { addresses: ["fd99::10", "fd99::11"], ports: [...portsUpTo(20), 443] };
	const { of } = await collect(rawEngine(), { ...job, limits });
	expect(of("open")).toEqual(["fd99::10 443"]);
	expect(of("filtered").sort()).toEqual(
		portsUpTo(9)
			.map((port) => `fd99::11 ${port}`)
			.sort(),
	);
	expect(of("closed")).toHaveLength(42 - 10);
	expect(left).toEqual([]);
});

test("an excluded host receives no packet of any kind, and the others exactly what was counted as sent", async () => {
	const laid = await lay({
		routed: ["198.18.4.0/24"],
		rules: ["ip daddr 198.18.4.9 counter name excluded", "ip daddr 198.18.4.0/24 counter name others"],
	});
	const { settled, refused, sent } = await collect(rawEngine(), {
		addresses: hosts(20),
		ports: portsUpTo(100),
		guard: { allow: [["198.18.4.0", "198.18.4.255"]], deny: [["198.18.4.9", "198.18.4.9"]] },
		limits,
	});
	expect({ settled, refused }).toEqual({ settled: 2_000, refused: 1 });
	expect(laid.counter("excluded")).toBe(0);
	expect(laid.counter("others")).toBe(sent);
});

test("stop silences every packet within a second, and nothing comes afterwards", async () => {
	const laid = await lay({
		routed: ["198.18.4.0/24"],
		rules: ["ip daddr 198.18.4.0/24 tcp flags syn / syn,ack counter name asked"],
	});
	const engine = rawEngine();
	const run = engine.run({
		addresses: hosts(250),
		ports: portsUpTo(5_000),
		limits: { ...limits, ratePerSecond: 20_000 },
	});
	let stopped = 0;
	for await (const batch of run) {
		if (batch.sent < 4_000 || stopped > 0) continue;
		const startedAt = performance.now();
		await run.stop();
		stopped = performance.now() - startedAt;
	}
	expect(stopped).toBeGreaterThan(0);
	expect(stopped).toBeLessThan(1_000);
	const asked = laid.counter("asked");
	expect(asked).toBeGreaterThanOrEqual(4_000);
	// Another job passes over the same thread and wire: had the first gone on, it would be seen.
	const { sent } = await collect(engine, {
		addresses: hosts(1),
		ports: portsUpTo(300),
		limits: { ...limits, ratePerSecond: 1_000 },
	});
	expect(laid.counter("asked")).toBe(asked + sent);
});

test("the ceiling holds, on the far side's own count", async () => {
	const laid = await lay({ routed: ["198.18.4.0/24"], rules: ["ip daddr 198.18.4.0/24 counter name asked"] });
	const startedAt = performance.now();
	const { sent } = await collect(rawEngine(), {
		addresses: hosts(50),
		ports: portsUpTo(40),
		limits: { ...limits, ratePerSecond: 2_000 },
	});
	const seconds = (performance.now() - startedAt) / 1_000;
	expect(sent).toBe(2_000);
	expect(laid.counter("asked")).toBe(2_000);
	expect(sent / seconds).toBeLessThanOrEqual(2_100);
});

test("20 ms away, 1 % lost each way, one host in ten silent: every open port is found", async () => {
	const addresses = hosts(200);
	await lay({
		routed: ["198.18.4.0/24"],
		listen: addresses.flatMap((address, i) => [22, 100 + i].map((port) => ({ address, port }))),
		rules: ["ip daddr 198.18.4.1-198.18.4.20 drop"],
		wire: { delayMs: 10, loss: 0.01 },
	});
	const { of } = await collect(rawEngine(), { addresses, ports: portsUpTo(300), limits });
	expect(of("open")).toHaveLength(180 * 2);
	expect(of("filtered")).toHaveLength(20 * 300);
	expect(of("closed")).toHaveLength(180 * 298);
});

test("behind a bottleneck it finds the rate and every port", async () => {
	const addresses = hosts(200);
	await lay({
		routed: ["198.18.4.0/24"],
		listen: addresses.map((address) => ({ address, port: 80 })),
		wire: { delayMs: 10, loss: 0, packetsPerSecond: 10_000, queue: 200 },
	});
	const { of, sent } = await collect(rawEngine(), { addresses, ports: portsUpTo(200), limits });
	expect(of("open")).toHaveLength(200);
	expect(of("closed")).toHaveLength(200 * 199);
	expect(sent).toBeLessThan(40_000 * 1.5);
});

test("a path that brings no answers to raw packets is left to connects, with the reason", async () => {
	await lay({
		routed: ["198.18.4.0/24"],
		listen: [{ address: "198.18.4.1", port: 80 }],
		// A firewall on the way that lets only connections of this machine's own kernel through, told by the window they offer.
		rules: [
			"ip daddr 198.18.4.1 tcp flags syn / syn,ack @th,192,32 != 0x020405b4 counter accept",
			"ip daddr 198.18.4.1 ip length 44 drop",
		],
	});
	const { of } = await collect(rawEngine(), { addresses: hosts(1), ports: [80, 81], limits });
	expect({ open: of("open"), closed: of("closed") }).toEqual({ open: ["198.18.4.1 80"], closed: ["198.18.4.1 81"] });
	expect(left).toEqual(["nothing came back over this path while connects were answered"]);
});

test("without the capability the connect engine is chosen, and it is said how to grant it", async () => {
	const choice = JSON.stringify(new URL("../../daemon/packets/raw-choice.ts", import.meta.url).href);
	const script = `
		const { chooseEngine } = await import(${choice});
		const { engine, reason, hint } = chooseEngine();
		process.stdout.write(JSON.stringify({ name: engine.name, said: engine.reason, reason, hint }));`;
	const drop = [
		"--bounding-set=-net_raw",
		"--inh-caps=-net_raw",
		process.execPath,
		"--input-type=module",
		"-e",
		script,
	];
	const { stdout } = await promisify(execFile)("setpriv", drop);
	const { name, said, reason, hint } = JSON.parse(stdout) as Record<string, string>;
	expect(name).toBe("connect-epoll");
	expect(said).toBe(reason);
	expect(reason).toContain("lacks the capability CAP_NET_RAW");
	expect(hint).toContain("AmbientCapabilities=CAP_NET_RAW");
});

test("an interface that goes away in mid-scan ends the job, not the engine", async () => {
	const laid = await lay({ routed: ["198.18.4.0/24"] });
	const engine = rawEngine();
	let settled = 0;
	let gone = false;
	const job = {
		addresses: hosts(100),
		// More than is sent while a busy machine gets round to taking the interface away.
		ports: portsUpTo(5_000),
		limits: { ...limits, ratePerSecond: 20_000, timeoutMs: 300 },
	};
	const scanned = (async () => {
		for await (const batch of engine.run(job)) {
			settled = batch.settled;
			if (gone || batch.sent < 5_000) continue;
			gone = true;
			execFileSync("ip", ["link", "del", "near0"]);
		}
	})();
	// What was not asked is nobody's silence: the job says why it ends, and leaves the rest unsettled.
	await expect(scanned).rejects.toMatchObject({ code: "unavailable" });
	expect(settled).toBeLessThan(500_000);
	const again = await collect(engine, { addresses: ["127.0.0.1"], ports: [1], limits });
	expect(again.of("closed")).toEqual(["127.0.0.1 1"]);
	await laid.end();
});
