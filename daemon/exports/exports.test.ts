import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exceptionKinds } from "../../protocol/model/exception.ts";
import { type ExportFormat, exportFormats } from "../../protocol/model/export.ts";
import {
	addRequest,
	exported,
	installation,
	opensslLine,
	sampleFindings,
	sampleStore,
	sourceOf,
} from "./sample.test-support.ts";

const schemaFile = (name: string) =>
	JSON.parse(readFileSync(fileURLToPath(new URL(`../../test/fixtures/schemas/${name}`, import.meta.url)), "utf8"));

/** Drafts 4 and 7 differ, in what these schemas use, in where the name of a schema stands. */
function draft7({ id, $schema: _, ...rest }: Record<string, unknown>): Record<string, unknown> {
	return { ...(typeof id === "string" ? { $id: id.replace(/\?.*$/, "") } : {}), ...rest };
}

function validators(): Readonly<Record<"sarif" | "openvex" | "csaf" | "ocsf", (value: unknown) => unknown>> {
	const options = { strict: false, allErrors: true, validateFormats: true, formats };
	const [older, newer] = [new Ajv(options), new Ajv2020(options)];
	for (const version of ["2.0", "3.0", "3.1"]) {
		const schema = draft7(schemaFile(`cvss-v${version}.json`));
		newer.addSchema({ ...schema, $id: `https://www.first.org/cvss/cvss-v${version}.json` });
	}
	const check = (ajv: Ajv, schema: object) => {
		const validate = ajv.compile(schema);
		return (value: unknown) => (validate(value) ? null : validate.errors);
	};
	return {
		sarif: check(older, draft7(schemaFile("sarif-schema-2.1.0.json"))),
		openvex: check(newer, schemaFile("openvex-0.2.0.json")),
		csaf: check(newer, schemaFile("csaf-2.0.json")),
		ocsf: check(newer, schemaFile("ocsf-vulnerability-finding.json")),
	};
}

const isUri = (text: string) => /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]*$/i.test(text);
const formats = {
	"date-time": (text: string) =>
		/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text) && !Number.isNaN(Date.parse(text)),
	...{ uri: isUri, iri: isUri, "uri-reference": (text: string) => !/[\s<>"{}|\\^`]/.test(text) },
};

const validate = validators();
const { parse } = JSON;

function documentsOf(format: ExportFormat, text: string): unknown[] {
	return format === "ocsf" || format === "jsonl"
		? text
				.trimEnd()
				.split("\n")
				.map((line) => parse(line))
		: [parse(text)];
}

describe("public schemas", () => {
	test.each(["sarif", "openvex", "csaf", "ocsf"] as const)("%s", (format) => {
		const { text } = exported(sampleStore(), format);
		for (const document of documentsOf(format, text)) expect(validate[format](document)).toBe(null);
	});

	test.each(["sarif", "openvex", "csaf", "ocsf"] as const)("%s: the schema does refuse", (format) => {
		const [document] = documentsOf(format, exported(sampleStore(), format).text) as Record<string, unknown>[];
		const [key] = { sarif: ["runs"], openvex: ["statements"], csaf: ["document"], ocsf: ["metadata"] }[format];
		expect(validate[format]({ ...document, [key as string]: undefined })).not.toBe(null);
		expect(validate[format]({ ...document, [key as string]: "no" })).not.toBe(null);
	});
});

describe("hostile texts", () => {
	const anyText = fc.oneof(
		fc.string({ unit: "binary", maxLength: 60 }),
		fc.constantFrom("\u001b[2J", "=cmd|' /C calc'!A0", "\u202egpj.exe", 'a",b\r\n=1', "</script>", "\u009b31m", "-1+2"),
	);
	const steering = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

	/** The same findings, with other texts each time. */
	const renamed = () => {
		const places = [1, 2, 3].map((port) => ({ asset: port, signature: "redis/no-password", port }));
		const store = sampleStore(places);
		const text = store.db.prepare("UPDATE result SET text = ? WHERE id = ?");
		const asset = store.db.prepare("UPDATE asset SET name = ?");
		return (texts: readonly string[], name: string) => {
			for (const [at, one] of texts.entries()) text.run(one, at + 1);
			asset.run(name);
			return store;
		};
	};
	const threeTexts = fc.array(anyText, { minLength: 3, maxLength: 3 });

	test.each(exportFormats)("%s: no control character, and still what it is", (format) => {
		const showing = renamed();
		fc.assert(
			fc.property(threeTexts, anyText, (texts, name) => {
				const { text } = exported(showing(texts, name), format, { author: "A", filter: name });
				expect(text).not.toMatch(steering);
				if (format === "csv") expect(readCsv(text).length).toBe(4);
				else {
					for (const document of documentsOf(format, text)) {
						if (format !== "json" && format !== "jsonl") expect(validate[format](document)).toBe(null);
					}
				}
			}),
		);
	});

	test("no cell of a table is a formula", () => {
		const showing = renamed();
		fc.assert(
			fc.property(threeTexts, anyText, (texts, name) => {
				const { text } = exported(showing(texts, name), "csv");
				for (const cell of readCsv(text).flat()) expect(cell).not.toMatch(/^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/);
			}),
		);
	});
});

/** RFC 4180, strictly. */
function readCsv(text: string): string[][] {
	const rows: string[][] = [];
	let row: string[] = [];
	for (const [, quoted, plain = "", end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
		row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
		if (end === "\n") rows.push(row);
		if (end === "\n") row = [];
	}
	const length = rows[0]?.length;
	expect(rows.every((one) => one.length === length)).toBe(true);
	return rows;
}

describe("identifiers", () => {
	test("a finding has one, in every format and every time", () => {
		const store = sampleStore();
		const uids = (format: ExportFormat) => new Set(exported(store, format).text.match(uuid5));
		const wanted = new Set(
			readCsv(exported(store, "csv").text)
				.slice(1)
				.map(([uid]) => uid),
		);
		expect(wanted.size).toBe(sampleFindings.length);
		for (const format of ["json", "jsonl", "sarif", "ocsf"] as const) {
			expect([...uids(format)]).toEqual(expect.arrayContaining([...wanted]));
			expect(uids(format)).toEqual(uids(format));
		}
	});

	test("another inventory's are others", () => {
		const other = exported(sampleStore(), "jsonl", { installation: "ffffffff-6f0e-4c0e-9d6b-2f3b6a1d5e70" });
		const own = exported(sampleStore(), "jsonl");
		const uids = new Set<string>(own.text.match(uuid5));
		expect(other.text.match(uuid5)?.some((uid) => uids.has(uid))).toBe(false);
		expect(installation).not.toMatch(uuid5);
	});

	const uuid5 = /[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;
});

describe("what VEX says", () => {
	const openssl = (version: string) => `pkg:deb/debian/openssl@${version}?arch=source&distro=debian-12`;

	test("a version of a package is affected wherever it is, and the fixed one is fixed on its host", () => {
		const { statements } = parse(exported(sampleStore(), "openvex").text);
		const of = (name: string) =>
			statements.filter((one: { vulnerability: { name: string } }) => one.vulnerability.name === name);
		expect(of("CVE-2024-0001")).toMatchObject([
			{
				status: "affected",
				products: [{ "@id": openssl("3.0.11-1~deb12u1") }],
				action_statement: "Update openssl to 3.0.11-1~deb12u2 or later.",
			},
			{ status: "fixed", products: [{ subcomponents: [{ "@id": openssl("3.0.11-1~deb12u2") }] }] },
		]);
		expect(of("redis/no-password")).toMatchObject([{ status: "affected", action_statement: "Set requirepass." }]);
		expect(of("CVE-2023-48795")).toMatchObject([{ status: "under_investigation" }]);
		expect(of("host/names")).toEqual([]);
	});

	test("where two hosts differ, the package is told of each host", () => {
		const open = { signature: "advisory/CVE-2024-0001", result: opensslLine, fix: 1 };
		const store = sampleStore([
			{ asset: 1, ...open },
			{ asset: 2, ...open, fix: 5 },
		]);
		const [{ products: first }, { products: second }] = parse(exported(store, "openvex").text).statements;
		expect([...first, ...second].map((one) => one.subcomponents[0]["@id"])).toEqual(
			Array(2).fill(openssl("3.0.11-1~deb12u1")),
		);
		expect(first[0]["@id"]).not.toBe(second[0]["@id"]);
	});

	test("CSAF knows every product it speaks of, each once, in one status", () => {
		const { vulnerabilities, product_tree: tree } = parse(exported(sampleStore(), "csaf").text);
		const placed = tree.relationships.map((one: { full_product_name: object }) => one.full_product_name);
		const known = [...tree.full_product_names, ...placed].map((one: { product_id: string }) => one.product_id);
		expect(new Set(known).size).toBe(known.length);
		for (const { product_status: status } of vulnerabilities) {
			const ids = Object.values<string[]>(status).flat();
			expect(new Set(ids).size).toBe(ids.length);
			expect(known).toEqual(expect.arrayContaining(ids));
		}
		const cves = vulnerabilities.flatMap((one: { cve?: string }) => one.cve ?? []);
		expect(cves).toEqual([...new Set(cves)]);
	});

	test.each(["openvex", "csaf"] as const)("%s: an empty document is refused", (format) => {
		const store = sampleStore([{ asset: 1, signature: "host/names", type: 3 }]);
		expect(() => exported(store, format)).toThrow("nothing to state");
	});
});

describe("decisions", () => {
	const decided = () => {
		const store = sampleStore();
		addRequest(store, 1, { kind: "false-positive", state: "approved", reason: "it is a honeypot" });
		addRequest(store, 2, { kind: "risk-accepted", state: "requested", reason: "until March" });
		addRequest(store, 3, { kind: "risk-accepted", state: "approved", reason: "switched off soon" });
		return store;
	};

	test.each(["sarif", "openvex", "csaf", "ocsf"] as const)("%s: still what its schema asks for", (format) => {
		for (const document of documentsOf(format, exported(decided(), format).text)) {
			expect(validate[format](document)).toBe(null);
		}
	});

	test("SARIF: suppressions, accepted or under review", () => {
		const [{ results }] = parse(exported(decided(), "sarif").text).runs;
		const of = (id: number) =>
			results.find((one: { properties: { id: number } }) => one.properties.id === id).suppressions;
		expect(of(1)).toMatchObject([{ kind: "external", status: "accepted", justification: "it is a honeypot" }]);
		expect(of(2)).toMatchObject([{ kind: "external", status: "underReview", properties: { requester: "unix:alice" } }]);
		expect(of(4)).toEqual([]);
	});

	test("VEX: not affected with a justification, under investigation, or affected with what is done about it", () => {
		const { statements } = parse(exported(decided(), "openvex").text);
		const of = (name: string) =>
			statements.find((one: { vulnerability: { name: string } }) => one.vulnerability.name === name);
		expect(of("redis/no-password")).toMatchObject({
			...{ status: "not_affected", justification: "vulnerable_code_not_present", impact_statement: "it is a honeypot" },
		});
		expect(of("CVE-2023-48795").status).toBe("under_investigation");
		expect(of("CVE-2024-0002").action_statement).toBe("Risk accepted until 2024-02-12: switched off soon");
		const { vulnerabilities } = parse(exported(decided(), "csaf").text);
		const redis = vulnerabilities.find(
			(one: { ids?: { text: string }[] }) => one.ids?.[0]?.text === "redis/no-password",
		);
		expect(redis.flags).toMatchObject([{ label: "vulnerable_code_not_present" }]);
		expect(redis.threats).toMatchObject([{ category: "impact", details: "it is a honeypot" }]);
	});

	test.each(exceptionKinds)("VEX: %s of one host says nothing of the package on others", (kind) => {
		const store = sampleStore([{ asset: 1, signature: "advisory/CVE-2024-0001", result: opensslLine, fix: 1 }]);
		const products = () => parse(exported(store, "openvex").text).statements[0].products;
		const [{ "@id": everywhere }] = products();
		expect(everywhere).toMatch(/^pkg:/);
		addRequest(store, 1, { kind, state: "approved", reason: "only here" });
		expect(products()).toMatchObject([
			{ "@id": expect.stringMatching(/^urn:uuid:/), subcomponents: [{ "@id": everywhere }] },
		]);
		const { product_tree: tree } = parse(exported(store, "csaf").text);
		expect(JSON.stringify(tree)).toContain("host-1");
	});

	test("what is exploited, and how likely that is: of a CVE that has a check of its own", () => {
		const store = sampleStore([{ asset: 1, signature: "advisory/CVE-2024-0001", result: opensslLine, fix: 1 }]);
		store.db.exec("UPDATE signature SET kev = 1, epss = 0.91");
		const [{ threats, notes }] = parse(exported(store, "csaf").text).vulnerabilities;
		expect(threats).toMatchObject([{ category: "exploit_status", details: expect.stringContaining("CISA") }]);
		expect(notes).toContainEqual({ category: "other", text: "0.91", title: "EPSS" });
		expect(validate.csaf(parse(exported(store, "csaf").text))).toBeNull();
		const [head = [], row = []] = readCsv(exported(store, "csv").text);
		const cell = Object.fromEntries(head.map((title, at) => [title, row[at]]));
		expect(cell).toMatchObject({ kev: "true", epss: "0.91", ticket: "" });
	});

	test("CSV: who asked, who approved and why", () => {
		const [head = [], row = []] = readCsv(exported(decided(), "csv").text);
		const cell = Object.fromEntries(head.map((title, at) => [title, row[at]]));
		expect(cell).toMatchObject({ excepted: "true", decision: "false-positive", decision_approver: "unix:bob" });
	});
});

test("SARIF: rules with help for every result, in their order", () => {
	const [run] = parse(exported(sampleStore(), "sarif").text).runs;
	for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
	for (const rule of run.tool.driver.rules) expect(rule.help.text).not.toBe("");
});

test("what left the inventory meanwhile is counted", () => {
	const store = sampleStore();
	const { source } = exported(store, "csv");
	expect({ rows: source.rows, gone: source.gone }).toEqual({ rows: sampleFindings.length, gone: 0 });
	const late = sourceOf(store, "jsonl");
	store.db.exec("DELETE FROM finding WHERE asset = 2");
	expect([...late.findings()].length).toBe(3);
	expect(late.gone).toBe(3);
});
