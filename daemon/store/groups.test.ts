/** Asset groups as stored: addresses, titles, the built-in one, the query field, and what no scan has reached. */
import { expect, test } from "vitest";
import type { GroupWords } from "../../protocol/model/group.ts";
import { AddressSet } from "../../protocol/target/address-set.ts";
import { compileFilter } from "../query/compile.ts";
import { addressKey } from "./address-key.ts";
import { listAssets } from "./assets.ts";
import { assetFields } from "./fields.ts";
import {
	createGroup,
	deleteGroup,
	findGroup,
	getGroup,
	groupAddresses,
	groupNames,
	listGroups,
	saveGroup,
	saveGroupAddresses,
} from "./groups.ts";
import { neverScanned, stretchesOf } from "./never-scanned.ts";
import { openStore } from "./store.ts";
import { addVirtualHosts } from "./virtual-hosts.ts";

const at = Date.UTC(2026, 0, 5);
const words: GroupWords = {
	...{ comments: "c", division: "d", function: "f", location: "l", businessImpact: "high" },
	cvss: { cdp: "low", td: "high", cr: "high", ir: "not-defined", ar: "low" },
	...{ dnsNames: ["www.example"], netbiosNames: ["WEB1"], domains: ["example.org"], owner: "unix:1000" },
};
const set = (...ranges: [string, string][]) => AddressSet.fromText(ranges);
const open = () => openStore(":memory:", { clock: { now: () => at } });

function addAsset(db: ReturnType<typeof open>["db"], address: string, name = address): void {
	const key = addressKey(address);
	db.prepare(
		"INSERT INTO asset (network, name, address, tracking, first_seen, last_seen) VALUES (1, ?, ?, 'IP', 0, 0)",
	).run(name, key);
	const { id } = db.prepare("SELECT max(id) AS id FROM asset").get() as { id: number };
	db.prepare("INSERT INTO asset_address (asset, address, last_seen) VALUES (?, ?, 0)").run(id, key);
	db.prepare(
		"INSERT INTO identifier (network, kind, value, asset, first_seen, last_seen) VALUES (1, 'name', ?, ?, 0, 0)",
	).run(name, id);
}

test("of the assets at its addresses only those of its network are in a group, and known to scans", async () => {
	const store = open();
	const { db } = store;
	db.exec("INSERT INTO network (id, name, created_at, created_by) VALUES (2, 'plant', 0, 'test')");
	for (const network of [1, 2]) {
		addAsset(db, "192.0.2.1");
		db.prepare("UPDATE asset SET network = ?, last_scan = ? WHERE id = ?").run(
			network,
			network === 1 ? at : null,
			network,
		);
	}
	const names = { ...words, dnsNames: [] };
	for (const [title, network] of [
		["Here", 1],
		["There", 2],
	] as const) {
		saveGroupAddresses(db, createGroup(db, title, names, at, network), set(["192.0.2.1", "192.0.2.1"]), at);
	}
	const idsIn = (title: string) => {
		const { where } = compileFilter(`group:${title}`, assetFields, { now: at });
		return listAssets(db, { where, sort: null, limit: 10, cursor: null }).items.map(({ id }) => id);
	};
	expect([idsIn("Here"), idsIn("There"), idsIn("All").sort()]).toEqual([[1], [2], [1, 2]]);
	db.exec(
		"INSERT INTO identifier (network, kind, value, asset, first_seen, last_seen, answered) VALUES (1, 'ip', '192.0.2.1', 1, 0, 0, 1)",
	);
	const found = await Promise.all(
		[1, 2].map((network) => neverScanned(store, set(["192.0.2.1", "192.0.2.1"]), network)),
	);
	expect(found.map(({ neverAsked }) => neverAsked.size)).toEqual([0, 1]);
});

test("what is said of a group and its addresses is kept, merged", () => {
	const { db } = open();
	const made = createGroup(db, "Web servers", words, at);
	expect(made).toMatchObject({ title: "Web servers", builtIn: false, ...words, addresses: 0 });
	saveGroupAddresses(
		db,
		made,
		set(["10.0.0.0", "10.0.0.9"], ["10.0.0.5", "10.0.0.20"], ["2001:db8::1", "2001:db8::4"]),
		at,
	);
	addVirtualHosts(db, [{ address: "10.0.0.7", port: 443, name: "www.example" }], "unix:1000", at);
	expect(getGroup(db, "WEB SERVERS")).toMatchObject({ addresses: 25, ranges: 2, virtualHosts: 1 });
	expect(groupAddresses(db, made).toText()).toEqual([
		["10.0.0.0", "10.0.0.20"],
		["2001:db8::1", "2001:db8::4"],
	]);
	expect(saveGroup(db, made, { ...words, title: "Web", location: "Berlin" }, at)).toMatchObject({
		...{ title: "Web", location: "Berlin", addresses: 25 },
	});
	deleteGroup(db, made);
	expect(findGroup(db, "Web")).toBeNull();
	expect(db.prepare("SELECT count(*) AS n FROM asset_group_range").get()).toEqual({ n: 0 });
});

test("titles are taken once whatever their case, and the built-in group stays as it is", () => {
	const { db } = open();
	createGroup(db, "Web", words, at);
	expect(() => createGroup(db, "web", words, at)).toThrow("already");
	expect(() => createGroup(db, "ALL", words, at)).toThrow("already");
	const all = getGroup(db, "all");
	expect(all.builtIn).toBe(true);
	expect(() => deleteGroup(db, all)).toThrow("built in");
	expect(() => saveGroup(db, all, { ...words, title: "Mine" }, at)).toThrow("built in");
	expect(() => saveGroupAddresses(db, all, set(["10.0.0.1", "10.0.0.1"]), at)).toThrow("built in");
	expect(() => getGroup(db, "Nope")).toThrow("no asset group");
	expect(listGroups(db).map(({ title }) => title)).toEqual(["All", "Web"]);
});

test("All is the inventory and every group", () => {
	const { db } = open();
	addAsset(db, "10.9.9.9");
	saveGroupAddresses(db, createGroup(db, "A", words, at), set(["10.0.0.0", "10.0.0.3"]), at);
	saveGroupAddresses(
		db,
		createGroup(db, "B", { ...words, dnsNames: ["b.example"] }, at),
		set(["10.0.0.3", "10.0.0.4"]),
		at,
	);
	const all = getGroup(db, "All");
	expect([...groupAddresses(db, all)]).toEqual([
		"10.0.0.0",
		"10.0.0.1",
		"10.0.0.2",
		"10.0.0.3",
		"10.0.0.4",
		"10.9.9.9",
	]);
	expect(groupNames(db, all)).toEqual(["b.example", "www.example"]);
});

test("a query asks for the assets of a group, by address or by name", () => {
	const { db } = open();
	for (const address of ["10.0.0.1", "10.0.0.2", "10.1.0.1"]) addAsset(db, address);
	addAsset(db, "10.2.0.1", "www.example");
	saveGroupAddresses(db, createGroup(db, "Web servers", words, at), set(["10.0.0.0", "10.0.0.1"]), at);
	const ask = (filter: string) => {
		const where = compileFilter(filter, assetFields, { now: at }).where;
		return listAssets(db, { where, sort: null, limit: 100, cursor: null })
			.items.map(({ name }) => name)
			.sort();
	};
	expect(ask('group:"Web servers"')).toEqual(["10.0.0.1", "www.example"]);
	expect(ask('not group:"web servers"')).toEqual(["10.0.0.2", "10.1.0.1"]);
	expect(ask("group:All")).toHaveLength(4);
	expect(ask("group:Web*")).toHaveLength(2);
});

test("never scanned: what no scan has reached, and what never answered one", async () => {
	const store = open();
	const { db } = store;
	db.exec(`INSERT INTO scan (id, title, targets, exclusions, ports, profile, status, stages, created_at)
		VALUES (1, '', '[]', '[]', '', '', 'finished', '[]', 0)`);
	const target = db.prepare("INSERT INTO scan_target (scan, idx, address, state, how) VALUES (1, ?, ?, ?, ?)");
	[
		["10.0.0.1", "done", "tcp 22 open"],
		["10.0.0.2", "dead", null],
		["10.0.0.3", "dead", "excluded"],
		["10.0.0.4", "pending", null],
		["10.7.0.1", "dead", null],
	].forEach(([address = "", state = "", how], i) => {
		target.run(i, address as string, state as string, how ?? null);
	});
	addAsset(db, "10.0.0.1");
	db.prepare("INSERT INTO coverage (asset, address, at, scan, body) VALUES (1, ?, 0, 1, '{}')").run(
		addressKey("10.0.0.1"),
	);
	const found = await neverScanned(store, set(["10.0.0.0", "10.0.0.5"]));
	expect(stretchesOf(found)).toEqual([
		{ first: "10.0.0.0", last: "10.0.0.0", addresses: 1, why: "never-asked" },
		{ first: "10.0.0.2", last: "10.0.0.2", addresses: 1, why: "never-answered" },
		{ first: "10.0.0.3", last: "10.0.0.5", addresses: 3, why: "never-asked" },
	]);
	expect((await neverScanned(store, AddressSet.empty)).neverAsked.size).toBe(0);
});
