import { expect, test } from "vitest";
import { ingestHost } from "../assess/ingest.ts";
import { memoryStore, mysqlRecord, redisRecord, sampleHost, sampleKnowledge } from "../assess/testdata/hosts.ts";
import { compileFilter } from "../query/compile.ts";
import { findingFields } from "./fields.ts";
import { listFindingGroups } from "./finding-groups.ts";
import { listFindings } from "./findings.ts";

const t0 = 1_700_000_000_000;
const page = { where: null, sort: null, limit: 100, cursor: null };

function found() {
	const store = memoryStore(t0);
	for (let host = 1; host <= 4; host++) {
		const at = t0 + host * 60_000;
		store.clock.at = at;
		const address = `127.0.0.${host}`;
		const records = [
			redisRecord(address, at - 100, true),
			mysqlRecord(address, at - 100, host < 3 ? null : "not allowed"),
		];
		ingestHost(store, sampleKnowledge, { ...sampleHost(address, host, at), records });
	}
	return store;
}

test("groups have every finding once, whichever way they are put together, filtered or not", () => {
	const store = found();
	for (const filter of ["", "port:6379", "severity>=4", 'asset:"127.0.0.2"']) {
		const { where } = compileFilter(filter, findingFields, { now: t0 });
		const query = { ...page, where };
		const items = listFindings(store.db, query).items;
		for (const by of ["signature", "asset"] as const) {
			const groups = listFindingGroups(store.db, by, query);
			expect(groups.total).toBe(groups.items.length);
			expect(groups.items.reduce((sum, { findings }) => sum + findings, 0)).toBe(items.length);
			for (const group of groups.items) {
				const own = items.filter((one) => (by === "asset" ? one.asset.id === group.id : one.signature === group.name));
				expect(group.findings).toBe(own.length);
				expect(group.assets).toBe(new Set(own.map(({ asset }) => asset.id)).size);
				expect(group.severity).toBe(Math.max(...own.map(({ severity }) => severity)));
				expect(group.oldest).toBe(own.map(({ firstFound }) => firstFound).sort()[0]);
			}
		}
	}
	store.close();
});

test("pages follow each other in every order", () => {
	const store = found();
	for (const sort of [null, [{ field: "findings", descending: true }], [{ field: "title", descending: false }]]) {
		const whole = listFindingGroups(store.db, "asset", { ...page, sort }).items;
		const parts = [];
		for (let cursor: string | null = null; ; ) {
			const part: ReturnType<typeof listFindingGroups> = listFindingGroups(store.db, "asset", {
				...page,
				sort,
				cursor,
				limit: 3,
			});
			parts.push(...part.items);
			if (part.next === null) break;
			cursor = part.next;
		}
		expect(parts).toEqual(whole);
	}
	store.close();
});
