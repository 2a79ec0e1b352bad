/** Hosts of maps: what is joined, how flags stand, what the query language finds, what two maps differ in. */
import { beforeEach, expect, test } from "vitest";
import type { Discovery, MapHost } from "../../protocol/model/map.ts";
import { compileFilter } from "../query/compile.ts";
import type { FieldCatalogue } from "../query/fields.ts";
import { createAsset } from "./assets.ts";
import { Tally } from "./counters.ts";
import { saveIdentifiers } from "./identifiers.ts";
import {
	approvedFields,
	changeApproved,
	createMap,
	differenceFields,
	type FoundHost,
	findMap,
	findMapDomain,
	isMapNamed,
	listApproved,
	listDifferences,
	listMapDomains,
	listMapHosts,
	listMaps,
	mapFields,
	mapHostFields,
	saveMapHosts,
	saveNetblock,
} from "./maps.ts";
import { createNetwork } from "./networks.ts";
import { openStore, type Store } from "./store.ts";

let store: Store;
let older: number;
let newer: number;

const tcp = (port: number): Discovery => ({ method: "TCP", port });
const byName: Discovery = { method: "DNS", port: null };
const host = (address: string, found: Partial<FoundHost> = {}): FoundHost => ({
	...{ address, names: [], netbios: null, discovery: [tcp(22)], rttMs: 1, inNetblock: true },
	...found,
});
const query = (text: string, fields: FieldCatalogue, limit = 100, cursor: string | null = null) => ({
	...{ where: compileFilter(text, fields, { now: 0 }).where, sort: null, limit, cursor },
});
const hosts = (text: string, map = newer): string[] =>
	listMapHosts(store.db, map, query(text, mapHostFields)).items.map(({ address }) => address);
const one = (address: string): MapHost | undefined =>
	listMapHosts(store.db, newer, query(`address:${address}`, mapHostFields)).items[0];

function newMap(domain: string): number {
	const map = {
		...{ title: domain, domain, netblock: ["10.0.0.0/24"], exclusions: [], profile: "Initial" },
		...{ tcpPorts: [22], udpPorts: [], dns: true, resolver: null, trace: "sample" as const, addresses: 256 },
	};
	return createMap(store.db, map, 1);
}

beforeEach(() => {
	store = openStore(":memory:", { clock: { now: () => 1 } });
	older = newMap("lab.test");
	newer = newMap("lab.test");
	saveMapHosts(store.db, older, [host("10.0.0.1"), host("10.0.0.2"), host("10.0.0.9")], { settled: 256 });
	const found = [
		host("10.0.0.2", { names: ["two.lab.test"], discovery: [tcp(80), { method: "TCP RST", port: 23 }] }),
		host("10.0.0.3", { netbios: "FILES" }),
		host("10.0.0.10", { discovery: [{ method: "ICMP", port: 161 }] }),
		host("2001:db8::1"),
		host("192.0.2.8", { names: ["www.lab.test"], discovery: [byName], inNetblock: false }),
	];
	saveMapHosts(store.db, newer, found, { settled: 100 });
	changeApproved(store.db, {
		domain: "lab.test",
		network: 1,
		addresses: ["10.0.0.2"],
		mode: "add",
		by: "unix:1",
		at: 5,
	});
	const tally = new Tally();
	const asset = createAsset(store.db, tally, { network: 1, name: "three", address: "10.0.0.3", at: 1 });
	saveIdentifiers(
		store.db,
		asset,
		[{ network: 1, kind: "ip", value: "10.0.0.3", source: "network", answered: true }],
		1,
	);
});

test("what several looks bring is joined, and a name alone is not life", () => {
	saveMapHosts(store.db, newer, [host("192.0.2.8", { names: ["cdn.lab.test"], discovery: [byName] })], {});
	expect(one("192.0.2.8")).toMatchObject({ names: ["www.lab.test", "cdn.lab.test"], discovery: [byName] });
	expect(one("192.0.2.8")?.flags).toMatchObject({ live: false, netblock: true });
	saveMapHosts(store.db, newer, [host("192.0.2.8", { discovery: [tcp(443), tcp(22)] })], { named: true });
	expect(one("192.0.2.8")?.discovery).toEqual([tcp(22), tcp(443), byName]);
	expect(one("192.0.2.8")?.flags.live).toBe(true);
	expect(findMap(store.db, newer)).toMatchObject({ hosts: 5, live: 5, settled: 100 });
	expect(isMapNamed(store.db, newer)).toBe(true);
});

test("a place reached is never given up again", () => {
	saveMapHosts(store.db, newer, [], { settled: 50 });
	expect(findMap(store.db, newer)?.settled).toBe(100);
});

test.each([
	["", ["10.0.0.2", "10.0.0.3", "10.0.0.10", "192.0.2.8", "2001:db8::1"]],
	["flag:L and not flag:A", ["10.0.0.3", "10.0.0.10", "2001:db8::1"]],
	["flag:A", ["10.0.0.2"]],
	["flag:S", ["10.0.0.3"]],
	["flag:[A,S]", ["10.0.0.2", "10.0.0.3"]],
	["not flag:N", ["192.0.2.8"]],
	["not flag:L", ["192.0.2.8"]],
	["approved:no and live:yes and scannable:yes", ["10.0.0.3"]],
	["method:TCP", ["10.0.0.2", "10.0.0.3", "2001:db8::1"]],
	['method:"TCP RST"', ["10.0.0.2"]],
	["method:(method:TCP and port:80)", ["10.0.0.2"]],
	["method:(method:TCP and port:23)", []],
	["port:161", ["10.0.0.10"]],
	["methods>1", ["10.0.0.2"]],
	["name:www", ["192.0.2.8"]],
	["netbios:files", ["10.0.0.3"]],
	["address:10.0.0.0/28 and not name:two", ["10.0.0.3", "10.0.0.10"]],
	["www", ["192.0.2.8"]],
])("%s", (text, expected) => {
	expect(hosts(text)).toEqual(expected);
});

test("pages follow each other in the order of addresses", () => {
	const first = listMapHosts(store.db, newer, query("", mapHostFields, 2));
	const second = listMapHosts(store.db, newer, query("", mapHostFields, 9, first.next));
	expect([first.total, first.items.length, second.items.map(({ address }) => address)]).toEqual([
		...[5, 2],
		["10.0.0.10", "192.0.2.8", "2001:db8::1"],
	]);
	expect(second.next).toBeNull();
});

test("two maps differ in what was added, removed and stayed; rogues are the live ones nobody approved", () => {
	const differences = (text: string, rogues: boolean, before: number | null = older) =>
		listDifferences(store.db, { before, after: newer, rogues }, query(text, differenceFields(before, newer))).items.map(
			({ host: { address }, change, standing }) => [address, change, standing],
		);
	expect(differences("", false)).toEqual([
		["10.0.0.1", "removed", "rogue"],
		["10.0.0.2", "active", "approved"],
		["10.0.0.3", "added", "rogue"],
		["10.0.0.9", "removed", "rogue"],
		["10.0.0.10", "added", "rogue"],
		["192.0.2.8", "added", "unknown"],
		["2001:db8::1", "added", "rogue"],
	]);
	expect(differences("change:removed", false).map(([address]) => address)).toEqual(["10.0.0.1", "10.0.0.9"]);
	expect(differences("standing:approved", false)).toHaveLength(1);
	expect(differences("change:added", true).map(([address]) => address)).toEqual([
		...["10.0.0.3", "10.0.0.10", "2001:db8::1"],
	]);
	expect(differences("", true, null)).toEqual([
		["10.0.0.3", null, "rogue"],
		["10.0.0.10", null, "rogue"],
		["2001:db8::1", null, "rogue"],
	]);
});

test("an approved list is added to, taken from and replaced, for one domain", () => {
	const change = (mode: "add" | "remove" | "set", ...addresses: string[]) =>
		changeApproved(store.db, { domain: "lab.test", network: 1, addresses, mode, by: "unix:2", at: 9 });
	expect(change("add", "10.0.0.2", "10.0.0.3", "2001:db8::1")).toEqual({ added: 2, removed: 0, approved: 3 });
	const list = () => listApproved(store.db, { domain: "lab.test", network: null }, query("", approvedFields)).items;
	expect(list().map(({ address, approvedBy }) => [address, approvedBy])).toEqual([
		["10.0.0.2", "unix:1"],
		["10.0.0.3", "unix:2"],
		["2001:db8::1", "unix:2"],
	]);
	expect(change("remove", "10.0.0.3", "10.0.0.77")).toEqual({ added: 0, removed: 1, approved: 2 });
	expect(change("set", "10.0.0.2", "10.0.0.5")).toEqual({ added: 1, removed: 1, approved: 2 });
	expect(hosts("flag:A", older)).toEqual(["10.0.0.2"]);
	const other = newMap("other.test");
	saveMapHosts(store.db, other, [host("10.0.0.2")], {});
	expect(hosts("flag:A", other), "another domain's list").toEqual([]);
});

test("what is approved in one network is not in another, where the address is another machine", () => {
	const plant = createNetwork(store.db, { name: "plant", comment: "", at: 1, by: "unix:1" }) as number;
	const elsewhere = newMap("lab.test");
	store.db.prepare("UPDATE map SET network = ? WHERE id = ?").run(plant, elsewhere);
	saveMapHosts(store.db, elsewhere, [host("10.0.0.2"), host("10.0.0.9")], {});
	expect(hosts("flag:A", elsewhere)).toEqual([]);
	const change = (mode: "add" | "set", ...addresses: string[]) =>
		changeApproved(store.db, { domain: "lab.test", network: plant, addresses, mode, by: "unix:2", at: 9 });
	expect(change("add", "10.0.0.2")).toEqual({ added: 1, removed: 0, approved: 1 });
	expect(change("set", "10.0.0.9")).toEqual({ added: 1, removed: 1, approved: 1 });
	expect(hosts("flag:A", elsewhere)).toEqual(["10.0.0.9"]);
	expect(hosts("flag:A", older)).toEqual(["10.0.0.2"]);
	const list = (network: number | null, filter = "") =>
		listApproved(store.db, { domain: "lab.test", network }, query(filter, approvedFields)).items;
	expect(list(null).map(({ address, network }) => `${network} ${address}`)).toEqual([
		"default 10.0.0.2",
		"plant 10.0.0.9",
	]);
	expect(list(plant)).toHaveLength(1);
	expect(list(null, "network:default")).toHaveLength(1);
	expect(findMapDomain(store.db, "lab.test").approved).toBe(2);
});

test("domains are known by their maps, their netblock or their approved hosts", () => {
	saveNetblock(store.db, "kept.test", ["10.1.0.0/24"]);
	expect(
		listMapDomains(store.db).map(({ domain, netblock, approved, lastMap }) => [domain, netblock, approved, lastMap]),
	).toEqual([
		["kept.test", ["10.1.0.0/24"], 0, null],
		["lab.test", [], 1, newer],
	]);
	saveNetblock(store.db, "kept.test", []);
	expect(findMapDomain(store.db, "kept.test").netblock).toEqual([]);
	expect(listMapDomains(store.db)).toHaveLength(1);
	expect(listMaps(store.db, query("domain:lab.test and live>3", mapFields)).items.map(({ id }) => id)).toEqual([newer]);
});
