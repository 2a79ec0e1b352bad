import pino from "pino";
import { expect, test } from "vitest";
import { cvssEnvironment } from "../protocol/model/group.ts";
import type { PurgeRule } from "../protocol/model/purge.ts";
import { AddressSet } from "../protocol/target/address-set.ts";
import { ingestHost } from "./assess/ingest.ts";
import { memoryStore, sampleHost, sampleKnowledge } from "./assess/testdata/hosts.ts";
import { Hub } from "./hub.ts";
import { getPurge, previewPurge, runPurge, undoPurge } from "./inventory/purge.ts";
import { Purging } from "./purging.ts";
import { compileFilter } from "./query/compile.ts";
import { openAuditTrail } from "./rpc/audit-trail.ts";
import { listAssets } from "./store/assets.ts";
import { listAudit } from "./store/audit.ts";
import { readCounters } from "./store/counters.ts";
import { assetFields } from "./store/fields.ts";
import { createGroup, getGroup, groupAddresses, saveGroupAddresses } from "./store/groups.ts";
import { neverScanned } from "./store/never-scanned.ts";
import { findPurgeRule, listPurgedAssets, listPurges, savePurgeRule } from "./store/purges.ts";
import { listTags } from "./store/tags.ts";
import { ensureSystemTags, syncGroupTags } from "./tags/system-tags.ts";

const dayMs = 86_400_000;
const t0 = Date.UTC(2026, 5, 1);
const everything = { where: null, sort: null, limit: 1_000, cursor: null };

/** `old` hosts last seen a hundred days ago, `fresh` ones today. */
function inventory(old: number, fresh: number) {
	const store = memoryStore(t0);
	for (let i = 0; i < old + fresh; i++) {
		const at = i < old ? t0 - 100 * dayMs : t0;
		ingestHost(store, sampleKnowledge, sampleHost(`127.0.2.${i + 1}`, 1, at));
	}
	const log = pino({ enabled: false });
	const audit = openAuditTrail(store, log);
	const purging = new Purging({ store, hub: new Hub(), audit, log });
	const ids = () =>
		listAssets(store.db, everything)
			.items.map(({ id }) => id)
			.sort((a, b) => a - b);
	const actions = () =>
		listAudit(store.db, everything).items.map(({ who, action, object }) => `${who} ${action} ${object}`);
	return { store, purging, ids, actions };
}

const request = { query: "lastSeen<now-90d", by: "ana", reason: "returned", rule: null, agree() {}, onBegin() {} };
const wish = { assets: null, beside: false, by: "ben", onBegin() {}, onRestored() {} };

test("the preview speaks of what then goes, and of what is left", async () => {
	const { store, ids } = inventory(25, 5);
	const preview = previewPurge(store, request.query);
	expect(preview).toMatchObject({ assets: 25, findings: 50, services: 50, of: 30, everything: false });
	expect(preview.first).toHaveLength(10);
	const purge = await runPurge(store, request);
	expect(purge).toMatchObject({ assets: preview.assets, findings: preview.findings, by: "ana", state: "undoable" });
	expect(purge.undoUntil).toBe(preview.undoUntil);
	expect(ids()).toHaveLength(5);
	expect(readCounters(store.db).get("assets")).toBe(5);
	expect(listPurgedAssets(store.db, purge.id, everything).total).toBe(25);
	expect(previewPurge(store, "*")).toMatchObject({ assets: 5, everything: true });
});

test("a group that a purge empties keeps its addresses as a target, shows no assets, and has them again when it is undone", async () => {
	const { store } = inventory(3, 1);
	const { db } = store;
	const words = { comments: "", division: "", function: "", location: "", owner: "", businessImpact: "none" } as const;
	const lists = { dnsNames: [], netbiosNames: [], domains: [], cvss: cvssEnvironment.parse({}) };
	const group = createGroup(db, "Old", { ...words, ...lists }, t0);
	saveGroupAddresses(db, group, AddressSet.fromText([["127.0.2.1", "127.0.2.3"]]), t0);
	ensureSystemTags(db, t0);
	syncGroupTags(db, t0);
	const inGroup = () => {
		const { where } = compileFilter("group:Old", assetFields, { now: t0 });
		const tag = listTags(db).find(({ name }) => name === "Old");
		return [listAssets(db, { ...everything, where }).total, tag?.assets, getGroup(db, "Old").addresses];
	};
	expect(inGroup()).toEqual([3, 3, 3]);
	const { id } = await runPurge(store, request);
	expect(inGroup()).toEqual([0, 0, 3]);
	const left = await neverScanned(store, groupAddresses(db, group), 1);
	expect(left.neverAsked.size + left.neverAnswered.size).toBe(3);
	await undoPurge(store, id, wish);
	expect(inGroup()).toEqual([3, 3, 3]);
});

test("undone in part, then whole; a second time there is nothing to undo", async () => {
	const { store, ids } = inventory(3, 1);
	const { id } = await runPurge(store, request);
	expect(await undoPurge(store, id, { ...wish, assets: [2] })).toMatchObject({ restored: 1, refusedTotal: 0 });
	expect(getPurge(store, id)).toMatchObject({ restored: 1, state: "undoable" });
	await expect(undoPurge(store, id, { ...wish, assets: [2] })).rejects.toThrow(/nothing kept of 2/);
	expect((await undoPurge(store, id, wish)).purge.state).toBe("undone");
	expect(ids()).toEqual([1, 2, 3, 4]);
	await expect(undoPurge(store, id, wish)).rejects.toThrow(/all its assets are back/);
	await expect(undoPurge(store, 99, wish)).rejects.toThrow(/no purge 99/);
});

test("an address that was met again keeps the old asset out, unless it is wanted beside", async () => {
	const { store, ids } = inventory(2, 1);
	const { id } = await runPurge(store, request);
	ingestHost(store, sampleKnowledge, sampleHost("127.0.2.1", 2, t0));
	const first = await undoPurge(store, id, wish);
	expect(first).toMatchObject({ restored: 1, refusedTotal: 1 });
	expect(first.refused[0]?.reason).toBe("127.0.2.1 is asset 4 (127.0.2.1) since 2026-06-01.");
	expect((await undoPurge(store, id, { ...wish, beside: true })).restored).toBe(1);
	expect(ids()).toEqual([1, 2, 3, 4]);
});

test("what the caller does not agree with, and what cannot be logged, is not done", async () => {
	const { store, ids } = inventory(2, 1);
	const no = () => {
		throw new Error("no");
	};
	await expect(runPurge(store, { ...request, agree: no })).rejects.toThrow("no");
	await expect(runPurge(store, { ...request, onBegin: no })).rejects.toThrow("no");
	await expect(runPurge(store, { ...request, query: "name:nobody" })).rejects.toThrow(/nothing to purge/);
	await expect(runPurge(store, { ...request, query: "colour:red" })).rejects.toThrow(/no field "colour"/);
	expect(ids()).toHaveLength(3);
	expect(listPurges(store.db, everything).total).toBe(0);
});

test("a purge that is broken off leaves each asset here or there, whole", async () => {
	const { store, ids } = inventory(45, 1);
	const stop = new AbortController();
	const agreed = runPurge(store, request, stop.signal);
	stop.abort();
	const purge = await agreed;
	expect(purge.assets).toBe(20);
	expect(ids()).toHaveLength(26);
	expect((await undoPurge(store, purge.id, wish)).restored).toBe(20);
	expect(ids()).toHaveLength(46);
});

test("after thirty days nothing is kept any more", async () => {
	const { store, purging } = inventory(3, 1);
	const { id } = await runPurge(store, request);
	store.clock.at += 30 * dayMs - 1;
	await purging.look();
	expect(getPurge(store, id).state).toBe("undoable");
	store.clock.at += 1;
	await purging.look();
	expect(getPurge(store, id).state).toBe("final");
	expect(listPurgedAssets(store.db, id, everything).items.map(({ kept }) => kept)).toEqual([false, false, false]);
	await expect(undoPurge(store, id, wish)).rejects.toThrow(/kept until 2026-07-01/);
});

const rule = (change: Partial<PurgeRule> = {}): PurgeRule => ({
	...{ name: "gone", query: request.query, reason: "not seen", most: 10, enabled: true, madeBy: "ana" },
	...{
		madeAt: new Date(t0).toISOString(),
		nextAt: new Date(t0 + dayMs).toISOString(),
		lastAt: null,
		lastOutcome: null,
	},
	...change,
});

test("a rule purges when it is due, says so, and then waits a day", async () => {
	const { store, purging, ids, actions } = inventory(3, 1);
	savePurgeRule(store.db, rule());
	await purging.look();
	expect(ids()).toHaveLength(4);
	store.clock.at += dayMs;
	await purging.look();
	expect(ids()).toEqual([4]);
	expect(actions()).toEqual(["rule gone purge.run purge 1"]);
	expect(findPurgeRule(store.db, "GONE")).toMatchObject({
		lastOutcome: "Purge 1: 3 assets, 6 open findings.",
		nextAt: new Date(t0 + 2 * dayMs).toISOString(),
	});
	expect(listPurges(store.db, everything).items[0]).toMatchObject({ rule: "gone", by: "rule gone" });
});

test.each([
	["more than it may take", { most: 2 }, 3, /3 of 4 assets match, and the rule takes 2/],
	["everything", { query: "lastSeen>now-400d" }, 3, /4 of 4 assets match/],
	["nothing", { query: "name:nobody" }, 3, /No asset matched/],
	["a query of another version", { query: "colour:red" }, 3, /no field "colour"/],
])("a rule that matches %s purges nothing and says why", async (_, change, old, outcome) => {
	const { store, purging, ids } = inventory(old, 1);
	savePurgeRule(store.db, rule({ ...change, nextAt: new Date(t0).toISOString() }));
	await purging.look();
	expect(ids()).toHaveLength(4);
	expect(findPurgeRule(store.db, "gone")?.lastOutcome).toMatch(outcome);
});

test("a rule that is off, or not due, rests; one that a clock put far off does not", async () => {
	const { store, purging, ids } = inventory(3, 1);
	savePurgeRule(store.db, rule({ enabled: false, nextAt: new Date(t0).toISOString() }));
	await purging.look();
	expect(ids()).toHaveLength(4);
	savePurgeRule(store.db, rule({ nextAt: new Date(t0 + 900 * dayMs).toISOString() }));
	await purging.look();
	expect(ids()).toEqual([4]);
	await purging.close();
});
