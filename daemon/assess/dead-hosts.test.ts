import { expect, test } from "vitest";
import { findAsset } from "../store/assets.ts";
import { readCounters } from "../store/counters.ts";
import { findingEvents, listFindings } from "../store/findings.ts";
import { addScanTargets, saveScanTarget, type TargetState } from "../store/scan-targets.ts";
import { createScan } from "../store/scans.ts";
import { countMisses } from "./dead-hosts.ts";
import { explain } from "./explain.ts";
import { ingestHost } from "./ingest.ts";
import { rejudge } from "./rejudge.ts";
import { knowledgeOf, memoryStore, sampleHost, sampleKnowledge } from "./testdata/hosts.ts";

const t0 = 1_700_000_000_000;
const hourMs = 3_600_000;
const address = "127.0.3.1";
const everything = { where: { sql: "1", params: [] }, sort: null, limit: 100, cursor: null };

function inventory() {
	const store = memoryStore(t0);
	const { db } = store;
	ingestHost(store, sampleKnowledge, sampleHost(address, 1, t0));
	let scans = 1;
	/** A scan an hour later that finds its targets so. */
	const scan = (states: Record<string, [TargetState, string | null]>, status = "finished") => {
		store.clock.at += hourMs;
		const request = { title: "t", targets: [address], exclusions: [], ports: "22", profile: "Own", at: store.clock.at };
		const id = createScan(db, request);
		scans = id;
		addScanTargets(
			db,
			id,
			Object.keys(states).map((one) => ({ address: one, hostname: null })),
		);
		for (const [one, [state, how]] of Object.entries(states)) saveScanTarget(db, id, one, { state, how });
		db.prepare("UPDATE scan SET status = ?, started_at = ? WHERE id = ?").run(status, store.clock.at, id);
	};
	const count = (most: number | null) => countMisses(store, () => most);
	const statuses = () =>
		listFindings(db, everything)
			.items.filter(({ status }) => status !== null)
			.map(({ status }) => status);
	const seen = () => ingestHost(store, sampleKnowledge, sampleHost(address, scans + 1, store.clock.at));
	return { store, scan, count, statuses, seen, asset: () => findAsset(db, { name: address }) };
}
const dead = { [address]: ["dead", null] } as const satisfies Record<string, [TargetState, null]>;

test("findings are closed after so many misses in a row, said to be that, and come back with the host", async () => {
	const { store, scan, count, statuses, seen } = inventory();
	scan(dead);
	expect(await count(2)).toEqual({ assets: 1, gone: 0, closed: 0 });
	expect(statuses()).toEqual(["NEW", "NEW"]);
	scan(dead);
	expect(await count(2)).toEqual({ assets: 1, gone: 1, closed: 2 });
	expect(statuses()).toEqual(["FIXED", "FIXED"]);
	expect(readCounters(store.db).get("open:5")).toBe(0);
	const [finding] = listFindings(store.db, everything).items;
	expect(findingEvents(store.db, finding?.id ?? 0).at(-1)).toMatchObject({ kind: "closed", scan: null });
	const why = explain(store, sampleKnowledge, { id: finding?.id ?? 0 });
	expect(why.verdict).toBe("unknown");
	expect(why.summary).toMatch(/was there when 127\.0\.3\.1 was last seen, 2023-11-14\. Scans since have not found/);
	scan(dead);
	expect(await count(2)).toEqual({ assets: 1, gone: 0, closed: 0 });
	store.clock.at += hourMs;
	seen();
	expect(statuses()).toEqual(["REOPENED", "REOPENED"]);
	scan(dead);
	expect(await count(2)).toEqual({ assets: 1, gone: 0, closed: 0 });
});

test("a scan counts once, and only when it finished", async () => {
	const { scan, count, statuses } = inventory();
	scan(dead, "cancelled");
	scan(dead);
	expect((await count(2)).assets).toBe(1);
	expect((await count(2)).assets).toBe(0);
	expect(statuses()).toEqual(["NEW", "NEW"]);
});

test.each([
	["no route leads there", { [address]: ["dead", "no route"] }],
	["it was excluded", { [address]: ["excluded", "excluded"] }],
	["it is another address", { "127.0.3.9": ["dead", null] }],
] satisfies [string, Record<string, [TargetState, string | null]>][])("is no miss when %s", async (_, states) => {
	const { scan, count } = inventory();
	scan(states);
	expect(await count(1)).toEqual({ assets: 0, gone: 0, closed: 0 });
});

test("is no miss when something else saw the host since the scan began, and nothing closes without a limit", async () => {
	const { scan, count, seen, asset } = inventory();
	scan(dead);
	seen();
	expect((await count(1)).assets).toBe(0);
	for (let i = 0; i < 12; i++) scan(dead);
	expect(await count(null)).toEqual({ assets: 12, gone: 0, closed: 0 });
	expect(asset()?.findings["5"]).toBe(1);
});

test("new knowledge opens nothing on a host that is not there", async () => {
	const { store, scan, count, statuses } = inventory();
	scan(dead);
	await count(1);
	const checks = ["redis", "mysql", "host"].flatMap((kind) => sampleKnowledge.checksFor(kind as "redis"));
	await rejudge(store, knowledgeOf(checks, "2"));
	expect(statuses()).toEqual(["FIXED", "FIXED"]);
});
