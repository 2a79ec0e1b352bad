/**
 * Routes over machines in a row: here - one - two - far, and a branch from one to side. `vedette map` finds the hosts,
 * the routers on the way and the tree they make, over IPv4 and IPv6, with and without privileges; what is excluded is
 * never asked, and a way that changes is said.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { MapDifference, MapHost, NetworkMap } from "../../protocol/model/map.ts";
import { Household } from "../support/vedette.ts";
import { RoutedNetwork } from "./routed-network.ts";

let network: RoutedNetwork;
const household = new Household();

beforeAll(async () => {
	network = RoutedNetwork.open();
	network.ip("here", "link", "set", "lo", "up");
	for (const machine of ["one", "two", "far", "side"]) await network.add(machine);
	network.wire("here", "one", { from: ["198.18.0.1/30", "fd00:0::1/64"], to: ["198.18.0.2/30", "fd00:0::2/64"] });
	network.wire("one", "two", { from: ["198.18.1.1/30", "fd00:1::1/64"], to: ["198.18.1.2/30", "fd00:1::2/64"] });
	network.wire("two", "far", {
		from: ["10.77.1.1/24", "10.77.2.1/24", "fd00:77::1/64"],
		to: ["10.77.1.10/24", "10.77.1.11/24", "10.77.1.12/24", "10.77.2.10/24", "fd00:77::10/64"],
	});
	network.wire("one", "side", { from: ["10.88.0.1/24"], to: ["10.88.0.5/24"] });
	for (const prefix of ["198.18.1.0/30", "10.77.0.0/16", "10.88.0.0/24"]) network.route("here", prefix, "198.18.0.2");
	network.route("here", "fd00:77::/64", "fd00:0::2");
	network.route("one", "10.77.0.0/16", "198.18.1.2");
	network.route("one", "fd00:77::/64", "fd00:1::2");
	network.route("two", "198.18.0.0/30", "198.18.1.1");
	network.route("two", "fd00:0::/64", "fd00:1::1");
	network.route("far", "198.18.0.0/16", "10.77.1.1");
	network.route("far", "fd00:0::/64", "fd00:77::1");
	network.route("side", "198.18.0.0/16", "10.88.0.1");
	// Routers on the way of two traces may answer at once; the kernel's own limit would make a router silent.
	for (const machine of ["one", "two", "far", "side"])
		network.run(
			machine,
			"sh",
			"-c",
			"echo 0 >/proc/sys/net/ipv4/icmp_ratelimit; echo 0 >/proc/sys/net/ipv6/icmp/ratelimit",
		);
	network.run(
		"far",
		"nft",
		"add table ip t; add chain ip t in { type filter hook input priority 0; }; add counter ip t asked; add rule ip t in ip daddr 10.77.1.12 counter name asked",
	);
});
afterAll(async () => {
	await household.end();
	await network?.close();
});

interface Mapped {
	maps: { map: NetworkMap; items: MapHost[] }[];
}
const options = ["--no-dns", "--tcp", "22", "--udp", "none"];
const wayOf = (items: readonly MapHost[], address: string) => items.find((host) => host.address === address)?.route;

test("the hops of every network, and the tree they make", async () => {
	const target = "none:[10.77.1.10-10.77.1.12, 10.77.2.10, 10.88.0.5, fd00:77::10]";
	const { maps } = await household.json<Mapped>("map", target, ...options, "--exclude", "10.77.1.12");
	const { map, items } = maps[0] ?? { map: undefined, items: [] };
	expect(map).toMatchObject({ status: "finished", partial: false, reason: null, trace: "sample" });
	const ways = [wayOf(items, "10.77.1.10"), wayOf(items, "10.77.1.11")];
	expect(ways, "one of a /24 is enough").toContain(null);
	expect(ways).toContainEqual({ hops: ["198.18.0.2", "198.18.1.2"], reached: true });
	expect(wayOf(items, "10.77.2.10")).toEqual({ hops: ["198.18.0.2", "198.18.1.2"], reached: true });
	expect(wayOf(items, "10.88.0.5")).toEqual({ hops: ["198.18.0.2"], reached: true });
	expect(wayOf(items, "fd00:77::10")).toEqual({ hops: ["fd00::2", "fd00:1::2"], reached: true });
	const router = items.find(({ address }) => address === "198.18.1.2");
	expect(router).toMatchObject({
		discovery: [{ method: "TraceRoute", port: null }],
		flags: { live: true, netblock: false },
		links: ["198.18.0.2"],
	});

	const tree = await household.run(["map", "show", String(map?.id), "--tree"]);
	expect(tree.stdout.trimEnd().split("\n")).toEqual([
		"this machine",
		"├─ 198.18.0.2  router",
		"│  ├─ 10.88.0.0/24  1 host, 1 traced",
		"│  │  └─ 10.88.0.5  --LN",
		"│  └─ 198.18.1.2  router",
		"│     ├─ 10.77.1.0/24  2 hosts, 1 traced",
		"│     │  ├─ 10.77.1.10  --LN",
		"│     │  └─ 10.77.1.11  --LN",
		"│     └─ 10.77.2.0/24  1 host, 1 traced",
		"│        └─ 10.77.2.10  --LN",
		"└─ fd00::2  router",
		"   └─ fd00:1::2  router",
		"      └─ fd00:77::/64  1 host, 1 traced",
		"         └─ fd00:77::10  --LN",
	]);
	const rogues = await household.json<{ items: MapDifference[] }>("map", "rogues", String(map?.id));
	expect(rogues.items.map(({ host }) => host.address)).not.toContain("198.18.0.2");
});

test("an excluded host was asked by nothing, not even with few hops to live", () => {
	const [counter] =
		network.run("far", "nft", "-j", "list", "counter", "ip", "t", "asked").match(/"packets": \d+/) ?? [];
	expect(counter).toBe('"packets": 0');
});

test("the same without any privilege", () => {
	const script = fileURLToPath(new URL("trace-once.ts", import.meta.url));
	const bare = [
		"--inh-caps=-all",
		"--bounding-set=-all",
		process.execPath,
		script,
		"10.77.1.10",
		"10.88.0.5",
		"fd00:77::10",
	];
	const { routes, sent, problem } = JSON.parse(execFileSync("setpriv", bare).toString()) as {
		routes: { address: string; hops: string[]; reached: boolean }[];
		sent: number;
		problem: string | null;
	};
	expect(problem).toBeNull();
	expect(Object.fromEntries(routes.map(({ address, hops, reached }) => [address, reached ? hops : null]))).toEqual({
		"10.77.1.10": ["198.18.0.2", "198.18.1.2"],
		"10.88.0.5": ["198.18.0.2"],
		"fd00:77::10": ["fd00::2", "fd00:1::2"],
	});
	expect(sent, "few probes").toBeLessThan(16);
});

test("a way that has changed is in the comparison", async () => {
	// The same hosts, now over the router at the side.
	network.wire("side", "two", { from: ["198.18.2.1/30"], to: ["198.18.2.2/30"] });
	network.ip("one", "route", "replace", "10.77.0.0/16", "via", "10.88.0.5");
	network.route("side", "10.77.0.0/16", "198.18.2.2");
	// A router speaks from the address it answers over.
	network.ip("two", "route", "replace", "198.18.0.0/30", "via", "198.18.2.1");
	await household.json<Mapped>("map", "none:[10.77.1.10, 10.77.2.10, 10.88.0.5]", ...options, "--trace", "all");
	const { items } = await household.json<{ items: MapDifference[] }>("map", "compare", "1", "2", "rerouted:true");
	expect(
		items.map(({ host, change, earlierRoute }) => [host.address, change, host.route?.hops, earlierRoute?.hops]),
	).toEqual([
		["10.77.1.10", "active", ["198.18.0.2", "10.88.0.5", "198.18.2.2"], ["198.18.0.2", "198.18.1.2"]],
		["10.77.2.10", "active", ["198.18.0.2", "10.88.0.5", "198.18.2.2"], ["198.18.0.2", "198.18.1.2"]],
	]);
	const table = await household.run(["map", "compare", "1", "2"]);
	expect(table.stdout).toContain("198.18.0.2 › 10.88.0.5 › 198.18.2.2, was 198.18.0.2 › 198.18.1.2");
});
