import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { ingestHost } from "../assess/ingest.ts";
import { memoryStore, sampleHost, sampleKnowledge } from "../assess/testdata/hosts.ts";
import { machineOf, sightingOf } from "../assess/testdata/machines.ts";
import { Hub } from "../hub.ts";
import { createAsset, findAsset } from "../store/assets.ts";
import { readCounters, Tally } from "../store/counters.ts";
import { findDuplicateGroup, listDuplicateGroups, listDuplicateMembers } from "../store/duplicates.ts";
import { type IdentifierKind, saveIdentifiers, savePoisoned } from "../store/identifiers.ts";
import { askList } from "../store/query-lists.ts";
import { openStore, type Store } from "../store/store.ts";
import { carryOutMerge, carryOutReject, carryOutUndo, carryOutUnreject } from "./carry-out.ts";
import { compareChosen } from "./compare.ts";
import { DuplicateKeeper } from "./keeper.ts";
import { getMerge, listMerges, whyNotUndone } from "./merge-record.ts";
import { planMerge, refuseObstacles } from "./plan-merge.ts";

const t0 = 1_700_000_000_000;
const everything = { where: null, sort: null, limit: 1_000, cursor: null };
const by = { by: "ana", why: "" };
const nothing = { judgeAgain() {}, write() {} };
const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
});

function keep(store: Store): DuplicateKeeper {
	const keeper = new DuplicateKeeper({
		...{ store, hub: new Hub() },
		onFault(err) {
			throw err;
		},
		merge: (plan) => void carryOutMerge(store, plan, { by: "daemon", why: "", automatic: true }, () => undefined),
	});
	closers.push(() => keeper.close());
	return keeper;
}

function asset(store: Store, name: string, identifiers: readonly [IdentifierKind, string][]): number {
	const tally = new Tally();
	const id = createAsset(store.db, tally, { network: 1, name, address: `10.0.0.${name.length}`, at: t0 });
	tally.write(store.db, t0);
	for (const [kind, value] of identifiers) {
		saveIdentifiers(store.db, id, [{ network: 1, kind, value, source: "network", answered: true }], t0);
	}
	return id;
}

const groupsOf = (store: Store) =>
	listDuplicateGroups(store.db, everything)
		.items.map(({ members }) => members.map(({ id }) => id))
		.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));

function why(store: Store, ...assets: number[]): string[] {
	const members = listDuplicateMembers(store.db, assets);
	const group = { id: 1, confidence: 0, members, reasons: [], foundAt: "" };
	return compareChosen(store.db, group).grouping ?? [];
}

describe("finding", () => {
	test("as evidence comes in, and the same over the whole inventory", async () => {
		const store = memoryStore(t0);
		const keeper = keep(store);
		asset(store, "a", [["ssh-host-key", "k1"]]);
		asset(store, "bb", [["name", "web.example.org"]]);
		await keeper.settled();
		expect(groupsOf(store)).toEqual([]);
		asset(store, "ccc", [["ssh-host-key", "k1"]]);
		asset(store, "dddd", [
			["netbios", "WEB"],
			["name", "web.example.org"],
		]);
		await keeper.settled();
		expect(groupsOf(store)).toEqual([
			[1, 3],
			[2, 4],
		]);
		const before = listDuplicateGroups(store.db, everything);
		store.clock.at += 1_000;
		keeper.search();
		await keeper.settled();
		expect(listDuplicateGroups(store.db, everything)).toEqual(before);
		expect(keeper.status()).toMatchObject({ groups: 2, searching: false, pending: 0, auto: null });
	});

	test("a value on hundreds of assets is named, and makes no pairs", async () => {
		const store = memoryStore(t0);
		const keeper = keep(store);
		for (let n = 0; n < 200; n++)
			asset(store, "x".repeat((n % 50) + 1), [
				["ssh-host-key", "golden"],
				["mac", "m"],
			]);
		keeper.search();
		await keeper.settled();
		expect(groupsOf(store)).toEqual([]);
		expect(keeper.status().common.map(({ kind, value, assets }) => [kind, value, assets])).toEqual([
			["mac", "m", 200],
			["ssh-host-key", "golden", 200],
		]);
		asset(store, "one", [["ssh-host-key", "golden"]]);
		await keeper.settled();
		expect(groupsOf(store)).toEqual([]);
	});

	test("seven addresses with one key are one group; clones with keys of their own are none", async () => {
		const store = memoryStore(t0);
		const keeper = keep(store);
		for (let n = 1; n <= 7; n++) asset(store, "r".repeat(n), [["ssh-host-key", "router"]]);
		for (let n = 1; n <= 3; n++) {
			asset(store, "c".repeat(n), [
				["dmi-uuid", "one"],
				["machine-id", `m${n}`],
				["ssh-host-key", `k${n}`],
			]);
		}
		await keeper.settled();
		expect(groupsOf(store)).toEqual([[1, 2, 3, 4, 5, 6, 7]]);
	});

	test("one certificate and one NetBIOS name at three addresses: all three are one group, with or without the whole search", async () => {
		const store = memoryStore(t0);
		const keeper = keep(store);
		const machine = machineOf("n", { sshKeys: [], netbios: "NODE", tlsKey: "a".repeat(64) });
		for (const n of [1, 2, 3])
			ingestHost(store, sampleKnowledge, sightingOf(machine, `10.0.0.${n}`, { scan: n, at: t0 }));
		await keeper.settled();
		expect(groupsOf(store)).toEqual([[1, 2, 3]]);
		store.db.exec("DELETE FROM duplicate_group");
		keeper.search();
		await keeper.settled();
		expect(groupsOf(store)).toEqual([[1, 2, 3]]);
		expect(why(store, 1, 3)).toEqual([expect.stringMatching(/^They are in group 1, which is 6\d % sure/)]);
	});

	test("in a database file the search has a thread of its own, with the same outcome", async () => {
		const folder = mkdtempSync(join(tmpdir(), "vedette-test-"));
		closers.push(() => rmSync(folder, { recursive: true }));
		const store = openStore(join(folder, "vedette.db"), { clock: { now: () => t0 } });
		closers.push(() => store.close());
		const keeper = keep(store);
		for (let n = 0; n < 300; n++) asset(store, `n${n}`, [["ssh-host-key", `k${n % 150}`]]);
		keeper.search();
		await keeper.settled();
		expect(keeper.status().groups).toBe(150);
		expect(groupsOf(store)[0]).toEqual([1, 151]);
	});
});

describe("why two are a group or not", () => {
	const cases: [string, RegExp, [IdentifierKind, string][], [IdentifierKind, string][], [IdentifierKind, string][]?][] =
		[
			["nothing alike", /nothing that machines are recognised by/, [["name", "a.example"]], [["name", "b.example"]]],
			["too little alike", /25 % sure, and groups are shown from 40 %/, [["tls-key", "t"]], [["tls-key", "t"]]],
			[
				"something says that they are two",
				/no group: they are two, by different machine-id: m1 and m2/,
				[...[["name", "a.example"] as [IdentifierKind, string]], ["machine-id", "m1"]],
				[
					["name", "a.example"],
					["machine-id", "m2"],
				],
			],
			[
				"one is in a group that is surer",
				/Asset 1 is in group 1 \(92 % sure\) with 3, and asset 2 is not like asset 3/,
				[
					["ssh-host-key", "k"],
					["netbios", "N"],
				],
				[["netbios", "N"]],
				[["ssh-host-key", "k"]],
			],
			[
				"one is in a group with another machine",
				/Asset 1 is in group 1 .* with 3, and of assets 2 and 3: they are two, by different machine-id/,
				[["ssh-host-key", "k"]],
				[
					["ssh-host-key", "k"],
					["machine-id", "m2"],
				],
				[
					["ssh-host-key", "k"],
					["mac", "00:1b:21:00:00:01"],
					["machine-id", "m3"],
				],
			],
		];
	test.each(cases)("%s", async (_, sentence, one, other, third) => {
		const store = memoryStore(t0);
		const keeper = keep(store);
		asset(store, "a", [
			...one,
			...(third === undefined ? [] : [["mac", "00:1b:21:00:00:01"] as [IdentifierKind, string]]),
		]);
		asset(store, "bb", other);
		if (third !== undefined) asset(store, "ccc", third);
		expect(why(store, 1, 2)).toEqual([expect.stringContaining("still to be looked at")]);
		await keeper.settled();
		expect(why(store, 1, 2).join(" ")).toMatch(sentence);
	});

	test("what both have is on too many assets, or poisoned", async () => {
		const store = memoryStore(t0);
		const keeper = keep(store);
		for (let n = 1; n <= 9; n++) asset(store, "x".repeat(n), [["netbios", "WEB"]]);
		await keeper.settled();
		expect(why(store, 1, 2).join(" ")).toMatch(/NetBIOS name WEB, but 9 assets do: on more than 8/);
		savePoisoned(store.db, 1, { kind: "netbios", value: "WEB" }, { at: t0, why: "{}" });
		expect(why(store, 1, 2).join(" ")).toMatch(/WEB, which is poisoned/);
	});
});

describe("saying", () => {
	test("not the same holds, for what is merged into one of them too, until it is taken back", async () => {
		const store = memoryStore(t0);
		const keeper = keep(store);
		for (const name of ["a", "bb", "ccc"]) asset(store, name, [["ssh-host-key", "k"]]);
		expect(carryOutReject(store, [1, 2], { by: "ana", why: "two nodes" })).toBe(1);
		await keeper.settled();
		expect(groupsOf(store)).toEqual([[1, 3]]);
		expect(why(store, 1, 2)).toEqual([
			"They are no group: ana said on 2023-11-14 that they are not the same: two nodes.",
		]);
		const plan = planMerge(store.db, { assets: [1, 2], fields: {}, force: false });
		expect(() => refuseObstacles(plan.preview, false)).toThrow(
			/ana said on 2023-11-14 that assets 1 and 2 are not the same/,
		);
		carryOutMerge(
			store,
			planMerge(store.db, { assets: [1, 3], fields: {}, force: false, into: 3 }),
			{ ...by, automatic: false },
			() => {},
		);
		await keeper.settled();
		expect(groupsOf(store)).toEqual([]);
		expect(() =>
			refuseObstacles(planMerge(store.db, { assets: [2, 3], fields: {}, force: false }).preview, false),
		).toThrow(/not the same/);
		expect(carryOutUnreject(store, [2, 3])).toBe(1);
		await keeper.settled();
		expect(groupsOf(store)).toEqual([[2, 3]]);
	});

	test("a merge of three of which two contradict is refused with the reason, and done when insisted on", () => {
		const store = memoryStore(t0);
		asset(store, "a", [
			["ssh-host-key", "k"],
			["machine-id", "m1"],
		]);
		asset(store, "bb", [["ssh-host-key", "k"]]);
		asset(store, "ccc", [
			["ssh-host-key", "k"],
			["machine-id", "m3"],
		]);
		const { preview } = planMerge(store.db, { assets: [1, 2, 3], fields: {}, force: false });
		expect(preview.obstacles).toEqual(["assets 1 and 3 have different machine-id: m1 and m3"]);
		expect(() => refuseObstacles(preview, false)).toThrow(/Something speaks against this merge/);
		expect(() => refuseObstacles(preview, true)).not.toThrow();
	});

	test("what cannot be asked for is refused", () => {
		const store = memoryStore(t0);
		asset(store, "a", []);
		asset(store, "bb", []);
		const plan = (wish: object) => planMerge(store.db, { assets: [1, 2], fields: {}, force: false, ...wish });
		expect(() => plan({ assets: [1, 9] })).toThrow(/no asset 9/);
		expect(() => plan({ assets: [1] })).toThrow(/in no group/);
		expect(() => plan({ into: 7 })).toThrow(/Asset 7 stays and is not one/);
		expect(() => plan({ fields: { name: 7 } })).toThrow(/gives a value/);
		store.db
			.prepare("UPDATE asset SET network = 2, address = (SELECT address FROM asset WHERE id = 1) WHERE id = 2")
			.run();
		expect(() => refuseObstacles(plan({}).preview, true)).toThrow(/another machine in each of their networks/);
	});
});

describe("merging", () => {
	test("the chosen name holds against later scans until it is undone", () => {
		const store = memoryStore(t0);
		for (const [n, name] of [
			[1, "one.example"],
			[2, "two.example"],
		] as const) {
			ingestHost(store, sampleKnowledge, { ...sampleHost(`127.0.0.${n}`, 1, t0), hostname: name });
		}
		const plan = planMerge(store.db, { assets: [1, 2], into: 1, fields: { name: 2 }, force: false });
		const { id } = carryOutMerge(store, plan, { ...by, automatic: false }, () => {});
		expect(findAsset(store.db, { id: 1 })?.name).toBe("two.example");
		ingestHost(store, sampleKnowledge, { ...sampleHost("127.0.0.1", 2, t0 + 1_000), hostname: "one.example" });
		expect(findAsset(store.db, { id: 1 })?.name).toBe("two.example");
		carryOutUndo(store, id, { ...by, notSame: undefined }, nothing);
		expect([1, 2].map((one) => findAsset(store.db, { id: one })?.name)).toEqual(["one.example", "two.example"]);
	});

	test("merges are undone in any order, and not when what stayed is gone", () => {
		const store = memoryStore(t0);
		for (const name of ["a", "bb", "ccc"]) asset(store, name, []);
		const merge = (assets: number[], into: number) =>
			carryOutMerge(
				store,
				planMerge(store.db, { assets, into, fields: {}, force: true }),
				{ ...by, automatic: false },
				() => {},
			).id;
		const first = merge([1, 2], 1);
		const second = merge([1, 3], 3);
		const undone = carryOutUndo(store, first, { ...by, notSame: undefined }, nothing);
		expect(undone.assets.map(({ id }) => id)).toEqual([3, 2]);
		expect(getMerge(store.db, second)).toMatchObject({ survivor: 3, undone: null, by: "ana" });
		carryOutUndo(store, second, { ...by, notSame: undefined }, nothing);
		expect(() => carryOutUndo(store, first, { ...by, notSame: undefined }, nothing)).toThrow(/undone .* already/);
		expect(readCounters(store.db).get("assets")).toBe(3);
		const third = merge([1, 2], 1);
		store.db.prepare("DELETE FROM asset WHERE id = 1").run();
		expect(whyNotUndone(store.db, getMerge(store.db, third))?.message).toMatch(/no longer in the inventory/);
		expect(listMerges(store.db, everything).items.map(({ undone }) => undone !== null)).toEqual([false, true, true]);
		const asked = (filter: string) => askList(store.db, { list: "merges", filter }, { now: 0, rows: 5 });
		expect(asked("undone:yes").total).toBe(2);
		const [held] = asked("undone:no").rows;
		expect(held?.title).toMatch(/^\d+ \S.* = \d+ \S/);
	});

	test("by itself: off until asked for, only what nothing speaks against, and what is undone is not done again", async () => {
		const store = memoryStore(t0);
		const keeper = keep(store);
		asset(store, "a", [["ssh-host-key", "k"]]);
		asset(store, "bb", [["ssh-host-key", "k"]]);
		asset(store, "ccc", [
			["ssh-host-key", "j"],
			["name", "x.example"],
		]);
		asset(store, "dddd", [
			["ssh-host-key", "j"],
			["name", "y.example"],
		]);
		await keeper.settled();
		expect(groupsOf(store)).toHaveLength(2);
		expect(keeper.sure(90, 10)).toMatchObject({ groups: 1, previews: [{ assets: [1, 2] }] });
		keeper.setAuto(90);
		await keeper.settled();
		expect(groupsOf(store)).toEqual([[3, 4]]);
		const [merge] = listMerges(store.db, everything).items;
		expect(merge).toMatchObject({ automatic: true, by: "daemon", confidence: 92, gone: [{ id: 2 }] });
		carryOutUndo(store, merge?.id ?? 0, { ...by, notSame: undefined }, nothing);
		await keeper.settled();
		expect(findAsset(store.db, { id: 2 })).not.toBeNull();
		expect(findDuplicateGroup(store.db, 1)).toBeNull();
	});
});
