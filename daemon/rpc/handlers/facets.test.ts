/** Facets of findings and of assets: whatever the filter, the term of each value finds as many as the facet says. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { memoryStore } from "../../assess/testdata/hosts.ts";
import { addressKey } from "../../store/address-key.ts";
import { statusOf } from "../../store/codes.ts";
import { countFacets } from "../../store/finding-facets.ts";
import { openNumber } from "../../store/finding-writes.ts";
import { ListReader } from "../../store/list-reader.ts";
import type { CallContext } from "../handler.ts";
import type { Services } from "../services.ts";
import { assetsHandlers } from "./assets.ts";
import { findingsHandlers } from "./findings.ts";

const day = 86_400_000;
const now = Date.UTC(2026, 10, 22);
const context = { signal: new AbortController().signal } as CallContext;

interface Made {
	asset: number;
	signature: number;
	port: number;
	severity: number;
	/** Of `finding.type` and `finding.status`; a status of null: information. */
	type: number;
	status: number | null;
	excepted: number;
	/** Since it was found first. */
	days: number;
}
const row: fc.Arbitrary<Made> = fc.record({
	asset: fc.integer({ min: 1, max: 4 }),
	signature: fc.integer({ min: 1, max: 4 }),
	port: fc.constantFrom(0, 22, 443),
	severity: fc.integer({ min: 1, max: 5 }),
	type: fc.constantFrom(1, 2),
	status: fc.option(fc.constantFrom(1, 2, 3, 4), { nil: null }),
	excepted: fc.constantFrom(0, 0, 0, 1, 2, 3),
	days: fc.constantFrom(0, 7, 8, 30, 89, 90, 91, 365, 900),
});

const filter = fc.constantFrom(
	...[
		"severity>=1",
		"severity>=3",
		"status:FIXED",
		"type:confirmed",
		"type:information",
		"not status:FIXED",
		"excepted:true",
	],
	...["excepted:true or ignored:true", "type:potential and ignored:true", "port:22 or os:Debian", "tag:`Web farm`"],
	...["status:NEW and excepted:false", "kev:true", "signature:ssh/*"],
);

function openFilled(rows: readonly Made[]) {
	const store = memoryStore(now);
	const { db } = store;
	const systems = ["Debian 12", 'a `b` \\c\'s "d"', null, "Debian 12"];
	for (const [at, os] of systems.entries()) {
		db.prepare(
			"INSERT INTO asset (id, network, name, address, os, tracking, first_seen, last_seen) VALUES (?, 1, ?, ?, ?, 'IP', 0, 0)",
		).run(at + 1, `host-${at + 1}`, addressKey(`10.0.0.${at + 1}`), os);
	}
	for (const [at, name] of ["ssh/terrapin", "ssh/weak-kex", "lonely", "tls/old"].entries()) {
		db.prepare(
			"INSERT INTO signature (id, name, qid, title, severity, kind, cves, body, kev) VALUES (?, ?, ?, ?, 3, 'ssh', '[]', '{}', ?)",
		).run(at + 1, name, 1_000 + at, `weakness ${at}`, at % 2);
	}
	db.exec("INSERT INTO result (id, hash, text, uses) VALUES (1, x'00', 'seen', 1)");
	const tag = db.prepare("INSERT INTO tag (name, created_at, updated_at) VALUES ('Web farm', 0, 0)").run();
	db.prepare("INSERT INTO asset_tag (asset, tag, why, since) VALUES (1, ?, 'hand', 0)").run(tag.lastInsertRowid);
	for (const [at, one] of rows.entries()) insert(db, at + 1, one);
	const handlers = findingsHandlers({ store, reader: new ListReader(store) } as unknown as Services);
	const assets = assetsHandlers({ store, reader: new ListReader(store) } as unknown as Services);
	return { store, handlers, assets };
}

test("the term of each value finds as many as the facet says", async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(row, { maxLength: 30 }), filter, fc.boolean(), async (rows, text, isPast) => {
			const { store, handlers } = openFilled(rows);
			const asOf = isPast ? { asOf: new Date(now).toISOString() } : {};
			const count = async (one: string) => (await handlers.count({ filter: one, ...asOf }, context)).total;
			const { facets, looked, isAll } = await handlers.facets({ filter: text, ...asOf }, context);
			expect([looked, isAll]).toEqual([await count(text), true]);
			for (const { name, values } of facets) {
				for (const { term, count: told } of values) {
					expect(await count(`(${text}) and ${term}`), `${name} ${term}`).toBe(told);
				}
			}
			store.close();
		}),
		{ numRuns: 30 },
	);
});

test("so it is with assets", async () => {
	const days = fc.constantFrom(0, 6, 7, 30, 89, 400);
	const asset = fc.record({
		days,
		ports: fc.uniqueArray(fc.constantFrom(22, 80, 443)),
		worst: fc.integer({ max: 5, min: 0 }),
	});
	await fc.assert(
		fc.asyncProperty(
			fc.array(asset, { maxLength: 4 }),
			fc.constantFrom("id>0", "port:22", "os is null"),
			async (made, text) => {
				const { store, assets } = openFilled([]);
				for (const [at, one] of made.entries()) {
					store.db
						.prepare("UPDATE asset SET last_seen = ?, n5 = ?, n2 = ? WHERE id = ?")
						.run(...[now - one.days * day, one.worst === 5 ? 1 : 0, one.worst > 1 ? 1 : 0, at + 1]);
					for (const port of one.ports)
						store.db
							.prepare(
								"INSERT INTO service (asset, address, port, protocol, name, tls, last_seen) VALUES (?, '4', ?, 6, ?, 0, 0)",
							)
							.run(...[at + 1, port, port === 22 ? "ssh" : port === 80 ? null : "it's `tls`"]);
				}
				const count = async (one: string) => (await assets.count({ filter: one }, context)).total;
				const { facets, looked, isAll } = await assets.facets({ filter: text }, context);
				expect([looked, isAll]).toEqual([await count(text), true]);
				for (const { name, values } of facets)
					for (const { term, count: told } of values)
						expect(await count(`(${text}) and ${term}`), `${name} ${term}`).toBe(told);
				store.close();
			},
		),
		{ numRuns: 12 },
	);
});

test("no more are looked at than may be, and that is told", () => {
	const rows = Array.from({ length: 9 }, (_, at): Made => {
		return { asset: 1, signature: 1, port: at + 1, severity: 3, type: 1, status: 1, excepted: 0, days: 1 };
	});
	const { store } = openFilled(rows);
	const query = { where: null, named: new Set<string>(), now };
	expect(countFacets(store.db, query, 9)).toMatchObject({ looked: 9, isAll: true });
	const some = countFacets(store.db, query, 5);
	expect(some).toMatchObject({ looked: 5, isAll: false });
	expect(some.facets.find(({ name }) => name === "severity")?.values).toEqual([
		{ term: "severity:3", label: "serious", count: 5 },
	]);
	store.close();
});

function insert(db: ReturnType<typeof memoryStore>["db"], id: number, one: Made): void {
	const open = openNumber(one.status === null ? null : statusOf(one.status), one.excepted);
	const found = now - one.days * day;
	db.prepare(
		`INSERT OR IGNORE INTO finding (asset, signature, address, port, protocol, instance, id, severity, type, status, open, first_found,
			last_found, times_found, scan, change, source, result, excepted) VALUES (?, ?, ?, ?, 6, '', ?, ?, ?, ?, ?, ?, ?, 1, 1, 1, 'network', 1, ?)`,
	).run(
		...[one.asset, one.signature, addressKey(`10.0.0.${one.asset}`), one.port, id, one.severity],
		...[one.status === null ? 3 : one.type, one.status, open, found, found, one.excepted],
	);
}
