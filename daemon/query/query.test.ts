import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AppError } from "../../protocol/errors.ts";
import { addressKey } from "./address-key.ts";
import { comparisons, type Literal, type Query } from "./ast.ts";
import { compileFilter } from "./compile.ts";
import type { FieldCatalogue } from "./fields.ts";
import { registerQueryFunctions } from "./functions.ts";
import { parseQuery } from "./parse.ts";
import { printQuery } from "./print.ts";

const now = Date.UTC(2026, 2, 15, 12);
const day = 86_400_000;
const port = { kind: "int", sql: "p.port" } as const;
const catalogue: FieldCatalogue = {
	fields: {
		id: { kind: "int", sql: "h.id" },
		name: { kind: "text", sql: "h.name" },
		address: { kind: "ip", sql: "h.address" },
		os: { kind: "text", sql: "h.os" },
		severity: { kind: "severity", sql: "h.severity" },
		status: { kind: "enum", sql: "h.status", values: { NEW: 1, ACTIVE: 2, FIXED: 3 } },
		lastScan: { kind: "date", sql: "h.last_scan" },
		created: { kind: "date", sql: "h.created", storedAs: "iso" },
		signature: { kind: "keyword", sql: "h.signature" },
		tls: { kind: "bool", sql: "h.tls" },
		openPorts: {
			exists: {
				tables: "port p",
				on: "p.host = h.id",
				fields: { port, service: { kind: "text", sql: "p.service" } },
			},
		},
		port: { exists: { tables: "port p", on: "p.host = h.id", fields: { port }, default: "port" } },
	},
	bare: ["name", "os", "address", "status", "signature", "openPorts.service"],
};

const db = new DatabaseSync(":memory:");
registerQueryFunctions(db);
db.exec(`CREATE TABLE host (id INTEGER PRIMARY KEY, name TEXT, address BLOB, os TEXT, severity INTEGER, status INTEGER,
	last_scan INTEGER, created TEXT, signature TEXT, tls INTEGER);
	CREATE TABLE port (host INTEGER, port INTEGER, service TEXT);`);
const hosts = [
	[1, "web server 1", "10.0.0.5", "Debian 12", 5, 1, now - day, "2026-03-01T10:00:00.000Z", "ssh/terrapin", 1],
	[2, "mail-gate", "10.0.1.5", "Windows Server", 2, 2, now - 100 * day, "2025-12-31T23:59:59.999Z", "tls/expired", 0],
	[3, "O'Brien 100%", "2001:db8::7", null, 3, 3, null, "2026-03-31T00:00:00.000Z", "ssh/weak", 0],
] as const;
for (const row of hosts) {
	const cells = row.map((cell, index) => (index === 2 ? addressKey(String(cell)) : cell));
	db.prepare(`INSERT INTO host VALUES (${cells.map(() => "?").join(",")})`).run(...cells);
}
db.exec("INSERT INTO port VALUES (1,22,'ssh'),(1,443,'https'),(2,25,'smtp'),(2,443,'ssh')");

function matching(text: string): number[] {
	const { where } = compileFilter(text, catalogue, { now });
	const sql = `SELECT h.id AS id FROM host h WHERE ${where?.sql ?? "1"} ORDER BY h.id`;
	return db
		.prepare(sql)
		.all(...(where?.params ?? []))
		.map((row) => Number(row.id));
}

describe("what a filter finds", () => {
	test.each<[string, number[]]>([
		["", [1, 2, 3]],
		["name:web", [1]],
		["name : server web", [1]],
		['name:"server 1"', [1]],
		['name:"server web"', []],
		["name:`web server 1`", [1]],
		["name:`web`", []],
		["name = web", []],
		["name:serv*", [1]],
		["name:erver*", []],
		["name:*gate", [2]],
		["name:O'Brien", [3]],
		["name:100%", [3]],
		["name:1%0", []],
		["name:\u201cweb server\u201d", [1]],
		["os is null", [3]],
		["os is not null", [1, 2]],
		["not os:windows", [1, 3]],
		["not not os:windows", [2]],
		["NOT (os:windows OR os:debian)", [3]],
		["severity:5", [1]],
		["severity:urgent", [1]],
		["severity >= 3", [1, 3]],
		["severity:[2 .. 3]", [2, 3]],
		["severity:(2 .. 5)", [3]],
		["severity:[2..5)", [2, 3]],
		["severity:(2...5]", [1, 3]],
		["severity:[serious, 5]", [1, 3]],
		["status:new", [1]],
		["status:[NEW, `ACTIVE`]", [1, 2]],
		["lastScan:[now-90d .. now]", [1]],
		["not lastScan:[now-90d .. now]", [2, 3]],
		["lastScan < now-90d", [2]],
		["lastScan:2026-03-14", [1]],
		["created:2026-03", [1, 3]],
		["created > 2025", [1, 3]],
		["created >= 2025", [1, 2, 3]],
		["created < 2026", [2]],
		['created:"2026-03-01 10:00"', [1]],
		["created:2026-03-01T10", [1]],
		["address:10.0.0.5", [1]],
		["address:10.0.0.0/23", [1, 2]],
		["address:10.0.1", [2]],
		["address:10.*", [1, 2]],
		["address:10.0.0.1-10.0.0.9", [1]],
		["address:[10.0.0.6 .. 10.0.1.5]", [2]],
		["address:2001:db8::/32", [3]],
		["signature:ssh/*", [1, 3]],
		["signature:SSH/terrapin", [1]],
		["signature:ssh", []],
		["tls:yes", [1]],
		["port:22", [1]],
		["PORT > 100", [1, 2]],
		["openPorts.port:443 and openPorts.service:ssh", [1, 2]],
		["openPorts:(port:443 and service:ssh)", [2]],
		["openPorts:(not service:ssh)", [1, 2]],
		["not openPorts:(service:https)", [2, 3]],
		["openPorts is null", [3]],
		["web", [1]],
		["web debian", [1]],
		["web windows", []],
		['"Server"', [1, 2]],
		["terrapin", [1]],
		["smtp", [2]],
		["10.0.1.0/24", [2]],
		["2001:db8::7", [3]],
		["active", [2]],
		['not"web" and name:*', [2, 3]],
		["name:web or name:gate and severity:5", [1]],
		["(name:web or name:gate) and severity:2", [2]],
	])("%s", (text, expected) => {
		expect(matching(text)).toEqual(expected);
	});

	test("the fields that are named are reported as the catalogue spells them", () => {
		const { named } = compileFilter("STATUS:new or openports.PORT:22 or not (web and name:x)", catalogue, { now });
		expect([...named].sort()).toEqual(["name", "openPorts", "status"]);
	});
});

describe("what a filter is refused for", () => {
	test.each<[string, number, RegExp, RegExp]>([
		["naem:web", 0, /no field "naem"/, /name/],
		["severity:5 and sevrity:4", 15, /no field/, /severity/],
		["openPorts:(prot:22)", 11, /no field "prot"/, /port/],
		["constructor:1", 0, /no field/, /fields are/],
		["severity:high", 9, /not a severity/, /urgent/],
		["severity:6", 9, /not a severity/, /1 to 5/],
		["status:open", 7, /not one of its values/, /FIXED/],
		["id:abc", 3, /whole number/, /^$/],
		["lastScan:2026-02-30", 9, /not a date/, /now-90d/],
		["address:10.0.0.999", 8, /not an address/, /CIDR|10\.0/],
		["name > a", 7, /cannot be compared/, /Use :/],
		["name:[a .. b]", 6, /no order/, /List/],
		["name:(web)", 0, /no parts/, /name:value/],
		["openPorts:22", 0, /several parts/, /openPorts\.port/],
		["name:web severity:5", 9, /side by side/, /and/],
		["name:", 5, /value is missing.*ends too early/, /^$/],
		["(name:web", 0, /never closed/, /^$/],
		["name:web)", 8, /never opened/, /^$/],
		['name:"web', 5, /never closed/, /"/],
		["severity:[1, 2", 9, /never closed/, /\]/],
		["severity:[1 .. 2", 16, /never closed/, /\]/],
		["and name:web", 0, /value is missing/, /quotes/],
		["name:web and", 12, /ends too early/, /^$/],
		[`${"(".repeat(200)}x${")".repeat(200)}`, 100, /deeper/, /^$/],
		["x".repeat(5_000), 4_000, /longer/, /^$/],
	])("%s", (text, position, message, hint) => {
		const error = failure(text);
		expect(error.message).toMatch(message);
		expect(error.details?.position).toBe(position);
		expect(error.hint ?? "").toMatch(hint);
	});
});

function failure(text: string): AppError {
	try {
		compileFilter(text, catalogue, { now });
	} catch (err) {
		if (err instanceof AppError && err.code === "invalid") return err;
		throw err;
	}
	throw new Error(`accepted: ${text}`);
}

const path = fc.constantFrom("name", "status", "openPorts.port", "a_b.c9");
const word = fc
	.stringMatching(/^[A-Za-z0-9*/_%-][A-Za-z0-9*/_%.:'-]{0,8}$/)
	.filter((text) => !/^(and|or|not|is|null)('|$)/i.test(text) && !text.includes("..") && !/^\w[\w.]*:/.test(text));
const literal: fc.Arbitrary<Literal> = fc.oneof(
	fc
		.array(word, { minLength: 1, maxLength: 3 })
		.map((words) => ({ style: "words" as const, text: words.join(" "), at: 0 })),
	fc.string({ unit: "grapheme" }).map((text) => ({ style: "phrase" as const, text: plainQuotes(text), at: 0 })),
	fc.string().map((text) => ({ style: "exact" as const, text: plainQuotes(text), at: 0 })),
);
const plainQuotes = (text: string) => text.replace(/[\u2018-\u201f]/g, "x");
const tree: fc.Arbitrary<Query> = fc.letrec<{ query: Query }>((tie) => ({
	query: fc.oneof(
		{ depthSize: "small", withCrossShrink: true },
		literal.map((value) => ({ kind: "bare" as const, value })),
		fc.record({
			kind: fc.constant("compare" as const),
			path,
			at: fc.constant(0),
			op: fc.constantFrom(...comparisons),
			value: literal,
		}),
		fc.record({ kind: fc.constant("null" as const), path, at: fc.constant(0), negated: fc.boolean() }),
		fc.record({
			kind: fc.constant("list" as const),
			path,
			at: fc.constant(0),
			values: fc.array(literal, { minLength: 1, maxLength: 3 }),
		}),
		fc.record({
			kind: fc.constant("range" as const),
			path,
			at: fc.constant(0),
			from: literal,
			to: literal,
			fromIncluded: fc.boolean(),
			toIncluded: fc.boolean(),
		}),
		fc.record({ kind: fc.constant("not" as const), term: tie("query") }),
		fc.record({ kind: fc.constant("nested" as const), path, at: fc.constant(0), term: tie("query") }),
		fc.record({
			kind: fc.constantFrom("and" as const, "or" as const),
			terms: fc.array(tie("query"), { minLength: 2, maxLength: 3 }),
		}),
	),
})).query;

/** Positions are for messages; everything else must survive. */
function withoutPositions(query: unknown): unknown {
	return JSON.parse(JSON.stringify(query, (key, value) => (key === "at" ? 0 : value)));
}

test("what is printed parses to the same tree", () => {
	fc.assert(
		fc.property(tree, (query) => {
			expect(withoutPositions(parseQuery(printQuery(query)))).toEqual(withoutPositions(query));
		}),
		{ numRuns: 2_000 },
	);
});

const pieces = fc.constantFrom(
	..."( ) [ ] , : = > >= < <= .. ... ' \" ` \\ and or not is null name severity:5 address:10.0.0.0/8 lastScan now-1d * \u201c \u{1f600} \ud800".split(
		" ",
	),
	" ",
);
test("no text does anything but parse or be refused, and what parses runs", () => {
	const text = fc.oneof(
		fc.string({ unit: "binary", maxLength: 60 }),
		fc.array(pieces, { maxLength: 25 }).map((parts) => parts.join("")),
		fc.array(pieces, { maxLength: 25 }).map((parts) => parts.join(" ")),
	);
	fc.assert(
		fc.property(text, (filter) => {
			try {
				matching(filter);
			} catch (err) {
				if (!(err instanceof AppError && err.code === "invalid")) throw err;
				expect(err.details?.position).toBeTypeOf("number");
			}
		}),
		{ numRuns: 10_000 },
	);
});

test("values reach SQLite only as parameters", () => {
	fc.assert(
		fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (secret) => {
			const text = `name:${printQuery({ kind: "bare", value: { style: "phrase", text: plainQuotes(secret), at: 0 } })}`;
			expect(compileFilter(text, catalogue, { now }).where?.sql ?? "").toMatch(
				/^(\(|\)|h\.name|LIKE|\?|ESCAPE|'\\'|AND|query_text_fits|,|IS NOT NULL|\s)*$/,
			);
		}),
	);
});

test("a thousand conditions are within what SQLite takes", () => {
	expect(
		matching(
			Array.from({ length: 570 }, (_, i) => `id:${i}`)
				.join(" or ")
				.slice(0, 3_990)
				.replace(/ or[^0-9]*$/, ""),
		),
	).toEqual([1, 2, 3]);
	expect(matching(`id:[${Array.from({ length: 900 }, (_, i) => i).join(",")}]`)).toEqual([1, 2, 3]);
});
