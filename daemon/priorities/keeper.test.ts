import fc from "fast-check";
import { pino } from "pino";
import { expect, test } from "vitest";
import { defaultWeights, type PriorityWeights, priorityFactors } from "../../protocol/model/priority.ts";
import { ingestHost } from "../assess/ingest.ts";
import { memoryStore, mysqlRecord, redisRecord, sampleHost, sampleKnowledge } from "../assess/testdata/hosts.ts";
import { Hub } from "../hub.ts";
import { listFindings } from "../store/findings.ts";
import { findPriorityFacts, readWeights, writeWeights } from "../store/priorities.ts";
import { run } from "../store/sql.ts";
import { PriorityKeeper } from "./keeper.ts";
import { partsOf } from "./score.ts";
import { factsOf } from "./weigh.ts";

const t0 = 1_700_000_000_000;
const every = { where: { sql: "1", params: [] }, limit: 100, cursor: null };

function found() {
	const store = memoryStore(t0);
	for (const [nth, address] of ["127.0.0.1", "198.51.100.7"].entries()) {
		const at = t0 + nth * 60_000;
		store.clock.at = at;
		const records = [redisRecord(address, at - 100, true), mysqlRecord(address, at - 100, "not allowed")];
		ingestHost(store, sampleKnowledge, { ...sampleHost(address, nth + 1, at), records });
	}
	const keeper = new PriorityKeeper({ store, hub: new Hub(), log: pino({ enabled: false }) });
	return { store, keeper };
}

test("what the store sorts by is what the parts add up to, whatever is known and however it is weighed", async () => {
	const weights = fc
		.record(Object.fromEntries(priorityFactors.map((factor) => [factor, fc.integer({ min: 0, max: 100 })])))
		.map((all) => all as PriorityWeights)
		.filter((all) => Object.values(all).some((weight) => weight > 0));
	const known = fc.record({
		cvss: fc.option(fc.integer({ min: 0, max: 100 })),
		epss: fc.option(fc.integer({ min: 0, max: 100 })),
		kev: fc.boolean(),
		type: fc.constantFrom(1, 2),
	});
	const { store, keeper } = found();
	await fc.assert(
		fc.asyncProperty(weights, known, async (weighed, { cvss, epss, kev, type }) => {
			writeWeights(store.db, weighed);
			run(store.db, "UPDATE signature SET cvss = ? / 10.0, epss = ? / 100.0, kev = ?", cvss, epss, Number(kev));
			run(store.db, "UPDATE finding SET type = ? WHERE type <> 3", type);
			await keeper.sweep();
			expect(readWeights(store.db)).toEqual(weighed);
			const { items } = listFindings(store.db, { ...every, sort: [{ field: "priority", descending: true }] });
			expect(items.length).toBeGreaterThan(1);
			for (const [index, { id, priority }] of items.entries()) {
				const facts = findPriorityFacts(store.db, id);
				if (facts === null) throw new Error("the finding is gone");
				const parts = partsOf({ ...facts, asset: factsOf(facts.asset) }, weighed);
				const sum = parts.reduce((total, { points }) => total + points, 0);
				// Each of seven parts is rounded by itself.
				expect(Math.abs(sum - priority)).toBeLessThan(0.5);
				expect(priority).toBeLessThanOrEqual(items[index - 1]?.priority ?? 100);
			}
		}),
		{ numRuns: 40 },
	);
	await keeper.close();
	store.close();
});

test("a public address, the criticality of a tag and the impact of a group count once the inventory is looked at", async () => {
	const { store, keeper } = found();
	writeWeights(store.db, defaultWeights);
	const stakes = () =>
		Object.fromEntries(
			(store.db.prepare("SELECT name, stakes FROM asset").all() as { name: string; stakes: number }[]).map(
				({ name, stakes }) => [name, stakes],
			),
		);
	expect(stakes(), "in the transaction that makes an asset").toEqual({ "127.0.0.1": 25, "198.51.100.7": 125 });
	await keeper.sweep();
	expect(stakes()).toEqual({ "127.0.0.1": 25, "198.51.100.7": 125 });
	run(
		store.db,
		"INSERT INTO asset_group (title, impact, created_at, updated_at, network) VALUES ('Core', 'critical', 0, 0, 1)",
	);
	run(
		store.db,
		"INSERT INTO asset_group_range (grp, first, last) SELECT id, '47f000001', '47f000001' FROM asset_group WHERE title = 'Core'",
	);
	await keeper.sweep();
	expect(stakes()["127.0.0.1"]).toBe(75);
	await keeper.close();
	store.close();
});
