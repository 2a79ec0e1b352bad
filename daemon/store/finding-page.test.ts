import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compileFilter } from "../query/compile.ts";
import { addressKey } from "./address-key.ts";
import { statusOf } from "./codes.ts";
import { findingFields, findingOrder, findingScope, findingSorts } from "./fields.ts";
import { FindingColumns } from "./finding-columns.ts";
import { countByColumns } from "./finding-count.ts";
import { narrowFindings } from "./finding-narrow.ts";
import { orderPlan } from "./finding-orders.ts";
import { pageOfFindings } from "./finding-page.ts";
import { setsOf } from "./finding-sets.ts";
import { openNumber } from "./finding-writes.ts";
import { cursorAt, orderBy, orderOf, type PageColumns, pageColumns, placeOf } from "./page-order.ts";
import { scoped } from "./query-lists.ts";
import { read } from "./read-job.ts";
import { openStore } from "./store.ts";

const joined =
	"LEFT JOIN signature s ON s.id = f.signature LEFT JOIN asset a ON a.id = f.asset LEFT JOIN result r ON r.id = f.result";
/** Of assets, by number. */
const addresses = ["", "10.0.0.1", "10.0.0.2", "240.0.0.7", "2001:db8::4", "fe80::5%eth0", "10.0.0.6"];
const keyOf = (asset: number) => addressKey(addresses[asset] ?? "");
const oses = ["Debian 12", "Debian 11", "Windows", null];

interface Made {
	asset: number;
	signature: number;
	port: number;
	severity: number;
	/** Of `finding.status`; null: information. */
	status: number | null;
	excepted: number;
	instance: string;
	luck: number;
}

const made: fc.Arbitrary<Made> = fc.record({
	asset: fc.integer({ min: 1, max: 6 }),
	signature: fc.integer({ min: 1, max: 5 }),
	port: fc.integer({ min: 0, max: 3 }),
	severity: fc.integer({ min: 1, max: 5 }),
	status: fc.option(fc.integer({ min: 1, max: 4 }), { nil: null }),
	excepted: fc.constantFrom(0, 0, 0, 1, 2),
	instance: fc.constantFrom("", "", "www", "api", "\u{1f600}", "\uff01"),
	/** What else there is of it comes of this. */
	luck: fc.nat(40),
});

const term = fc.constantFrom(
	...["severity:3", "severity>=4", "severity<3", "status:FIXED", "status:NEW", "not status:FIXED", "type:information"],
	...[
		"type:confirmed",
		"type:[confirmed, information]",
		"port:2",
		"port is null",
		"os:debian",
		"os is null",
		"asset:host-2",
	],
	...["address:240.0.0.7", "address:[10.0.0.2 .. 10.0.0.4]", "not address:10.0.0.1", "qid:1002", "signature:s-3"],
	...["title:weakness", 'title:"number 2"', "cve:CVE-2024-4", "cvss>5", "kev:true", "tags:none", "excepted:true"],
	...["(excepted:true or ignored:true) and severity>=3", "not excepted:true"],
	...["result:seen", "result:other", "nothing", "firstFound<2020", "timesFound>1", "timesFound:[2 .. 3]", "id>20"],
	...[
		"not result:seen",
		"firstFound>1970-01-01T00:00:00.020Z",
		"lastFixed<1970-01-02",
		"lastFixed is null",
		"fix:available",
	],
	...[
		"not fix is null",
		"not lastFixed is null",
		"protocol:udp",
		"protocol is null",
		"instance:www",
		'instance:""',
		"port:[1, 3]",
	],
	...["not instance:www", "ignored:true", "status:[NEW, REOPENED]", "lastFound>=1970-01-01T00:00:00.005Z"],
);
const filter = fc.oneof(
	term,
	fc.tuple(term, fc.constantFrom("and", "or"), term).map(([a, word, b]) => `(${a}) ${word} (${b})`),
	fc.tuple(term, term, term).map(([a, b, c]) => `(${a}) and ((${b}) or (${c}))`),
);

function openFilled(path = ":memory:") {
	const { db } = openStore(path, { clock: { now: () => 0 } });
	for (let id = 1; id <= 6; id++) {
		db.prepare(
			"INSERT INTO asset (id, network, name, address, os, tracking, first_seen, last_seen) VALUES (?, 1, ?, ?, ?, 'IP', 0, 0)",
		).run(id, `host-${id}`, keyOf(id), oses[id % oses.length] ?? null);
		// One has moved on: only a run of before covered the address of its findings.
		const table =
			id % 2 === 0 ? "asset_address (asset, address, last_seen)" : "coverage (asset, address, at, scan, body)";
		const rest = id % 2 === 0 ? "0" : "0, NULL, '{}'";
		db.prepare(`INSERT INTO ${table} VALUES (?, ?, ${rest})`).run(id, keyOf(id));
	}
	for (let id = 1; id <= 5; id++) {
		db.prepare(
			"INSERT INTO signature (id, name, qid, title, severity, kind, cvss, cves, body, kev) VALUES (?, ?, ?, ?, 3, 'redis', ?, ?, '{}', ?)",
		).run(id, `s-${id}`, 1_000 + id, `weakness number ${id}`, id * 2, `["CVE-2024-${id}"]`, id % 2);
	}
	db.exec("INSERT INTO result (id, hash, text, uses) VALUES (1, x'00', 'seen', 1), (2, x'01', 'other', 1)");
	return db;
}

function fill(db: DatabaseSync, rows: readonly Made[]): void {
	db.exec("DELETE FROM finding");
	const insert = db.prepare(
		`INSERT OR IGNORE INTO finding (asset, signature, address, port, protocol, instance, id, severity, type, status, open, first_found,
			last_found, last_fixed, times_found, scan, change, source, result, excepted, fix)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 1, 'network', ?, ?, ?)`,
	);
	for (const [n, one] of rows.entries()) {
		const open = openNumber(one.status === null ? null : statusOf(one.status), one.excepted);
		const type = one.status === null ? 3 : (n % 2) + 1;
		insert.run(
			...[one.asset, one.signature, keyOf(one.asset), one.port, one.luck % 3 === 0 ? 17 : 6, one.instance],
			...[
				(n * 7) % 61,
				one.severity,
				type,
				one.status,
				open,
				one.luck,
				one.luck % 7,
				one.luck % 4 === 0 ? one.luck : null,
			],
			...[(one.luck % 5) + 1, (one.luck % 2) + 1, one.excepted, one.luck % 6 === 0 ? null : one.luck % 6],
		);
	}
}

const listing = { sorts: findingSorts, key: "f.id", ...findingOrder };

test("a page from a stretch, from few or from columns is the page of the whole list", () => {
	const stretch = fc.record({ inIndex: fc.integer({ min: 1, max: 12 }), inRows: fc.integer({ min: 1, max: 6 }) });
	const field = fc.constantFrom("severity", "severity", ...Object.keys(findingSorts));
	const key = fc.record({ field, descending: fc.boolean() });
	const sort = fc.uniqueArray(key, { selector: (one) => one.field, minLength: 1, maxLength: 3 });
	const db = openFilled();
	const kept = new FindingColumns(db);
	fc.assert(
		fc.property(
			fc.array(made, { maxLength: 40 }),
			...([filter, sort, fc.integer({ min: 1, max: 5 }), stretch, stretch] as const),
			fc.constantFrom(null, kept, kept),
			(rows, text, keys, limit, short, long, columns) => {
				fill(db, rows);
				const { where: asked, named, plan } = compileFilter(text, findingFields, { now: 0 });
				const scope = findingScope(named);
				const where = scoped(asked, scope) ?? { sql: "1", params: [] };
				const order = orderOf(listing, keys);
				const whole = db
					.prepare(
						`SELECT ${pageColumns(order)}, f.id FROM finding f ${joined} WHERE ${where.sql} ORDER BY ${orderBy(order)}`,
					)
					.all(...where.params) as unknown as ({ id: number } & PageColumns)[];
				const count = countByColumns(db, narrowFindings(plan, scope), kept);
				if (count !== null) expect(count).toBe(whole.length);
				for (let at = 0; at <= whole.length; at += limit) {
					const last = whole[at - 1];
					const query = {
						...{ where, narrow: narrowFindings(plan, scope), order, limit },
						after: last === undefined ? null : placeOf(cursorAt(order, last), order),
					};
					const page = pageOfFindings(db, { columns: "f.id", joined }, query, columns, { short, long });
					if (page === null) continue;
					expect(page.rows.map(({ id }) => id)).toEqual(whole.slice(at, at + limit).map(({ id }) => id));
					if (page.total !== null) expect(page.total).toBe(whole.length);
				}
			},
		),
		{ numRuns: 300 },
	);
});

test("columns tell every order of the list", () => {
	const db = openFilled();
	for (const [field, sql] of Object.entries(findingSorts))
		expect(orderPlan(db, { sql, descending: false }), field).not.toBeNull();
});

test("what findings are put in order by beside themselves is minded when it changes", () => {
	const db = openFilled();
	const triggers = db.prepare("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?");
	for (const [alias, table] of Object.entries({ a: "asset", s: "signature" })) {
		const text = String(triggers.get(`order_version_${table}`)?.sql);
		const spoken = Object.values(findingSorts).flatMap(
			(sql) => sql.match(new RegExp(`(?<=\\b${alias}\\.)\\w+`, "g")) ?? [],
		);
		expect(spoken).not.toEqual([]);
		for (const column of spoken) expect(text).toContain(`OLD.${column} IS NOT NEW.${column}`);
	}
});

test("what a filter would keep of results is bounded: beyond that columns tell nothing", () => {
	const db = openFilled();
	const one = { asset: 1, signature: 1, severity: 3, status: 1, excepted: 0, instance: "", luck: 0 };
	fill(
		db,
		[0, 1, 2, 3].map((port) => ({ ...one, port, luck: port })),
	);
	const columns = new FindingColumns(db);
	const { plan, where: asked, named } = compileFilter("result:seen or result:other", findingFields, { now: 0 });
	const scope = findingScope(named);
	const narrow = narrowFindings(plan, scope);
	const where = scoped(asked, scope) ?? { sql: "1", params: [] };
	const order = orderOf(listing, null);
	const stretch = { inIndex: 1, inRows: 1 };
	const page = () =>
		pageOfFindings(
			...([db, { columns: "f.id", joined }, { where, narrow, order, after: null, limit: 3 }, columns] as const),
			{ short: stretch, long: stretch },
		);
	const total = () => read(db, { kind: "count", list: "findings", where, narrow }, columns);
	const term = narrow.told.term!;
	expect(setsOf(db, term, 5), "two terms, and numbers up to 2").toBeNull();
	expect([...(setsOf(db, term, 6)?.sets.values() ?? [])]).toEqual([
		new Uint8Array([0, 1, 0]),
		new Uint8Array([0, 0, 1]),
	]);
	expect(countByColumns(db, narrow, columns)).toBe(4);
	expect(page()?.total).toBe(4);
	const far = [49_999, 50_000, 50_001, 120_000];
	for (const id of far)
		db.prepare("INSERT INTO result (id, hash, text, uses) VALUES (?1, CAST(?1 AS BLOB), 'seen', 1)").run(id);
	const [seen = []] = setsOf(db, term)?.sets.values() ?? [];
	expect(Array.from(seen).flatMap((fits, id) => (fits === 1 ? id : []))).toEqual([1, ...far]);
	db.exec("INSERT INTO result (id, hash, text, uses) VALUES (10000000, x'02', 'seen', 1)");
	expect(countByColumns(db, narrow, columns)).toBeNull();
	expect(page()).toBeNull();
	expect(total()).toBe(4);
});

test("a finding that is deleted while a page is read does not end the list", () => {
	const folder = mkdtempSync(join(tmpdir(), "vedette-page-"));
	const path = join(folder, "store.db");
	const db = openFilled(path);
	const other = new DatabaseSync(path);
	try {
		const one = { asset: 1, signature: 1, severity: 3, status: 1, excepted: 0, instance: "", luck: 0 };
		fill(
			db,
			[0, 1, 2].map((port) => ({ ...one, port })),
		);
		const drop = other.prepare("DELETE FROM finding WHERE port = 1");
		db.function("deleted_meanwhile", () => {
			drop.run();
			return 1;
		});
		const { plan, where: asked, named } = compileFilter("severity>=1", findingFields, { now: 0 });
		const scope = findingScope(named);
		const { sql, params } = scoped(asked, scope) ?? { sql: "1", params: [] };
		const page = pageOfFindings(
			db,
			{ columns: "f.port", joined },
			{
				...{ where: { sql: `(${sql}) AND deleted_meanwhile() = 1`, params }, narrow: narrowFindings(plan, scope) },
				...{ order: orderOf(listing, null), after: null, limit: 3 },
			},
			null,
		);
		expect(page?.rows.map(({ port }) => port)).toEqual([2, 1, 0]);
		expect(db.prepare("SELECT count(*) AS n FROM finding").get()).toEqual({ n: 2 });
	} finally {
		other.close();
		db.close();
		rmSync(folder, { recursive: true });
	}
});

test("what a filter says of assets, signatures and severities is found out", () => {
	const narrowed = (text: string) => {
		const { plan, named } = compileFilter(text, findingFields, { now: 0 });
		const { opens, severities, assets, signatures } = narrowFindings(plan, findingScope(named));
		return { opens, severities, sides: [assets !== null, signatures !== null] };
	};
	expect(narrowed("os:debian and cvss>5 and port:7")).toMatchObject({ severities: null, sides: [true, true] });
	expect(narrowed("os:debian or cvss>5")).toMatchObject({ sides: [false, false] });
	expect(narrowed("tags:a or asset:b").sides).toEqual([true, false]);
	expect(narrowed("not requirement:8.3.9").sides).toEqual([false, true]);
	expect(narrowed("result:seen and firstFound<2020").sides).toEqual([false, false]);
	expect(narrowed("severity>=4").severities).toEqual([4, 5]);
	expect(narrowed("status:[FIXED, NEW] and type:confirmed").opens.toSorted()).toEqual([0, 1, 3]);
	expect(narrowed("status is null").opens).toEqual([2]);
});

test("pages are those of the whole list also where findings are many blocks of columns, whatever changes between them", () => {
	const db = openFilled();
	const columns = new FindingColumns(db);
	db.exec(`
		WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 9000)
		INSERT INTO finding (asset, signature, address, port, protocol, instance, id, severity, type, status, open, first_found, last_found,
			last_fixed, times_found, scan, change, source, result, excepted)
		SELECT n / 1501 + 1, n % 5 + 1, '40a00000' || (n % 7), n, 6, iif(n % 11 = 0, 'www', ''), (n * 7919) % 9001 + 1, n % 5 + 1, n % 2 + 1, 2,
			1, n / 40, (n * 31) % 300, NULL, n % 9, 1, 1, 'network', 1, 0 FROM n`);
	db.exec("INSERT INTO counter (key, n) VALUES ('open:3', 9000) ON CONFLICT DO UPDATE SET n = 9000");
	const changes = [
		"UPDATE finding SET first_found = 500 - id % 7, severity = 6 - severity WHERE port % 1500 = 3",
		"DELETE FROM finding WHERE asset = 2 AND port % 3 = 0",
		"UPDATE OR IGNORE finding SET asset = 1 WHERE asset = 3 AND port < 3100",
		"UPDATE finding SET address = '6' || hex(port), instance = 'i' || (port % 3), last_found = 1000 WHERE id % 97 = 0",
		"UPDATE signature SET title = 'another', cvss = 3.5 WHERE id = 2",
		"UPDATE asset SET name = 'zz', stakes = 9 WHERE id = 4",
		"UPDATE finding SET status = 3, open = 0 WHERE port % 5 = 2 AND asset = 5 AND type < 3",
		"UPDATE finding SET type = 3, status = NULL, open = 2 WHERE port % 13 = 1",
		"UPDATE asset SET name = 'host-' || (id * 7 % 6)",
		"UPDATE signature SET points = id * 13 % 5, qid = 2000 - id WHERE id < 4",
	];
	const field = fc.constantFrom(...Object.keys(findingSorts));
	const keys = fc.uniqueArray(fc.record({ field, descending: fc.boolean() }), {
		selector: (one) => one.field,
		...{ minLength: 1, maxLength: 3 },
	});
	const text = fc.constantFrom(
		"",
		"",
		"severity>=4",
		"timesFound:3",
		"port>8900",
		"status:FIXED",
		"type:information",
		"os:debian",
		"instance:www",
	);
	const asked = fc.tuple(fc.constantFrom(null, ...changes), keys, text, fc.nat(8_000));
	fc.assert(
		fc.property(asked, ([change, sort, filter, deep]) => {
			if (change !== null) db.exec(change);
			const { where: compiled, named, plan } = compileFilter(filter, findingFields, { now: 0 });
			const scope = findingScope(named);
			const where = scoped(compiled, scope) ?? { sql: "1", params: [] };
			const order = orderOf(listing, sort);
			const whole = db
				.prepare(
					`SELECT ${pageColumns(order)}, f.id FROM finding f ${joined} WHERE ${where.sql} ORDER BY ${orderBy(order)}`,
				)
				.all(...where.params) as unknown as ({ id: number } & PageColumns)[];
			for (const at of [0, deep % (whole.length + 1), whole.length]) {
				const last = whole[at - 1];
				const after = last === undefined ? null : placeOf(cursorAt(order, last), order);
				const query = { where, narrow: narrowFindings(plan, scope), order, after, limit: 40 };
				const page = pageOfFindings(db, { columns: "f.id", joined }, query, columns);
				if (page === null) continue;
				expect(page.rows.map(({ id }) => id)).toEqual(whole.slice(at, at + 40).map(({ id }) => id));
				if (page.total !== null) expect(page.total).toBe(whole.length);
			}
		}),
		{ numRuns: 50 },
	);
	expect(columns.rows).toBeGreaterThan(8_000);
});
