import fc from "fast-check";
import { expect, test } from "vitest";
import { ingestHost } from "../assess/ingest.ts";
import { memoryStore, mysqlRecord, redisRecord, sampleHost, sampleKnowledge } from "../assess/testdata/hosts.ts";
import { compileFilter } from "../query/compile.ts";
import { countFacetRows } from "./facet-rows.ts";
import { findingFields } from "./fields.ts";

const now = 1_700_000_000_000;

test("what is counted a few assets at a time is what one statement counts, whatever the filter", () => {
	const store = memoryStore(now);
	for (let host = 1; host <= 9; host++) {
		const address = `127.0.0.${host}`;
		const records = [redisRecord(address, now - 100, host % 2 === 0), mysqlRecord(address, now - 100, null)];
		ingestHost(store, sampleKnowledge, { ...sampleHost(address, host, now), records });
	}
	const filters = ["", "severity>=3", "address:127.0.0.0/29", "port:6379 or title:mysql", "asset:127.0.0.7"];
	fc.assert(
		fc.property(fc.constantFrom(...filters), fc.boolean(), (filter, isApartBeside) => {
			const { where } = compileFilter(filter, findingFields, { now });
			const asked = { where: where ?? { sql: "1", params: [] }, isApartBeside, now, most: 1_000 };
			const whole = countFacetRows(store.db, asked);
			expect(whole.marks.some((n) => n > 0)).toBe(true);
			expect(countFacetRows(store.db, asked, 0)).toEqual(whole);
			expect(countFacetRows(store.db, { ...asked, most: 0 }, 0).isAll).toBe(false);
		}),
		{ numRuns: 30 },
	);
	store.close();
});
