/** Networks: the same address in two of them is two assets, each with its reason; what one is tracked by is changed with a preview. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveDns } from "../../daemon/maps/dns-server.test-support.ts";
import type { Asset, AssetDetail } from "../../protocol/model/asset.ts";
import type { AssetGroup } from "../../protocol/model/group.ts";
import type { Network, ResolutionView } from "../../protocol/model/identity.ts";
import { type FakeService, fakeRedis, serve } from "../support/fake-host.ts";
import { Household } from "../support/vedette.ts";
import "../support/patience.ts";

const address = "127.0.123.1";
let household: Household;
let service: FakeService;

beforeAll(async () => {
	household = new Household();
	service = await serve(address, 0, fakeRedis({ password: () => true }));
});
afterAll(async () => {
	await household.end();
	await service.close();
});

const scan = (...more: string[]) =>
	household.json("scan", address, "--ports", String(service.port), "--udp", "none", ...more);

test("overlapping networks stay apart, and every asset says why it is one", async () => {
	await household.json<Network>("network", "add", "plant", "--comment", "the other side");
	await scan();
	await scan("--network", "plant");
	await scan("--network", "PLANT");
	const { items } = await household.json<{ items: Asset[] }>("assets", "--sort", "id");
	expect(items.map(({ network, addresses }) => [network, addresses])).toEqual([
		["default", [address]],
		["plant", [address]],
	]);
	const plant = await household.json<{ items: Asset[] }>("assets", "network:plant");
	expect(plant.items.map(({ id }) => id)).toEqual([2]);

	const shown = await household.json<AssetDetail>("assets", "show", "2");
	expect(shown.addresses).toMatchObject([{ address, network: "plant", state: "main" }]);
	expect(shown.sources?.map(({ source }) => source)).toEqual(["network"]);
	const { resolutions } = await household.json<{ resolutions: ResolutionView[] }>("why-asset", "2");
	expect(resolutions.map(({ rule }) => rule)).toEqual(["address", "new"]);

	// A group, a map and a recipe lie in a network too, and take it along.
	await household.run(["group", "create", "Press", address, "--network", "plant", "--domains", "plant.example"]);
	const grouped = await household.json<{ items: Asset[] }>("assets", "group:Press");
	expect(grouped.items.map(({ id }) => id)).toEqual([2]);
	const ports = ["--ports", String(service.port), "--udp", "none"];
	await household.json("scan", "group:Press", ...ports);
	expect((await household.json<AssetDetail>("assets", "show", "2")).asset.lastScan).not.toBe(plant.items[0]?.lastScan);
	const apart = await household.run(["scan", "group:Press", "--network", "default", ...ports]);
	expect(apart.stderr).toMatch(/"Press" is in the network plant, not in default/);
	const { group } = await household.json<{ group: AssetGroup }>("group", "set", "Press", "127.0.123.2-3");
	expect(group).toMatchObject({ addresses: 2, domains: ["plant.example"], network: "plant" });
	const edited = await household.json<AssetGroup>("group", "edit", "Press", "--impact", "high", "--cvss", "cr=high");
	expect(edited).toMatchObject({ businessImpact: "high", cvss: { cr: "high", td: "not-defined" } });
	await household.json(
		"map",
		address,
		"--tcp",
		String(service.port),
		"--udp",
		"none",
		"--no-dns",
		"--network",
		"plant",
	);
	const { added, known } = await household.json<{ added: number; known: number }>(
		...(["call", "maps.addToInventory", JSON.stringify({ map: 1, filter: "" })] as const),
	);
	expect([added, known]).toEqual([0, 1]);

	const refused = await household.run(["network", "remove", "plant"]);
	expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("in plant")]);
	const nowhere = await household.run(["scan", address, "--network", "moon"]);
	expect(nowhere.stderr).toContain("vedette network add");
});

test("what is tracked by name is found by it at its address, and not recorded while the name does not resolve", async () => {
	const host = await serve("127.0.123.9", 0, fakeRedis({ password: () => true }));
	const dns = await serveDns({ names: { "127.0.123.9": ["shop.example.org"] } });
	const ports = ["--ports", String(host.port), "--udp", "none"];
	await household.run(["call", "maps.setResolver", JSON.stringify({ resolver: dns.resolver })]);
	const mapped = await household.json<{ maps: { map: { id: number } }[] }>(
		"map",
		"127.0.123.9",
		"--tcp",
		String(host.port),
		"--udp",
		"none",
	);
	const map = mapped.maps[0]?.map.id;
	await household.run(["call", "maps.addToInventory", JSON.stringify({ map, filter: "" })]);
	const tracked = await household.run(["assets", "track", "--by", "dns", "name:shop.example.org", "--json"]);
	expect(JSON.parse(tracked.stdout)).toMatchObject({ changed: 1 });
	await household.json("scan", "127.0.123.9", ...ports);
	const [shop] = (await household.json<{ items: Asset[] }>("assets", "name:shop.example.org")).items;
	expect(shop).toMatchObject({ tracking: "DNSNAME", openPorts: 1 });
	await dns.close();
	const { id } = (await household.json<{ scan: { id: number } }>("scan", "127.0.123.9", ...ports)).scan;
	const left = await household.json<{ items: { target: string; why: string }[] }>("scans", "not-scanned", String(id));
	expect(left.items).toMatchObject([{ target: "shop.example.org", why: expect.stringContaining("not found") }]);
	await host.close();
});

test("a name that was never resolved is nothing to track by", async () => {
	const outcome = await household.run(["assets", "track", "--by", "dns", "--asset", "1", "--json"]);
	expect(JSON.parse(outcome.stdout)).toMatchObject({ changed: 0, refused: 1, items: [{ outcome: "refused" }] });
	const words = await household.run(["assets", "track", "--by", "mac", "--asset", "1"]);
	expect(words.stderr).toContain("ip, dns or netbios");
	expect((await household.run(["assets", "poisoned"])).stdout).toContain("belongs to one machine");
});
