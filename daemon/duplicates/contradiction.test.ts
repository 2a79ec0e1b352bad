import { expect, test } from "vitest";
import { ingestHost } from "../assess/ingest.ts";
import { memoryStore, sampleKnowledge } from "../assess/testdata/hosts.ts";
import { type Look, type Machine, machineOf, sightingOf } from "../assess/testdata/machines.ts";
import { identityOf } from "../identity/view.ts";
import { countContradictedMerges } from "../store/merge-conflicts.ts";
import type { Store } from "../store/store.ts";
import { carryOutKeep, carryOutMerge, carryOutUndo } from "./carry-out.ts";
import { dumpStore } from "./dump.test-support.ts";
import { getMerge, listMerges, mergeRecord, whyNotUndone } from "./merge-record.ts";
import { planMerge } from "./plan-merge.ts";

const t0 = 1_700_000_000_000;
const hour = 3_600_000;
const by = { by: "ana", why: "" };
const nothing = { judgeAgain() {}, write() {} };
const undo = (store: Store, merge: number) => carryOutUndo(store, merge, { ...by, notSame: false }, nothing);
const ids = (store: Store) =>
	store.db
		.prepare("SELECT id FROM asset ORDER BY id")
		.all()
		.map(({ id }) => id);

function see(store: Store, machine: Machine, address: string, hours: number, look: Partial<Look> = {}): number {
	const seen = sightingOf(machine, address, { scan: hours, at: t0 + hours * hour, redis: true, ...look });
	return ingestHost(store, sampleKnowledge, seen).assetId as number;
}

function merge(store: Store, assets: number[], into = assets[0] ?? 0): number {
	const plan = planMerge(store.db, { assets, into, fields: {}, force: true });
	return carryOutMerge(store, plan, { ...by, automatic: false }, () => {}).id;
}

const blank = machineOf("blank", { sshKeys: [] });
const [one, other, third] = ["one", "other", "third"].map((seed) => machineOf(seed)) as [Machine, Machine, Machine];

test("a key that contradicts later does not split what was merged: the merge says so, and undoing gives two histories", () => {
	const [merged, apart] = [memoryStore(t0), memoryStore(t0)];
	for (const store of [merged, apart]) {
		see(store, one, "10.0.0.1", 1);
		see(store, blank, "10.0.0.2", 1);
	}
	const id = merge(merged, [1, 2]);
	for (const store of [merged, apart]) {
		see(store, one, "10.0.0.1", 2);
		see(store, other, "10.0.0.2", 2);
		see(store, other, "10.0.0.2", 3);
	}
	expect(ids(merged)).toEqual([1]);
	const { conflicts, whyNotUndone } = mergeRecord(merged.db, getMerge(merged.db, id));
	expect(conflicts).toMatchObject([{ address: "10.0.0.2", kind: "ssh-host-key", scan: 2, kept: null }]);
	expect(conflicts[0]?.text).toBe(
		`10.0.0.2 showed another SSH host key: ${other.sshKeys[0]}, where it had ${one.sshKeys[0]}`,
	);
	expect(whyNotUndone).toBeNull();
	expect(countContradictedMerges(merged.db)).toBe(1);
	expect(identityOf(merged.db, 1)?.resolutions?.map(({ rule }) => rule)).toContain("merged");
	undo(merged, id);
	expect(dumpStore(merged.db)).toEqual(dumpStore(apart.db));
	expect(countContradictedMerges(merged.db)).toBe(0);
});

test("what an authority gave contradicts it as well; kept knowingly it is told no more, until something else comes", () => {
	const store = memoryStore(t0);
	see(store, blank, "10.0.0.1", 1);
	see(store, blank, "10.0.0.2", 1);
	const id = merge(store, [1, 2]);
	const own = ["10.0.0.1", "10.0.0.2"];
	see(store, one, "10.0.0.1", 2, { login: true, own });
	see(store, other, "10.0.0.2", 2, { login: true, own });
	const kinds = () => mergeRecord(store.db, getMerge(store.db, id)).conflicts.map(({ kind }) => kind);
	expect(ids(store)).toEqual([1]);
	expect(kinds()).toEqual(["dmi-uuid", "host-id", "mac", "machine-id", "ssh-host-key"]);
	const filter = { where: null, sort: null, limit: 10, cursor: null };
	expect(listMerges(store.db, filter).items).toHaveLength(1);
	const kept = carryOutKeep(store, id, { by: "ana", why: "two boards in one chassis" }, () => {});
	expect(kept.conflicts.every((one) => one.kept?.why === "two boards in one chassis")).toBe(true);
	expect(countContradictedMerges(store.db)).toBe(0);
	expect(() => carryOutKeep(store, id, by, () => {})).toThrow(/Nothing speaks against merge/);
});

test("a further adapter of a merged machine contradicts nothing", () => {
	const store = memoryStore(t0);
	for (const n of [1, 2]) see(store, { ...blank, macs: [`00:1b:21:00:00:0${n}`] }, `10.0.0.${n}`, 1, { arp: true });
	const id = merge(store, [1, 2]);
	for (const n of [1, 2]) see(store, { ...blank, macs: [`00:1b:21:00:00:0${n}`] }, `10.0.0.${n}`, 2, { arp: true });
	expect(ids(store)).toEqual([1]);
	expect(mergeRecord(store.db, getMerge(store.db, id)).conflicts).toEqual([]);
});

test("another machine at an address whose own key was known is another machine, merged or not", () => {
	const store = memoryStore(t0);
	see(store, one, "10.0.0.1", 1);
	see(store, other, "10.0.0.2", 1);
	const id = merge(store, [1, 2]);
	expect(see(store, third, "10.0.0.2", 2)).toBe(3);
	expect(mergeRecord(store.db, getMerge(store.db, id)).conflicts).toEqual([]);
});

test("of merges on merges, the one that the contradicted part came by is told", () => {
	const store = memoryStore(t0);
	see(store, one, "10.0.0.1", 1);
	see(store, blank, "10.0.0.2", 1);
	see(store, blank, "10.0.0.3", 1);
	const [first, second] = [merge(store, [1, 2]), merge(store, [1, 3])];
	see(store, other, "10.0.0.2", 2);
	const told = [first, second].map((id) => mergeRecord(store.db, getMerge(store.db, id)).conflicts.length);
	expect(told).toEqual([1, 0]);
	expect(ids(store)).toEqual([1]);
});

test.each([1, 3])(
	"of two merges the first is undone beneath the second, which keeps asset %i: exact histories",
	(into) => {
		const [merged, apart] = [memoryStore(t0), memoryStore(t0)];
		for (const store of [merged, apart])
			for (const [n, machine] of [one, other, third].entries()) see(store, machine, `10.0.0.${n + 1}`, 1);
		const [first, second] = [merge(merged, [1, 2], 1), merge(merged, [1, 3], into)];
		for (const store of [merged, apart])
			for (const [n, machine] of [one, other, third].entries()) see(store, machine, `10.0.0.${n + 1}`, 2);
		undo(merged, first);
		expect(ids(merged)).toEqual([into, 2].sort());
		expect(getMerge(merged.db, second)).toMatchObject({ id: second, undone: null, survivor: into });
		for (const store of [merged, apart])
			for (const [n, machine] of [one, other, third].entries()) see(store, machine, `10.0.0.${n + 1}`, 3);
		undo(merged, second);
		expect(dumpStore(merged.db)).toEqual(dumpStore(apart.db));
	},
);

test("not where the later one joined what only came by the first; then it says what to undo first", () => {
	const store = memoryStore(t0);
	see(store, one, "10.0.0.1", 1);
	see(store, other, "10.0.0.2", 1);
	store.db.exec("DELETE FROM asset_address WHERE asset = 2");
	store.db.exec("UPDATE identifier SET value = 'x' WHERE asset = 2 AND kind = 'ssh-host-key'");
	see(store, other, "10.0.0.3", 2);
	store.db.exec(`UPDATE identifier SET value = '${other.sshKeys[0]}' WHERE asset = 2 AND kind = 'ssh-host-key'`);
	const [first, second] = [merge(store, [1, 2]), merge(store, [1, 3])];
	expect(whyNotUndone(store.db, getMerge(store.db, first))?.message).toBe(
		`Merge ${second} took in asset 3 for what came from asset 2 (SSH host key): undo merge ${second} first.`,
	);
	expect(() => undo(store, first)).toThrow(/undo merge 2 first/);
	undo(store, second);
	undo(store, first);
	expect(ids(store)).toEqual([1, 2, 3]);
});
