/** A new subnet from the command line: map it, approve, find the rogue, compare, take it into the inventory, scan it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FakeDns, serveDns } from "../../daemon/maps/dns-server.test-support.ts";
import type { MapDifference, MapHost, NetworkMap } from "../../protocol/model/map.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import { type FakeService, fakeRedis, serve } from "../support/fake-host.ts";
import { Household } from "../support/vedette.ts";
import "../support/patience.ts";

const base = "127.0.93";
let household: Household;
let dns: FakeDns;
let redis: FakeService;
let options: string[];

beforeAll(async () => {
	household = new Household();
	redis = await serve(`${base}.2`, 0, fakeRedis({ password: () => true }));
	dns = await serveDns({
		addresses: { "lab.test": [`${base}.2`], "www.lab.test": [`${base}.200`] },
		names: { [`${base}.2`]: ["cache.lab.test"], [`${base}.3`]: ["evil\u001b]0;owned\u0007\u001b[2J.lab.test"] },
	});
	options = ["--resolver", dns.resolver, "--tcp", String(redis.port), "--udp", "none"];
});
afterAll(async () => {
	await household.end();
	await dns.close();
	await redis.close();
});

interface Started {
	maps: { map: NetworkMap; items: MapHost[]; total: number }[];
}
const differences = (...args: string[]) => household.json<{ items: MapDifference[]; total: number }>("map", ...args);
const addresses = (rows: readonly { host: MapHost }[]) => rows.map(({ host }) => host.address);

test("from an unknown subnet to a scan of what is there", async () => {
	const { maps } = await household.json<Started>("map", `lab.test:[${base}.1-3]`, ...options);
	expect(maps).toHaveLength(1);
	const first = maps[0];
	expect(first?.map).toMatchObject({ domain: "lab.test", status: "finished", hosts: 4, live: 3, partial: false });
	const cache = first?.items.find(({ address }) => address === `${base}.2`);
	expect(cache?.names).toEqual(["lab.test", "cache.lab.test"]);
	// Echo requests and ACKs find it too where this process may send them.
	const found = cache?.discovery.filter(({ method }) => method !== "ICMP" && method !== "TCP ACK");
	expect(found).toEqual([
		{ method: "TCP", port: redis.port },
		{ method: "DNS", port: null },
	]);

	const approved = await household.json<{ approved: number }>("map", "approve", "1", "flag:L and flag:N");
	expect(approved.approved).toBe(3);
	expect((await differences("rogues", "1")).items).toEqual([]);

	await household.json<Started>("map", `lab.test:[${base}.2-4]`, ...options);
	const rogues = await differences("rogues", "2", "--before", "1");
	expect(rogues.items.map(({ host, standing, change }) => [host.address, standing, change])).toEqual([
		[`${base}.4`, "rogue", "added"],
	]);
	const compared = (change: string) => differences("compare", "1", "2", `change:${change}`);
	expect(addresses((await compared("removed")).items)).toEqual([`${base}.1`]);
	expect(addresses((await compared("added")).items)).toEqual([`${base}.4`]);
	expect(addresses((await compared("active")).items)).toEqual([`${base}.2`, `${base}.3`, `${base}.200`]);

	const shown = await household.json<{ items: MapHost[] }>("map", "show", "2", "flag:L and not flag:A");
	expect(shown.items.map(({ address }) => address)).toEqual([`${base}.4`]);

	const added = await household.json<{ added: number; known: number }>("map", "add", "2", "method:TCP");
	expect(added).toEqual({ added: 1, known: 0 });
	const assets = await household.json<{ items: { name: string; tracking: string; openPorts: number }[] }>("assets");
	expect(assets.items).toMatchObject([{ name: "lab.test", tracking: "IP", openPorts: 0 }]);
	const scannable = await household.json<{ items: MapHost[] }>("map", "show", "2", "flag:S");
	expect(scannable.items.map(({ address }) => address)).toEqual([`${base}.2`]);

	const { scan } = await household.json<{ scan: Scan }>("map", "scan", "2", "flag:S", "--ports", String(redis.port));
	expect(scan).toMatchObject({ status: "finished", openPorts: 1, targets: [`${base}.2`] });
});

test("the tables say the same, and nothing raw from the DNS reaches a terminal", async () => {
	const shown = await household.run(["map", "show", "1"]);
	expect(shown.code).toBe(0);
	expect(shown.stdout).toMatch(/127\.0\.93\.2 +AS?-?LN|127\.0\.93\.2 +ASLN/);
	for (const args of [
		["map", "show", "1"],
		["map", "show", "1", "--json"],
		["map", "list"],
		["map", "rogues", "2"],
	]) {
		const { stdout, stderr } = await household.run(args);
		expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
	}
});

test("wrong usage, too much and nothing allowed have their exit codes and say what to do", async () => {
	const cases: [string[], number, string][] = [
		[["none:{127.0.0.1}", "--no-dns"], 2, "square bracket"],
		[["none:[127.0.0.1", "--no-dns"], 2, 'never closed with a "]"'],
		[["127.0.0.0/16", "--no-dns"], 2, "--netblock-size 65536"],
		[["127.0.0.1", "--no-dns", "--exclude", "127.0.0.0/8"], 4, "is excluded"],
		[["show", "99"], 1, "There is no map 99"],
		[["show", "one"], 2, "not the number of a map"],
		[["show", "1", "flag:Q"], 2, "A, S, L, N"],
		[["compare", "1", "99"], 1, "There is no map 99"],
	];
	for (const [args, code, text] of cases) {
		const outcome = await household.run(["map", ...args]);
		expect([args, outcome.code, outcome.stderr]).toEqual([args, code, expect.stringContaining(text)]);
	}
});

test("a silent name server makes the map partial", async () => {
	const silent = await serveDns({ silent: true });
	const outcome = await household.run(["map", "lab.test", "--resolver", silent.resolver]);
	await silent.close();
	expect(outcome.code).toBe(5);
	expect(outcome.stdout).toContain(`The name server ${silent.resolver} gave no answers`);
});
