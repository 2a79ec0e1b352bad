import { describe, expect, test } from "vitest";
import { type ChosenTracking, trackAsset } from "../identity/track.ts";
import { findAsset } from "../store/assets.ts";
import { Tally } from "../store/counters.ts";
import { listNotScanned } from "../store/scan-reach.ts";
import { createScan } from "../store/scans.ts";
import { rehearse } from "../store/sql.ts";
import type { Store } from "../store/store.ts";
import { ingestHost } from "./ingest.ts";
import { memoryStore, sampleKnowledge } from "./testdata/hosts.ts";
import { type Look, machineOf, sightingOf } from "./testdata/machines.ts";

const t0 = 1_700_000_000_000;
const bare = machineOf("a", { sshKeys: [] });

function see(store: Store, address: string, look: Partial<Look> = {}) {
	const scan = createScan(store.db, {
		title: "",
		targets: [],
		exclusions: [],
		ports: "22",
		profile: "Initial",
		at: t0,
	});
	return {
		scan,
		...ingestHost(store, sampleKnowledge, sightingOf(bare, address, { scan, at: t0 + scan * 1000, ...look })),
	};
}

function track(store: Store, id: number, to: ChosenTracking, dryRun = false) {
	const work = () => trackAsset(store.db, new Tally(), id, to);
	return dryRun ? rehearse(store.db, work) : work();
}

describe("tracking by host name", () => {
	test("only by a name that was resolved", () => {
		const store = memoryStore();
		const { assetId } = see(store, "192.0.2.1");
		expect(track(store, assetId as number, "DNSNAME")).toMatchObject({ outcome: "refused" });
		see(store, "192.0.2.1", { name: "a.example.org" });
		expect(track(store, assetId as number, "DNSNAME", true)).toMatchObject({ outcome: "changes", by: "a.example.org" });
		expect(findAsset(store.db, { id: assetId as number })).toMatchObject({ tracking: "IP", trackedBy: null });
		expect(track(store, assetId as number, "DNSNAME")).toMatchObject({ outcome: "changes" });
		expect(track(store, assetId as number, "DNSNAME")).toMatchObject({ outcome: "already" });
		expect(findAsset(store.db, { id: assetId as number })).toMatchObject({
			tracking: "DNSNAME",
			trackedBy: "a.example.org",
		});
	});

	test("the name is followed to another address, and nothing is recorded of one that does not resolve", () => {
		const store = memoryStore();
		const { assetId } = see(store, "192.0.2.1", { name: "a.example.org" });
		track(store, assetId as number, "DNSNAME");
		expect(see(store, "192.0.2.9", { name: "a.example.org" }).assetId).toBe(assetId);
		const nameless = see(store, "192.0.2.9");
		expect(nameless).toMatchObject({ assetId: null, unresolvedName: "a.example.org", changes: [] });
		expect(listNotScanned(store.db, nameless.scan, 10)).toMatchObject({
			total: 1,
			items: [{ target: "a.example.org" }],
		});
		expect(store.db.prepare("SELECT not_scanned AS n FROM scan WHERE id = ?").get(nameless.scan)).toEqual({ n: 1 });
	});

	test("an address seen with two names becomes two assets, and back by address the later one keeps it", () => {
		const store = memoryStore();
		const one = see(store, "192.0.2.1", { name: "a.example.org" }).assetId as number;
		track(store, one, "DNSNAME");
		const other = see(store, "192.0.2.1", { name: "b.example.org" }).assetId as number;
		expect(other).not.toBe(one);
		expect(findAsset(store.db, { id: other })).toMatchObject({ tracking: "DNSNAME", trackedBy: "b.example.org" });
		expect([one, other].map((id) => findAsset(store.db, { id })?.addresses)).toEqual([["192.0.2.1"], ["192.0.2.1"]]);
		expect(track(store, one, "IP", true)).toMatchObject({ outcome: "refused" });
		const back = track(store, other, "IP", true);
		expect(back).toMatchObject({ outcome: "changes", by: "192.0.2.1" });
		expect(back?.loses).toContain(`the older record, asset ${one}`);
		expect(back?.purges).toMatchObject([{ id: one, name: "a.example.org", findings: 0 }]);
	});

	test("one that was seen elsewhere too goes on there without the address", () => {
		const store = memoryStore();
		const one = see(store, "192.0.2.1", { name: "a.example.org" }).assetId as number;
		track(store, one, "DNSNAME");
		const other = see(store, "192.0.2.1", { name: "b.example.org" }).assetId as number;
		see(store, "192.0.2.7", { name: "a.example.org" });
		store.db
			.prepare("INSERT OR IGNORE INTO asset_address SELECT ?, address, last_seen FROM asset_address WHERE asset = ?")
			.run(one, other);
		const back = track(store, other, "IP");
		expect(back).toMatchObject({ outcome: "changes", purges: [], displaced: [one] });
		expect(findAsset(store.db, { id: one })?.addresses).toEqual(["192.0.2.7"]);
	});

	test("one that loses its main address is told by the address it keeps", () => {
		const store = memoryStore();
		const one = see(store, "192.0.2.1", { name: "a.example.org" }).assetId as number;
		track(store, one, "DNSNAME");
		see(store, "192.0.2.7", { name: "a.example.org" });
		see(store, "192.0.2.1", { name: "b.example.org" });
		store.db
			.prepare("UPDATE asset SET address = (SELECT address FROM asset_address WHERE asset = ? LIMIT 1) WHERE id = ?")
			.run(one, one);
		const foreseen = track(store, one, "IP", true);
		expect(foreseen).toMatchObject({
			outcome: "changes",
			by: "192.0.2.7",
			loses: expect.stringMatching(/^192.0.2.1 stays/),
		});
		expect(track(store, one, "IP")).toEqual(foreseen);
		expect(findAsset(store.db, { id: one })).toMatchObject({ addresses: ["192.0.2.7"] });
		expect(track(store, one, "NETBIOS")).toMatchObject({ outcome: "refused", by: "192.0.2.7" });
	});

	test("two are never tracked by one name", () => {
		const store = memoryStore();
		const one = see(store, "192.0.2.1", { name: "a.example.org" }).assetId as number;
		const other = see(store, "192.0.2.2", { name: "a.example.org" }).assetId as number;
		expect([one, other].map((id) => track(store, id, "DNSNAME")?.outcome)).toEqual(["changes", "refused"]);
		expect(track(store, other, "DNSNAME")?.why).toContain(`asset ${one}`);
	});

	test("a host name does not rename what is tracked by another", () => {
		const store = memoryStore();
		const { assetId } = see(store, "192.0.2.1", { name: "a.example.org", login: true });
		expect(findAsset(store.db, { id: assetId as number })?.name).toBe("host-a.example.org");
		see(store, "192.0.2.1", { name: "a.example.org" });
		track(store, assetId as number, "DNSNAME");
		const tracked = findAsset(store.db, { id: assetId as number });
		expect(tracked?.name).toBe(tracked?.trackedBy);
		see(store, "192.0.2.1", { name: tracked?.trackedBy ?? "", login: true });
		expect(findAsset(store.db, { id: assetId as number })?.name).toBe(tracked?.name);
	});
});

test("what agents and clouds track is theirs", () => {
	const store = memoryStore();
	const { assetId } = see(store, "192.0.2.1", { name: "a.example.org" });
	for (const method of ["AGENT", "INSTANCE_ID"]) {
		store.db.prepare("UPDATE asset SET tracking = ?").run(method);
		expect(track(store, assetId as number, "DNSNAME")).toMatchObject({ outcome: "refused" });
	}
});
