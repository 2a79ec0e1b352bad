import { expect, test } from "vitest";
import { ingestHost } from "../assess/ingest.ts";
import { memoryStore, redisRecord, sampleHost, sampleKnowledge } from "../assess/testdata/hosts.ts";
import { setExcepted } from "../store/excepted.ts";
import { first } from "../store/sql.ts";
import { planMerge } from "./plan-merge.ts";

const t0 = 1_700_000_000_000;
const hour = 3_600_000;

test("findings that move are told by what they count as: information is none, nor is what was fixed", () => {
	const store = memoryStore(t0);
	for (const [at, address] of ["127.0.0.1", "127.0.0.2"].entries()) {
		ingestHost(store, sampleKnowledge, sampleHost(address, 1, t0 + at * hour));
	}
	const moved = () =>
		planMerge(store.db, { assets: [1, 2], into: 1, fields: {}, force: false })
			.preview.moves.filter(({ what }) => /finding|information/.test(what))
			.map(({ what, rows, unified }) => [rows, what, unified]);
	expect(moved()).toEqual([
		[2, "open findings", 0],
		[2, "pieces of information", 0],
	]);

	const later = sampleHost("127.0.0.2", 2, t0 + 2 * hour);
	const guarded = later.records.map((one) =>
		one.kind === "redis" ? redisRecord("127.0.0.2", t0 + 2 * hour, false) : one,
	);
	ingestHost(store, sampleKnowledge, { ...later, records: guarded });
	const open = first<{ id: number }>(store.db, "SELECT id FROM finding WHERE asset = 2 AND open = 1")?.id ?? 0;
	setExcepted(store.db, [open], "ignored", true, t0 + 3 * hour);
	expect(moved()).toEqual([
		[1, "finding set apart", 0],
		[1, "fixed finding", 0],
		[2, "pieces of information", 0],
	]);

	// Both have the address and what was found there: of asset 1 it is open.
	const shared = "(SELECT address FROM asset WHERE id = 1)";
	store.db.exec(`INSERT INTO asset_address SELECT 2, address, last_seen FROM asset_address WHERE asset = 1`);
	store.db.exec(`UPDATE finding SET address = ${shared} WHERE asset = 2`);
	expect(moved(), "each by what it is on the side it moves from").toEqual([
		[1, "finding set apart", 1],
		[1, "fixed finding", 1],
		[2, "pieces of information", 2],
	]);
	store.close();
});
