import { pino } from "pino";
import { expect, test } from "vitest";
import { ingestHost } from "../../assess/ingest.ts";
import { memoryStore, redisRecord, sampleHost, sampleKnowledge } from "../../assess/testdata/hosts.ts";
import { machineOf, sightingOf } from "../../assess/testdata/machines.ts";
import { Hub } from "../../hub.ts";
import { undoPurge } from "../../inventory/purge.ts";
import { addressKey, addressOfKey } from "../../store/address-key.ts";
import { findAsset } from "../../store/assets.ts";
import { listAudit } from "../../store/audit.ts";
import { findKnownAsset } from "../../store/candidates.ts";
import { checkCounters } from "../../store/counted.test-support.ts";
import { createScan } from "../../store/scans.ts";
import { openAuditTrail } from "../audit-trail.ts";
import type { Services } from "../services.ts";
import { trackAssets } from "./asset-tracking.ts";

const t0 = 1_700_000_000_000;
const address = "192.0.2.1";

/** An address that was seen under two names, the second later, with a finding on the first. */
function twoNames() {
	const store = memoryStore(t0 + 60_000);
	const audit = openAuditTrail(store, pino({ level: "silent" }));
	const services = { store, hub: new Hub(), audit } as unknown as Services;
	const machine = machineOf("a", { sshKeys: [] });
	const see = (name: string, there = address) => {
		const wish = { title: "", targets: [], exclusions: [], ports: "22", profile: "Initial", at: t0 };
		const scan = createScan(store.db, wish);
		const at = t0 + scan * 1_000;
		const sighting = sightingOf(machine, there, { scan, at, name });
		const records = [...sighting.records, redisRecord(there, at, true)];
		const { coverage } = sampleHost(there, scan, at);
		const found = ingestHost(store, sampleKnowledge, {
			...sighting,
			records,
			coverage: { ...sighting.coverage, ports: coverage.ports },
		});
		return found.assetId as number;
	};
	const older = see("a.example.org");
	trackAssets(services, { assets: [older], by: "DNSNAME", dryRun: false }, "unix:1000");
	const newer = see("b.example.org");
	const track = (assets: number[], dryRun: boolean) => trackAssets(services, { assets, by: "IP", dryRun }, "unix:1000");
	return { store, services, see, older, newer, track };
}

test("back by address the newest record stays; what goes is told before, is purged, and comes back whole", async () => {
	const { store, older, newer, track } = twoNames();
	expect(newer).not.toBe(older);
	const before = findAsset(store.db, { id: older });
	const told = track([older, newer], true);
	expect(told).toMatchObject({ changed: 1, refused: 0, losing: 1, purged: 1, purge: null });
	expect(told.items).toMatchObject([
		{ asset: { id: newer }, outcome: "changes", by: address, purges: [{ id: older, name: "a.example.org" }] },
		{ asset: { id: older }, outcome: "purged" },
	]);
	expect(findAsset(store.db, { id: older })).toEqual(before);

	const done = track([older, newer], false);
	expect(done).toMatchObject({ changed: 1, purged: 1, purge: 1 });
	expect(findAsset(store.db, { id: older })).toBeNull();
	expect(findAsset(store.db, { id: newer })).toMatchObject({ tracking: "IP", addresses: [address] });
	checkCounters(store);
	const { items } = listAudit(store.db, { where: null, sort: null, limit: 5, cursor: null });
	expect(
		items.find(({ action, after }) => action === "assets.track" && JSON.stringify(after).includes("purged")),
	).toBeDefined();

	const wish = { assets: null, beside: true, by: "unix:1000", onBegin: () => undefined, onRestored: () => undefined };
	expect(await undoPurge(store, 1, wish)).toMatchObject({ restored: 1, refused: [] });
	expect(findAsset(store.db, { id: older })).toMatchObject({ trackedBy: "a.example.org", addresses: [address] });
	checkCounters(store);
	store.close();
});

test("one that goes on elsewhere takes along what was found at the address, and is reached where it is", () => {
	const { store, older, newer, track } = twoNames();
	const elsewhere = "192.0.2.7";
	const insert = "INSERT INTO asset_address SELECT asset, ?, last_seen FROM asset_address WHERE asset = ?";
	store.db.prepare(insert).run(addressKey(elsewhere), older);
	const found = () =>
		store.db
			.prepare("SELECT address FROM finding WHERE asset = ? AND open = 1")
			.all(older)
			.map((row) => addressOfKey(String(row.address)));
	const before = found();
	expect(before).toContain(address);
	expect(track([newer], false)).toMatchObject({ changed: 1, losing: 1, purged: 0 });
	expect(found()).toEqual(before.map(() => elsewhere));
	const { mainAddress, addresses } = findKnownAsset(store.db, older) ?? {};
	expect([mainAddress, addresses]).toEqual([addressKey(elsewhere), [addressKey(elsewhere)]]);
	checkCounters(store);
	store.close();
});

test("the older one alone does not take the address from one that is tracked by its name", () => {
	const { store, older, newer, track } = twoNames();
	expect(track([older], false)).toMatchObject({ changed: 0, refused: 1, purged: 0, purge: null });
	expect([older, newer].map((id) => findAsset(store.db, { id })?.tracking)).toEqual(["DNSNAME", "DNSNAME"]);
	store.close();
});

test("one that loses its last address to the second of several is told before as what is purged", () => {
	const { store, see, older, newer, track } = twoNames();
	see("a.example.org", "192.0.2.7");
	const newest = see("c.example.org", "192.0.2.7");
	see("b.example.org");
	expect(findKnownAsset(store.db, older)?.addresses).toHaveLength(2);
	const all = [older, newer, newest];
	const { purge: _, ...told } = track(all, true);
	expect(told).toMatchObject({ changed: 2, purged: 1 });
	const { purge, ...done } = track(all, false);
	expect(purge).toBe(1);
	expect(done).toEqual(told);
	expect(all.map((id) => findAsset(store.db, { id })?.addresses)).toEqual([undefined, [address], ["192.0.2.7"]]);
	checkCounters(store);
	store.close();
});
