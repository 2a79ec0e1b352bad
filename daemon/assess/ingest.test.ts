import type { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import type { EvidenceRecord } from "../evidence/record.ts";
import { findAssetDetail, listAssets } from "../store/assets.ts";
import { findFinding, findingEvents, listFindings } from "../store/findings.ts";
import { overview } from "../store/overview.ts";
import { type HostEvidence, ingestHost } from "./ingest.ts";
import {
	coverageOf,
	hostRecord,
	memoryStore,
	mysqlRecord,
	portOf,
	redisRecord,
	sampleHost,
	sampleKnowledge,
} from "./testdata/hosts.ts";

const t0 = 1_700_000_000_000;
const all = { where: null, sort: null, limit: 100, cursor: null };
const everything = { ...all, where: { sql: "1", params: [] } };

/** Every row of every table: what "changes nothing" is held against. */
function dump(db: DatabaseSync): string {
	const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
	return JSON.stringify(tables.map(({ name }) => [name, db.prepare(`SELECT * FROM "${name}"`).all()]));
}

function statuses(db: DatabaseSync): Record<string, string | null> {
	return Object.fromEntries(
		listFindings(db, everything).items.map((finding) => [`${finding.address} ${finding.signature}`, finding.status]),
	);
}

describe("a first look at a host", () => {
	test("makes an asset with services, identifiers, evidence and findings", () => {
		const store = memoryStore();
		const { db } = store;
		const host = { ...sampleHost("127.0.0.9", 1, t0), hostname: "Db.Example.Org" };
		const outcome = ingestHost(store, sampleKnowledge, host);
		expect(outcome.created).toBe(true);
		expect(outcome.changes.map(({ signature, change, port }) => [signature, change, port])).toEqual([
			["redis/open", "new", 6379],
			["redis/version", "new", 6379],
			["mysql/reachable", "new", 3306],
			["host/os", "new", null],
		]);
		const detail = findAssetDetail(db, { name: "db.example.org" });
		expect(detail?.asset).toMatchObject({
			name: "db.example.org",
			addresses: ["127.0.0.9"],
			os: "Debian 12",
			openPorts: 2,
			findings: { "4": 1, "5": 1 },
		});
		expect(detail?.services.map(({ port, name, version }) => [port, name, version])).toEqual([
			[3306, "mysql", "10.11.6"],
			[6379, "redis", "7.0.15"],
		]);
		expect(detail?.identifiers.map(({ kind, value }) => `${kind} ${value}`)).toEqual([
			"ip 127.0.0.9",
			"name db.example.org",
		]);
		expect(detail?.records.map(({ kind, scan }) => [kind, scan])).toContainEqual(["redis", 1]);
		expect(findAssetDetail(db, { name: "127.0.0.9" })?.asset.id).toBe(detail?.asset.id);
	});

	test("lists open findings worst first, information left out", () => {
		const store = memoryStore();
		ingestHost(store, sampleKnowledge, sampleHost("127.0.0.9", 1, t0));
		const page = listFindings(store.db, all);
		expect(page.items.map(({ signature, status, severity }) => [signature, status, severity])).toEqual([
			["redis/open", "NEW", 5],
			["mysql/reachable", "NEW", 4],
		]);
		expect(page.total).toBe(2);
	});
});

describe("the same host result twice", () => {
	test.each([1, null])("changes nothing and tells the same (scan %s)", (scan) => {
		const store = memoryStore();
		const first = ingestHost(store, sampleKnowledge, sampleHost("127.0.0.9", scan, t0));
		const before = dump(store.db);
		const second = ingestHost(store, sampleKnowledge, sampleHost("127.0.0.9", scan, t0));
		expect(dump(store.db)).toBe(before);
		expect(second).toEqual({ ...first, created: false });
	});

	test("also when it found something again, and when it fixed something", () => {
		const store = memoryStore();
		ingestHost(store, sampleKnowledge, sampleHost("127.0.0.9", 1, t0));
		const rescan: HostEvidence = {
			...sampleHost("127.0.0.9", 2, t0 + 1000),
			records: [redisRecord("127.0.0.9", t0 + 900), mysqlRecord("127.0.0.9", t0 + 900, "not allowed")],
		};
		const first = ingestHost(store, sampleKnowledge, rescan);
		const before = dump(store.db);
		expect(ingestHost(store, sampleKnowledge, rescan)).toEqual(first);
		expect(dump(store.db)).toBe(before);
	});

	test("a re-probe in the same scan does not count as another sighting", () => {
		const store = memoryStore();
		ingestHost(store, sampleKnowledge, sampleHost("127.0.0.9", 1, t0));
		ingestHost(store, sampleKnowledge, sampleHost("127.0.0.9", 1, t0 + 5000));
		const [finding] = listFindings(store.db, all).items;
		expect(finding).toMatchObject({ status: "NEW", timesFound: 1 });
	});
});

describe("lifecycle", () => {
	test("NEW, ACTIVE, FIXED, REOPENED, ACTIVE with its log", () => {
		const store = memoryStore();
		const scan = (n: number, open: boolean) =>
			ingestHost(store, sampleKnowledge, {
				...sampleHost("127.0.0.9", n, t0 + n * 1000),
				records: [redisRecord("127.0.0.9", t0 + n * 1000, open)],
			});
		const seen: unknown[] = [];
		for (const [index, open] of [true, true, true, false, false, true, true].entries()) {
			scan(index + 1, open);
			seen.push(statuses(store.db)["127.0.0.9 redis/open"]);
		}
		expect(seen).toEqual(["NEW", "ACTIVE", "ACTIVE", "FIXED", "FIXED", "REOPENED", "ACTIVE"]);
		const finding = listFindings(store.db, all).items[0]!;
		expect(finding.timesFound).toBe(5);
		expect(finding.firstFound).toBe(new Date(t0 + 1000).toISOString());
		expect(findingEvents(store.db, finding.id).map(({ kind, scan: by }) => [kind, by])).toEqual([
			["new", 1],
			["found", 2],
			["fixed", 4],
			["reopened", 6],
			["found", 7],
		]);
	});

	test("scan A finds on h1 and h2; scan B of h1 alone leaves h2", () => {
		const store = memoryStore();
		for (const address of ["127.0.0.1", "127.0.0.2"]) {
			ingestHost(store, sampleKnowledge, sampleHost(address, 1, t0));
		}
		ingestHost(store, sampleKnowledge, {
			...sampleHost("127.0.0.1", 2, t0 + 1000),
			records: [],
			coverage: coverageOf("127.0.0.1", [], { closedTcp: [[1, 65_535]] }),
		});
		expect(statuses(store.db)).toMatchObject({
			"127.0.0.1 mysql/reachable": "FIXED",
			"127.0.0.2 mysql/reachable": "NEW",
			"127.0.0.2 redis/open": "NEW",
		});
	});

	test.each([
		["a port that was not asked", coverageOf("127.0.0.9", [portOf(3306, "answered", ["mysql"])])],
		["a silent port", coverageOf("127.0.0.9", [portOf(6379, "silent")])],
		["an open port nobody recognised", coverageOf("127.0.0.9", [portOf(6379, "unknown")])],
		["a probe that failed", coverageOf("127.0.0.9", [portOf(6379, "answered", ["http"], ["redis"])])],
		["a dead host", coverageOf("127.0.0.9", [], { alive: false, closedTcp: [[1, 65_535]] })],
		["another host", coverageOf("127.0.0.8", [], { closedTcp: [[1, 65_535]] })],
	])("%s closes nothing", (_, coverage) => {
		const store = memoryStore();
		ingestHost(store, sampleKnowledge, sampleHost("127.0.0.9", 1, t0));
		ingestHost(store, sampleKnowledge, { ...sampleHost("127.0.0.9", 2, t0 + 1000), records: [], coverage });
		expect(statuses(store.db)["127.0.0.9 redis/open"]).toBe("NEW");
		expect(findAssetDetail(store.db, { name: "127.0.0.9" })?.services.map(({ port }) => port)).toContain(6379);
	});

	test("another protocol answering closes, removes information, and the evidence goes with it", () => {
		const store = memoryStore();
		ingestHost(store, sampleKnowledge, sampleHost("127.0.0.9", 1, t0));
		const outcome = ingestHost(store, sampleKnowledge, {
			...sampleHost("127.0.0.9", 2, t0 + 1000),
			records: [],
			coverage: coverageOf("127.0.0.9", [portOf(6379, "answered", ["ssh"])]),
		});
		expect(outcome.changes).toMatchObject([{ signature: "redis/open", change: "fixed" }]);
		expect(statuses(store.db)).toEqual({
			"127.0.0.9 redis/open": "FIXED",
			"127.0.0.9 mysql/reachable": "NEW",
			"127.0.0.9 host/os": null,
		});
		expect(findAssetDetail(store.db, { name: "127.0.0.9" })?.records.map(({ kind }) => kind)).toEqual([
			"host",
			"mysql",
		]);
	});

	test("undecided and incomplete records open but never close", () => {
		const store = memoryStore();
		ingestHost(store, sampleKnowledge, sampleHost("127.0.0.9", 1, t0));
		const incomplete = { ...redisRecord("127.0.0.9", t0 + 900, false), complete: false };
		const untold = mysqlRecord("127.0.0.9", t0 + 900);
		untold.data.serverVersion = null;
		ingestHost(store, sampleKnowledge, { ...sampleHost("127.0.0.9", 2, t0 + 1000), records: [incomplete, untold] });
		expect(statuses(store.db)).toMatchObject({ "127.0.0.9 redis/open": "NEW", "127.0.0.9 mysql/reachable": "NEW" });
	});

	test("a dead address nothing is known of makes no asset", () => {
		const store = memoryStore();
		const dead = { ...sampleHost("127.0.0.9", 1, t0), coverage: coverageOf("127.0.0.9", [], { alive: false }) };
		expect(ingestHost(store, sampleKnowledge, dead)).toEqual({ assetId: null, created: false, changes: [] });
		expect(listAssets(store.db, all).total).toBe(0);
	});
});

test("the dashboard's figures are those of the rows", () => {
	const store = memoryStore();
	for (let n = 1; n <= 20; n++) ingestHost(store, sampleKnowledge, sampleHost(`127.0.1.${n}`, 1, t0));
	for (let n = 1; n <= 5; n++) {
		ingestHost(store, sampleKnowledge, {
			...sampleHost(`127.0.1.${n}`, 2, t0 + 86_400_000),
			records: [redisRecord(`127.0.1.${n}`, t0, false), hostRecord(`127.0.1.${n}`, t0)],
		});
	}
	const figures = overview(store.db, { now: t0 + 2 * 86_400_000, knowledge: sampleKnowledge.status() });
	expect(figures).toMatchObject({
		assets: 20,
		services: 40,
		findings: { "4": 20, "5": 15 },
		byType: { confirmed: 35, potential: 0, information: 40 },
		byStatus: { NEW: 35, ACTIVE: 0, FIXED: 5, REOPENED: 0 },
		topServices: [
			{ name: "mysql", count: 20 },
			{ name: "redis", count: 20 },
		],
	});
	expect(figures.topFindings).toEqual([
		{ signature: "redis/open", title: "title of redis/open", severity: 5, assets: 15 },
		{ signature: "mysql/reachable", title: "title of mysql/reachable", severity: 4, assets: 20 },
	]);
	expect(figures.trend.map(({ day, findings }) => [day, findings["5"]])).toEqual([
		["2023-11-14", 20],
		["2023-11-15", 15],
		["2023-11-16", 15],
	]);
	expect(findFinding(store.db, 1)?.signature).toBe("redis/open");
});

test("a scan of one port leaves the others in the list of open ports", () => {
	const store = memoryStore();
	const ports = (at: number, ...open: number[]): EvidenceRecord => ({
		kind: "ports",
		address: "127.0.0.9",
		port: 0,
		protocol: "tcp",
		source: "network",
		complete: true,
		observedAt: at,
		data: {
			open: open.map((port) => ({ port, protocol: "tcp", service: null, product: null, version: null, tls: false })),
			probed: 1,
			closed: 0,
			filtered: 0,
		},
	});
	const listed = () => {
		const record = findAssetDetail(store.db, { id: 1 })?.records.find(({ kind }) => kind === "ports");
		return (record!.data as { open: { port: number }[] }).open.map(({ port }) => port);
	};
	const host = sampleHost("127.0.0.9", 1, t0);
	ingestHost(store, sampleKnowledge, { ...host, records: [...host.records, ports(t0, 3306, 6379)] });
	const one = coverageOf("127.0.0.9", [portOf(22, "unknown")], { hostKinds: ["ports"] });
	ingestHost(store, sampleKnowledge, {
		...sampleHost("127.0.0.9", 2, t0 + 1),
		records: [ports(t0 + 1, 22)],
		coverage: one,
	});
	expect(listed()).toEqual([22, 3306, 6379]);
	const closed = coverageOf("127.0.0.9", [portOf(22, "unknown")], { hostKinds: ["ports"], closedTcp: [[3306, 3306]] });
	ingestHost(store, sampleKnowledge, {
		...sampleHost("127.0.0.9", 3, t0 + 2),
		records: [ports(t0 + 2, 22)],
		coverage: closed,
	});
	expect(listed()).toEqual([22, 6379]);
	expect(findAssetDetail(store.db, { id: 1 })?.asset.openPorts).toBe(2);
});

test("texts and bodies nobody refers to any more do not stay behind", async () => {
	const store = memoryStore();
	for (let n = 1; n <= 8; n++) {
		const at = t0 + n * 1000;
		const version = n % 3 === 0 ? null : `7.0.${n}`;
		const records = [
			redisRecord("127.0.0.9", at, n % 2 === 0, version),
			hostRecord("127.0.0.9", at, [`n${n}.example`]),
		];
		ingestHost(store, sampleKnowledge, { ...sampleHost("127.0.0.9", n, at), records });
	}
	const closed = coverageOf("127.0.0.9", [], { closedTcp: [[1, 65_535]] });
	ingestHost(store, sampleKnowledge, { ...sampleHost("127.0.0.9", 9, t0 + 9000), records: [], coverage: closed });
	const uses = store.db
		.prepare(
			`SELECT id, uses, (SELECT count(*) FROM finding WHERE result = r.id) + (SELECT count(*) FROM finding_event
			WHERE result = r.id) AS counted FROM result r`,
		)
		.all();
	expect(uses.length).toBeGreaterThan(0);
	for (const row of uses) expect(row.counted).toBe(row.uses);
	expect(uses.every(({ counted }) => Number(counted) > 0)).toBe(true);
	expect(store.db.prepare("SELECT count(*) AS n FROM body WHERE id NOT IN (SELECT body FROM record)").get()).toEqual({
		n: 0,
	});
});
