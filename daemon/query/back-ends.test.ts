import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressKey } from "./address-key.ts";
import { comparisons, type Literal, type Query } from "./ast.ts";
import { sqlOf } from "./condition-sql.ts";
import { FactsReader } from "./facts.ts";
import type { FieldCatalogue } from "./fields.ts";
import { registerQueryFunctions } from "./functions.ts";
import { planOf } from "./plan.ts";
import { fragmentOf } from "./plan-sql.ts";
import { addNeeds, noNeeds, planTest } from "./plan-test.ts";
import { printQuery } from "./print.ts";
import { textFits, wordsOf, wordTest } from "./words.ts";

const now = Date.UTC(2026, 2, 15, 12);
const port = { kind: "int", sql: "p.port" } as const;
const service = { kind: "text", sql: "p.service" } as const;
const catalogue: FieldCatalogue = {
	fields: {
		id: { kind: "int", sql: "h.id" },
		name: { kind: "text", sql: "h.name" },
		os: { kind: "text", sql: "h.os", few: { table: "host", column: "os" } },
		"host.name": { kind: "text", sql: "h.name" },
		"host.os": { kind: "text", sql: "h.os", few: { table: "host", column: "os" } },
		"host.cvss": { kind: "number", sql: "h.cvss" },
		address: { kind: "ip", sql: "h.address" },
		severity: { kind: "severity", sql: "h.severity" },
		cvss: { kind: "number", sql: "h.cvss" },
		status: { kind: "enum", sql: "h.status", values: { NEW: 1, FIXED: 3 } },
		seen: { kind: "date", sql: "h.seen" },
		made: { kind: "date", sql: "h.made", storedAs: "iso" },
		key: { kind: "keyword", sql: "h.key" },
		tls: { kind: "bool", sql: "h.tls" },
		cves: { kind: "keyword", sql: "h.cves", many: true },
		port: {
			exists: {
				tables: "port p",
				on: "p.host = h.id",
				from: { row: "h.id", select: (condition) => `SELECT p.host FROM port p WHERE ${condition}`, when: "few" },
				fields: { port, service, "more.port": port, "more.service": service },
				default: "port",
			},
		},
	},
	bare: ["name", "os", "key", "cves", "address", "port.service"],
};

const db = new DatabaseSync(":memory:");
registerQueryFunctions(db);
db.exec(`CREATE TABLE host (id INTEGER PRIMARY KEY, name TEXT NOT NULL, os TEXT, address BLOB, severity INTEGER, cvss REAL,
	status INTEGER, seen INTEGER, made TEXT, key TEXT, tls INTEGER, cves TEXT) STRICT;
	CREATE TABLE port (host INTEGER, port INTEGER, service TEXT) STRICT; CREATE INDEX host_os ON host (os);`);

const words = [
	"web",
	"Web-01",
	"db.example.org",
	"WINDOWS Server",
	"Debian 12",
	"10.0.0.5",
	"CVE-2024-3094",
	"straße",
	"a_b",
	"*",
	"%",
];
const text = fc.oneof(
	fc.constantFrom(...words),
	fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 3 }).map((some) => some.join(" ")),
	fc.string({ unit: "grapheme", maxLength: 8 }).map((made) => made.replaceAll("\0", "")),
);
const addresses = ["10.0.0.5", "10.0.1.7", "2001:db8::7", "192.0.2.1"];
const dates = [now, now - 3_600_000, now - 86_400_000, Date.UTC(2025, 11, 31, 23, 59, 59, 999), Date.UTC(2026, 2, 1)];
const orNull = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null, freq: 4 });
const host = fc.record({
	name: text,
	os: orNull(fc.constantFrom("Debian 12", "Windows Server 2019", "Windows 10", "")),
	address: orNull(fc.constantFrom(...addresses).map((one) => addressKey(one))),
	severity: orNull(fc.integer({ min: 1, max: 5 })),
	cvss: orNull(fc.constantFrom(0, 4, 7.5, 9.8, 10)),
	status: orNull(fc.constantFrom(1, 2, 3)),
	seen: orNull(fc.constantFrom(...dates)),
	made: orNull(fc.constantFrom(...dates).map((at) => new Date(at).toISOString())),
	key: orNull(text),
	tls: orNull(fc.constantFrom(0, 1)),
	cves: fc
		.array(fc.constantFrom("CVE-2024-3094", "cve-2021-44228"), { maxLength: 2 })
		.map((some) => JSON.stringify(some)),
	ports: fc.array(fc.tuple(orNull(fc.constantFrom(22, 80, 443)), orNull(fc.constantFrom("ssh", "http proxy"))), {
		maxLength: 3,
	}),
});
type Host = typeof host extends fc.Arbitrary<infer T> ? T : never;

const literal = (made: fc.Arbitrary<string>): fc.Arbitrary<Literal> =>
	fc.record({
		style: fc.constantFrom("words" as const, "phrase" as const, "exact" as const),
		text: made,
		at: fc.constant(0),
	});
const wild = (made: fc.Arbitrary<string>) =>
	fc
		.tuple(fc.boolean(), made, fc.boolean())
		.map(([before, one, after]) => `${before ? "*" : ""}${one}${after ? "*" : ""}`);
const values: Record<string, fc.Arbitrary<Literal>> = {
	id: literal(fc.constantFrom("1", "2", "-3")),
	severity: literal(fc.constantFrom("1", "3", "urgent", "5")),
	cvss: literal(fc.constantFrom("4", "7.5", "9.81")),
	status: literal(fc.constantFrom("new", "FIXED")),
	seen: literal(fc.constantFrom("now", "now-1d", "now-1h", "2026-03-15", "2025", "2026-03")),
	made: literal(fc.constantFrom("now", "2025-12-31", "2026-03-01T00:00", "2026")),
	address: literal(fc.constantFrom(...addresses, "10.0.0.0/23", "10.*", "2001:db8::/32", "10.0.0.0-10.0.1.255")),
	tls: literal(fc.constantFrom("yes", "false")),
	port: literal(fc.constantFrom("22", "443", "8080")),
};
const texts = literal(
	wild(text)
		.filter((one) => one.trim() !== "")
		.map((one) => one.trim().replace(/\s+/g, " ")),
);
const ordered = ["id", "severity", "cvss", "seen", "made", "address", "port", "port.port"];
const fields = ["id", "name", "os", "severity", "cvss", "status", "seen", "made", "key", "tls", "cves", "address"];
const children = ["port", "port.port", "port.service", "port.more.service"];
const literalFor = (path: string) => values[path.endsWith("port") ? "port" : path] ?? texts;

function conditionOn(paths: readonly string[]): fc.Arbitrary<Query> {
	const at = fc.constant(0);
	const anywhere = fc.constantFrom(...paths);
	const inOrder = fc.constantFrom(...paths.filter((path) => ordered.includes(path)));
	return fc.oneof(
		anywhere.chain((path) =>
			fc.record({
				...{ kind: fc.constant("compare" as const), path: fc.constant(path), at },
				op: fc.constantFrom(...(ordered.includes(path) ? comparisons : ([":", "="] as const))),
				value: literalFor(path),
			}),
		),
		inOrder.chain((path) =>
			fc.record({
				...{
					kind: fc.constant("range" as const),
					path: fc.constant(path),
					at,
					from: literalFor(path),
					to: literalFor(path),
				},
				...{ fromIncluded: fc.boolean(), toIncluded: fc.boolean() },
			}),
		),
		anywhere.chain((path) =>
			fc.record({
				...{ kind: fc.constant("list" as const), path: fc.constant(path), at },
				values: fc.array(literalFor(path), { minLength: 1, maxLength: 3 }),
			}),
		),
		fc.record({ kind: fc.constant("null" as const), path: anywhere, at, negated: fc.boolean() }),
		texts.map((value) => ({ kind: "bare" as const, value })),
		fc.record({
			...{ kind: fc.constant("match" as const), at, how: fc.constant("contains" as const) },
			...{ path: fc.constantFrom(...paths.filter((path) => literalFor(path) === texts)), text },
		}),
		fc.record({
			...{ kind: fc.constant("match" as const), at, how: fc.constant("regex" as const) },
			path: fc.constantFrom(...paths.filter((path) => literalFor(path) === texts)),
			text: fc.constantFrom("^w", "(web|deb)", "[0-9]+$", "."),
		}),
	);
}

function queryOver(paths: readonly string[], nested: boolean): fc.Arbitrary<Query> {
	return fc.letrec<{ query: Query }>((tie) => ({
		query: fc.oneof(
			{ depthSize: "small", withCrossShrink: true },
			conditionOn(paths),
			fc.record({ kind: fc.constant("not" as const), term: tie("query") }),
			fc.record({
				kind: fc.constantFrom("and" as const, "or" as const),
				terms: fc.array(tie("query"), { minLength: 2, maxLength: 3 }),
			}),
			...(nested ? nestedQueries() : []),
		),
	})).query;
}

function nestedQueries(): fc.Arbitrary<Query>[] {
	const under = (path: string, paths: readonly string[]) =>
		fc.record({
			...{ kind: fc.constant("nested" as const), path: fc.constant(path), at: fc.constant(0) },
			term: queryOver(paths, false),
		});
	return [
		under("port", ["port", "service"]),
		under("port.more", ["port", "service"]),
		under("host", ["name", "os", "cvss"]),
	];
}

function store(hosts: readonly Host[]): void {
	db.exec("DELETE FROM host; DELETE FROM port");
	for (const [index, { ports, ...cells }] of hosts.entries()) {
		const row = [index + 1, ...Object.values(cells)];
		db.prepare(`INSERT INTO host VALUES (${row.map(() => "?").join(",")})`).run(...row);
		for (const [number, name] of ports) db.prepare("INSERT INTO port VALUES (?, ?, ?)").run(index + 1, number, name);
	}
}

test("SQL and memory find the same, whatever is asked of whatever there is", () => {
	fc.assert(
		fc.property(
			fc.array(host, { minLength: 1, maxLength: 5 }),
			fc.array(queryOver([...fields, ...children], true), { minLength: 1, maxLength: 6 }),
			(hosts, queries) => {
				store(hosts);
				for (const query of queries) {
					const plan = planOf(query, catalogue, now, new Set());
					const { sql, params } = fragmentOf(plan);
					const bySql = db.prepare(`SELECT h.id FROM host h WHERE ${sql} ORDER BY h.id`).all(...params);
					const needs = noNeeds();
					addNeeds(plan, needs);
					const reader = new FactsReader(db, "host h", "h.id", needs);
					const fits = planTest(plan);
					const byMemory = hosts.map((_, index) => index + 1).filter((id) => fits(reader.read(id)));
					expect(byMemory, printQuery(query)).toEqual(bySql.map(({ id }) => id));
				}
			},
		),
		{ numRuns: 700 },
	);
});

test("what SQLite's search spares a call finds the same texts", () => {
	const letter = fc.constantFrom(
		"a",
		"a",
		"B",
		"7",
		"\u0301",
		".",
		" ",
		"-",
		"\u0130",
		"\u212a",
		"\u0391\u03a3",
		"%",
		"_",
	);
	const textOf = (most: number) => fc.array(letter, { maxLength: most }).map((letters) => letters.join(""));
	const star = fc.constantFrom(...(["words", "end", "within"] as const));
	fc.assert(
		fc.property(textOf(8), textOf(3), star, fc.boolean(), (text, piece, kind, hasEnd) => {
			const before = kind === "words" ? "" : "*";
			const asked = wordTest(`${before}${piece.replaceAll("*", "")}${kind === "within" ? "*" : ""}`);
			if (asked === null) return;
			const given = hasEnd ? `${text}\0b` : text;
			const { sql, params } = sqlOf({ sql: "given.text" }, { kind: "text", test: asked });
			const found = db.prepare(`SELECT (${sql}) AS fits FROM (SELECT ? AS text) given`).get(...params, given);
			// It ends at a NUL, and so may miss what comes after.
			if (hasEnd && found?.fits === 0) return;
			expect(found?.fits).toBe(textFits(asked, given) ? 1 : 0);
		}),
		{ numRuns: 1_000 },
	);
});

describe("words", () => {
	test("of ASCII are those of the segmenter", () => {
		const segmenter = new Intl.Segmenter("en", { granularity: "word" });
		const piece = fc.oneof(
			fc.constantFrom(..."ab01_.,;:'\"-/ \t\n@"),
			fc.integer({ min: 0, max: 127 }).map((code) => String.fromCharCode(code)),
		);
		fc.assert(
			fc.property(
				fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")),
				(given) => {
					const segments = Array.from(segmenter.segment(given.toLowerCase()));
					expect(wordsOf(given)).toEqual(segments.flatMap((one) => (one.isWordLike === true ? one.segment : [])));
				},
			),
			{ numRuns: 5_000 },
		);
	});

	test.each<[string, string[]]>([
		["10,125", ["10,125"]],
		["10.134", ["10.134"]],
		["qualys.corp.com", ["qualys.corp.com"]],
		["102354.qualys", ["102354", "qualys"]],
		["CVE-2024-3094", ["cve", "2024", "3094"]],
		["foo_bar 10.10.10.10", ["foo_bar", "10.10.10.10"]],
		["a,b;c-d [e]?@$%&/\\f", ["a", "b", "c", "d", "e", "f"]],
		["", []],
	])("%s", (given, expected) => {
		expect(wordsOf(given)).toEqual(expected);
	});

	test.each<[string, string, boolean]>([
		["corp", "qualys.corp.com", false],
		["qualys", "qualys.corp.com", true],
		["*corp.com", "qualys.corp.com", true],
		["*corp*", "qualys.corp.com", true],
		["2354", "102354.qualys", false],
		["1023", "102354.qualys", true],
		["web-01", "web-01.example.org", true],
	])("%s in %s", (word, given, expected) => {
		const asked = wordTest(word);
		expect(asked !== null && textFits(asked, given)).toBe(expected);
	});
});
