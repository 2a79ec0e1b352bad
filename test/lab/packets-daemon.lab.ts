/**
 * What the daemon sends, told by a capture of the wire and not by the daemon: real commands, both engines, a network of
 * namespaces.
 */
import { execFileSync } from "node:child_process";
import { chownSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as assets from "../../protocol/methods/assets.ts";
import * as exclusions from "../../protocol/methods/exclusions.ts";
import * as scans from "../../protocol/methods/scans.ts";
import type { DoctorReport } from "../../protocol/model/doctor.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import { isOver, until } from "../support/follow.ts";
import { ended, Household } from "../support/vedette.ts";
import { type FarSide, RawNetwork, routerAddress, sourceAddress } from "./raw-network.ts";
import { type Packet, WireCapture } from "./wire-capture.ts";

let household: Household;
let network: RawNetwork | undefined;
let capture: WireCapture | undefined;

beforeEach(() => {
	household = new Household();
});
afterEach(async () => {
	await household.end();
	await capture?.close();
	await network?.end();
	capture = undefined;
	network = undefined;
});

async function lay(far: FarSide): Promise<void> {
	network = await RawNetwork.create(far);
	capture = await WireCapture.open("near0");
}
async function exchanged(): Promise<{ sent: Packet[]; heard: Packet[] }> {
	const packets = await capture?.exchanged(routerAddress);
	capture = undefined;
	return packets ?? { sent: [], heard: [] };
}
async function captured(): Promise<Packet[]> {
	return (await exchanged()).sent;
}

const hosts = (count: number) => Array.from({ length: count }, (_, i) => `198.18.4.${i + 1}`);
const waitMs = 120_000;

/** A profile with this rate, without UDP, and discovery by one port, so that what is captured is easy to tell. */
async function paced(ratePerSecond: number, home = household): Promise<void> {
	const limits = {
		ratePerSecond,
		ratePerHost: 0,
		ratePerNetwork: 0,
		inFlight: 4_000,
		inFlightPerHost: 1_000,
		timeoutMs: 1_000,
		retries: 1,
	};
	const all: Record<string, string | number> = { level: "custom", ...limits, hostsInParallel: 20, surveysPerHost: 4 };
	const sets = Object.entries(all).flatMap(([name, value]) => ["--set", `performance.${name}=${value}`]);
	await home.json(
		"profile",
		"clone",
		"Initial",
		"Paced",
		"--set",
		"udp.set=none",
		"--set",
		"discovery.ports=1",
		...sets,
	);
}

describe.each(["raw", "connect"])("the %s engine", (engine) => {
	beforeEach(() => {
		household.env.VEDETTE_ENGINE = engine === "raw" ? "auto" : engine;
	});

	async function daemon() {
		const started = await household.daemon();
		const status = await household.json<{ engine: { name: string } }>("status");
		expect(status.engine.name).toMatch(engine);
		return started;
	}

	test("printers hear not one byte, on any of their ports", async () => {
		const fragile = [515, 9100, 9101, 9107];
		await lay({
			routed: ["198.18.4.0/24"],
			listen: [...fragile, 80].map((port) => ({ address: "198.18.4.1", port })),
		});
		await daemon();
		const ports = "80,510-520,9090-9110";
		const { scan } = await household.json<{ scan: Scan }>("scan", "198.18.4.1", "--ports", ports);
		expect(scan.openPorts).toBe(fragile.length + 1);
		const packets = await captured();
		for (const port of fragile) {
			const sent = packets.filter((one) => one.kind === "tcp" && one.port === port);
			expect(
				sent.some(({ isProbe }) => isProbe),
				`port ${port} was asked`,
			).toBe(true);
			expect(
				sent.reduce((sum, { payload }) => sum + payload, 0),
				`port ${port}`,
			).toBe(0);
		}
		const talked = packets.filter((one) => one.kind === "tcp" && one.port === 80 && one.payload > 0);
		expect(talked.length, "the capture sees payload where there is some").toBeGreaterThan(0);
	});

	test("an excluded host in a range hears nothing at all, on a link of its own not even who-has", async () => {
		const alive = [5, 6, 7, 8].map((last) => `10.99.0.${last}`);
		await lay({ routed: ["198.18.4.0/24"], onLink: alive, listen: alive.map((address) => ({ address, port: 80 })) });
		await daemon();
		await household.json("exclude", "add", "198.18.4.9", "--comment", "breaks when scanned");
		const scan = ["scan", "10.99.0.5-8", "198.18.4.8-10", "--exclude", "10.99.0.6", "--ports", "1-100"];
		const outcome = await household.json<{ scan: Scan }>(...scan);
		expect(outcome.scan).toMatchObject({ status: "finished", hosts: { alive: 5, done: 5 } });
		const packets = await captured();
		expect(packets.filter(({ to }) => to === "10.99.0.6" || to === "198.18.4.9")).toEqual([]);
		expect(
			packets.some(({ kind, to }) => kind === "arp" && to === "10.99.0.7"),
			"who-has is captured",
		).toBe(true);
		const asked = new Set(packets.filter(({ isProbe }) => isProbe).map(({ to }) => to));
		expect([...asked].sort()).toEqual(["10.99.0.5", "10.99.0.7", "10.99.0.8", "198.18.4.10", "198.18.4.8"]);
	});

	test("a host that is excluded in mid-scan hears nothing once the command has returned", async () => {
		await lay({ routed: ["198.18.4.0/24"] });
		const { client } = await daemon();
		await paced(2_500);
		const request = { targets: ["198.18.4.1-4"], ports: "1-3000", profile: "Paced" };
		const { id } = await client.call(scans.start, request);
		await until(client, id, ({ stages }) => stages.some(({ name, done }) => name === "ports" && done > 1_500), waitMs);
		await client.call(exclusions.add, { targets: ["198.18.4.3"], comment: "it must not be touched" });
		const excludedAt = Date.now();
		const scan = await until(client, id, isOver, waitMs);
		expect(scan).toMatchObject({ status: "finished", hosts: { done: 3 } });
		const packets = (await captured()).filter(({ kind }) => kind !== "arp");
		const to = (address: string) => packets.filter((one) => one.to === address);
		expect(to("198.18.4.3").length).toBeGreaterThan(100);
		expect(to("198.18.4.3").filter(({ at }) => at > excludedAt)).toEqual([]);
		expect(to("198.18.4.2").some(({ at }) => at > excludedAt)).toBe(true);
	});

	test("stop-all: the last packet leaves before the command is over, a second at most after it is heard", async () => {
		await lay({ routed: ["198.18.4.0/24"], listen: hosts(50).map((address) => ({ address, port: 22 })) });
		const { client } = await daemon();
		await paced(10_000);
		const request = { targets: ["198.18.4.1-250"], ports: "1-5000", profile: "Paced", confirm: true };
		const { id } = await client.call(scans.start, request);
		await until(client, id, ({ stages }) => stages.some(({ name, done }) => name === "ports" && done > 15_000), waitMs);
		const calledAt = Date.now();
		await client.call(scans.get, { scan: id });
		const askedAt = Date.now();
		const { stopped } = await client.call(scans.stopAll, {});
		const answeredAt = Date.now();
		expect(stopped).toEqual([id]);
		// A second look: whatever still goes on would be seen while this one scans another network.
		const { scan } = await household.json<{ scan: Scan }>("scan", "127.0.0.1", "--ports", "1-2000");
		expect(scan.status).toBe("finished");
		const sent = (await captured()).filter(({ to, kind }) => to.startsWith("198.18.4.") && kind !== "arp");
		const last = sent.reduce((latest, { at }) => Math.max(latest, at), 0);
		expect(sent.filter(({ at, isProbe }) => isProbe && at > answeredAt)).toEqual([]);
		process.stdout.write(`${engine}: last packet ${(last - askedAt).toFixed(0)} ms after stop-all was called\n`);
		// Heard when a machine this busy comes to it, which the call before tells.
		expect(last - askedAt).toBeLessThan(1_000 + 10 * (askedAt - calledAt));
	});

	test("killed at half of 65,535 ports, the second run asks the rest, and exclusions hold", async () => {
		await lay({
			routed: ["198.18.4.0/24"],
			listen: [22, 443, 50_000].map((port) => ({ address: "198.18.4.1", port })),
		});
		const first = await daemon();
		await paced(8_000);
		const request = { targets: ["198.18.4.1-2"], exclusions: ["198.18.4.2"], ports: "full", profile: "Paced" };
		const { id } = await first.client.call(scans.start, { ...request, confirm: true });
		const portsDone = ({ stages }: Scan) => stages.find(({ name }) => name === "ports")?.done ?? 0;
		await until(first.client, id, (scan) => portsDone(scan) > 32_767, waitMs);
		await ended(first.child, "SIGKILL");
		const killedAt = Date.now();
		const second = await daemon();
		const scan = await until(second.client, id, isOver, waitMs);
		expect(scan).toMatchObject({ status: "finished", openPorts: 3, hosts: { total: 1, done: 1 } });
		const { sent: packets, heard } = await exchanged();
		expect(packets.filter(({ to }) => to === "198.18.4.2")).toEqual([]);
		const probes = packets.filter(({ isProbe, to }) => isProbe && to === "198.18.4.1");
		expect(new Set(probes.map(({ port }) => port)).size).toBe(65_535);
		const answered = new Map<number, number>();
		for (const { kind, port, at } of heard) if (kind === "tcp" && at < killedAt) answered.set(port, at);
		const again = new Set(probes.filter(({ at, port }) => at > killedAt && answered.has(port)).map(({ port }) => port));
		process.stdout.write(
			`${engine}: ${answered.size} ports answered before the kill, ${again.size} were asked again\n`,
		);
		expect(answered.size).toBeGreaterThan(32_000);
		// Asked to find out who is there and whether it is a ghost, before its ports are; the open ones, to talk to them.
		const others = new Set([...probes.slice(0, 40).map(({ port }) => port), 22, 443, 50_000]);
		// Written down once a second: only what was answered since may be asked again.
		const early = [...again].filter((port) => !others.has(port) && (answered.get(port) ?? 0) < killedAt - 3_000);
		expect(early).toEqual([]);
	}, 240_000);
});

test("a firewall that answers for a host and refuses connections is told so, and no service is made of it", async () => {
	await lay({
		routed: ["198.18.4.0/24"],
		listen: [80, 443].map((port) => ({ address: "198.18.4.1", port })),
		// Told by its length, which options make: a packet of the kernel's is refused, one of ours is let through.
		rules: ["ip daddr 198.18.4.1 tcp dport 443 tcp flags syn / syn,ack ip length > 44 reject with tcp reset"],
	});
	const { client } = await household.daemon();
	const { scan } = await household.json<{ scan: Scan }>("scan", "198.18.4.1", "--ports", "80,443,8080");
	expect(scan.status).toBe("finished");
	const { surveys, tcp } = await client.call(scans.coverage, { scan: scan.id });
	expect(tcp).toMatchObject({ open: 2, closed: 1 });
	expect(surveys).toMatchObject({ open: 2, refused: 1, talkedTo: 1 });
	const { services } = await client.call(assets.get, { name: "198.18.4.1" });
	expect(services.map(({ port }) => port)).toEqual([80]);
	const told = await household.run(["scans", "show", String(scan.id)]);
	expect(told.stdout).toMatch(/refused/);
});

test("an interface that goes down in mid-scan pauses scans, raw or not, and says why; once it is back the rest is found", async () => {
	const other = new Household();
	try {
		other.env.VEDETTE_ENGINE = "connect";
		await lay({ routed: ["198.18.4.0/24"], listen: hosts(8).map((address) => ({ address, port: 2_900 })) });
		const homes = [household, other];
		const clients = await Promise.all(homes.map(async (home) => (await home.daemon()).client));
		const engines = homes.map((home) => home.json<{ engine: { name: string } }>("status"));
		const isConnect = expect.stringMatching(/^connect/);
		expect(await Promise.all(engines)).toMatchObject([{ engine: { name: "raw" } }, { engine: { name: isConnect } }]);
		await Promise.all(homes.map((home) => paced(4_000, home)));
		const begun = await Promise.all(
			clients.map(async (client, i) => {
				const request = { targets: [["198.18.4.1-4"], ["198.18.4.5-8"]][i] ?? [], ports: "1-6000", profile: "Paced" };
				const { id } = await client.call(scans.start, request);
				const isUnderWay = ({ stages }: Scan) => stages.some(({ name, done }) => name === "ports" && done > 1_500);
				await until(client, id, isUnderWay, waitMs);
				return { client, id };
			}),
		);
		execFileSync("ip", ["link", "set", "near0", "down"]);
		const paused = await Promise.all(begun.map(({ client, id }) => until(client, id, isOver, waitMs)));
		const said = { status: "paused", reason: expect.stringMatching(/198\.18\.4\.0\/24.*near0/) };
		expect(paused).toMatchObject([said, said]);
		execFileSync("ip", ["link", "set", "near0", "up"]);
		execFileSync("ip", ["route", "add", "198.18.4.0/24", "via", routerAddress, "src", sourceAddress]);
		for (const [i, { id }] of begun.entries()) {
			expect((await homes[i]?.run(["scans", "resume", String(id)]))?.code).toBe(0);
		}
		for (const { client, id } of begun) {
			const resumed = await until(client, id, isOver, waitMs);
			expect(resumed).toMatchObject({ status: "finished", openPorts: 4, hosts: { alive: 4, done: 4 } });
			// Nothing was taken for unreachable.
			const { tcp } = await client.call(scans.coverage, { scan: id });
			expect(tcp).toMatchObject({ open: 4, closed: 23_996, unreachable: 0, filtered: 0, notAsked: 0 });
		}
	} finally {
		await other.end();
	}
});

const openPorts = [22, 80, 4_433];

async function findsOpenPorts(): Promise<void> {
	const { scan } = await household.json<{ scan: Scan }>("scan", "198.18.4.1", "--ports", "1-500,4400-4500");
	expect(scan).toMatchObject({ status: "finished", openPorts: openPorts.length });
	const { items } = await household.json<{ items: { name: string }[] }>("assets");
	expect(items.map(({ name }) => name)).toEqual(["198.18.4.1"]);
}

describe("rights", () => {
	beforeEach(async () => {
		await lay({ routed: ["198.18.4.0/24"], listen: openPorts.map((port) => ({ address: "198.18.4.1", port })) });
	});
	const engineOf = async () => {
		const { checks } = await household.json<DoctorReport>("doctor");
		return checks.filter(({ id }) => id === "engine" || id === "rights");
	};

	test("without CAP_NET_RAW connects are chosen, explained, and find the same", async () => {
		await household.daemon("setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw");
		expect(await engineOf()).toMatchObject([
			{
				state: "warning",
				found: expect.stringMatching(/^connect-epoll\..*lacks the capability CAP_NET_RAW/),
				cure: expect.arrayContaining([expect.stringContaining("AmbientCapabilities=CAP_NET_RAW")]),
			},
			{ id: "rights" },
		]);
		await findsOpenPorts();
		const probes = (await captured()).filter(({ isProbe, port }) => isProbe && port === 4_433);
		expect(probes.length).toBeGreaterThan(0);
	});

	test("a user with the capability as an ambient one sends raw packets, and is told that all is well", async () => {
		const nobody = 65_534;
		chownSync(household.home, nobody, nobody);
		const user = [`--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"];
		await household.daemon("setpriv", ...user, "--inh-caps=+net_raw", "--ambient-caps=+net_raw");
		expect(await engineOf()).toMatchObject([
			{ state: "ok", found: expect.stringMatching(/^raw\./) },
			{ state: "ok", found: `User ${nobody}, with CAP_NET_RAW.` },
		]);
		await findsOpenPorts();
	});
});
