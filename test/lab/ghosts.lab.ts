/** Networks where a device answers for everybody, over a wire: one entry each and no asset; machines that look alike stay machines. */
import { afterEach, expect, test } from "vitest";
import type { Asset } from "../../protocol/model/asset.ts";
import type { Ghost } from "../../protocol/model/ghost.ts";
import type { NetworkMap } from "../../protocol/model/map.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import { Household } from "../support/vedette.ts";
import { GhostNetwork, type GhostOrders } from "./ghost-network.ts";

let household: Household | undefined;
let network: GhostNetwork | undefined;

/**
 * Raw packets are the engine of who may; `connect` is that of everybody else. What answers for all holds connections open
 * in silence the one time and hangs up at once the other: each is a firewall's habit, and only the first costs time-outs.
 */
const devices = [
	["auto", "holds", 9],
	["connect", "hangs up", 14],
] as const;

async function lay(orders: GhostOrders, engine = "auto"): Promise<Household> {
	network = await GhostNetwork.create(orders);
	household = new Household();
	household.env.VEDETTE_ENGINE = engine;
	return household;
}
afterEach(async () => {
	await household?.end();
	await network?.end();
	household = network = undefined;
});

/** Where time goes into neither UDP nor a gentle pace: what is told of TCP is told as well. */
async function brisk(home: Household): Promise<string[]> {
	const sets = ["--set", "udp.set=none", "--set", "performance.level=high"];
	await home.json("profile", "clone", "Initial", "Brisk", ...sets);
	return ["--profile", "Brisk"];
}

async function scan(home: Household, ...args: string[]): Promise<{ scan: Scan; ghosts: Ghost[]; assets: number }> {
	const done = await home.json<{ scan: Scan }>("scan", ...args);
	const { items: ghosts } = await home.json<{ items: Ghost[] }>("ghosts", "--scan", String(done.scan.id));
	const { total: assets } = await home.json<{ items: Asset[]; total: number }>("assets", "--limit", "1");
	return { scan: done.scan, ghosts, assets };
}

const everyPort = (block: string, server = 9) => `ip daddr ${block} tcp dport 1-65535 redirect to :${server}`;

test.each(devices)(
	"a firewall that accepts for every address and every port is one entry, and no asset (%s, %s)",
	async (engine, _, server) => {
		const home = await lay({ networks: ["198.18.10.0/24"], nat: [everyPort("198.18.10.0/24", server)] }, engine);
		const { scan: over, ghosts, assets } = await scan(home, "198.18.10.0/24");
		expect(assets).toBe(0);
		expect(ghosts).toHaveLength(1);
		expect(ghosts[0]).toMatchObject({
			...{ kind: "accepts-any-port", confidence: "certain", addresses: 256, asked: 256 },
			...{ ranges: ["198.18.10.0-198.18.10.255"], spoke: [] },
		});
		expect(over).toMatchObject({ status: "finished", hosts: { alive: 0, ghosts: 256 }, openPorts: 0, services: 0 });
		const show = await home.run(["scans", "show", String(over.id)]);
		expect(show.stdout).toContain("256 of 256 addresses accepted a connection on whatever port was asked.");

		const { maps } = await home.json<{ maps: { map: NetworkMap; items: unknown[] }[] }>(
			"map",
			"198.18.10.0/24",
			"--no-dns",
		);
		expect(maps[0]?.map).toMatchObject({ hosts: 0, live: 0, ghosts: 256 });
		expect((await home.json<{ items: Ghost[] }>("ghosts", "--map", "1")).items).toHaveLength(1);
	},
);

test("what a user says counts more; and once the firewall is mended its hosts come as hosts", async () => {
	const home = await lay({ networks: ["198.18.10.0/27"], nat: [everyPort("198.18.10.0/27", 14)], ssh: [22] });
	const quickly = await brisk(home);
	const said = await home.run(["ghosts", "accept", "198.18.10.0/30", "--comment", "ours"]);
	expect(said.code, said.stderr).toBe(0);
	const first = await scan(home, "198.18.10.0/27", "--ports", "22,80", ...quickly);
	expect(first.assets).toBe(4);
	expect(first.ghosts.map(({ addresses }) => addresses)).toEqual([28]);
	await network?.change({ nat: [] });
	const second = await scan(home, "198.18.10.0/27", "--ports", "22,80", ...quickly);
	expect(second.ghosts).toEqual([]);
	expect(second.assets).toBe(32);
});

test.each(devices)(
	"80 and 443 on every address, only those, and mute: one entry (%s, %s)",
	async (engine, _, server) => {
		const orders = {
			networks: ["198.18.11.0/26"],
			nat: [`ip daddr 198.18.11.0/26 tcp dport { 80, 443 } redirect to :${server}`],
			rules: ["ip daddr 198.18.11.0/26 drop"],
		};
		const home = await lay(orders, engine);
		const { ghosts, assets } = await scan(
			home,
			"198.18.11.0/26",
			"--ports",
			"22,80,443,8080-8090",
			...(await brisk(home)),
		);
		expect(assets).toBe(0);
		expect(ghosts).toHaveLength(1);
		expect(ghosts[0]).toMatchObject({ kind: "says-nothing", confidence: "likely", addresses: 64, ports: [80, 443] });
	},
);

test("a network that refuses for every address is one entry", async () => {
	const home = await lay({
		networks: ["198.18.12.0/25"],
		rules: ["ip daddr 198.18.12.0/25 meta l4proto tcp reject with tcp reset"],
	});
	const { ghosts, assets } = await scan(home, "198.18.12.0/25", "--ports", "1-30", ...(await brisk(home)));
	expect(assets).toBe(0);
	expect(ghosts).toMatchObject([{ kind: "refuses-any-port", addresses: 128 }]);
});

test("cloned machines, each with its services, are assets; so is a host with two hundred ports that speak", async () => {
	const home = await lay({
		networks: ["198.18.13.0/27", "198.18.14.1/32"],
		nat: ["ip daddr 198.18.14.1 tcp dport 2000-2199 redirect to :10"],
		ssh: [22],
		http: [80],
	});
	const quickly = await brisk(home);
	const clones = await scan(home, "198.18.13.0/27", "--ports", "20-30,80,443", ...quickly);
	expect(clones.ghosts).toEqual([]);
	expect(clones.assets).toBe(32);
	const container = await scan(home, "198.18.14.1", "--ports", "1950-2249", ...quickly);
	expect(container.ghosts).toEqual([]);
	expect(container.scan).toMatchObject({ hosts: { alive: 1 }, openPorts: 200 });
});

test("a decoy that greets on whatever port is asked is a ghost", async () => {
	const home = await lay({ networks: ["198.18.15.7/32"], nat: [everyPort("198.18.15.7", 13)] });
	const { ghosts, assets } = await scan(home, "198.18.15.7");
	expect(assets).toBe(0);
	expect(ghosts).toMatchObject([{ kind: "accepts-any-port", addresses: 1, ranges: ["198.18.15.7"] }]);
	expect(ghosts[0]?.spoke.some(({ canary }) => canary)).toBe(true);
});
