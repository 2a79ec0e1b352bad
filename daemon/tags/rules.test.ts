import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AppError } from "../../protocol/errors.ts";
import type { TagRule } from "../../protocol/model/tag.ts";
import { ingestHost } from "../assess/ingest.ts";
import { memoryStore, sampleHost, sampleKnowledge } from "../assess/testdata/hosts.ts";
import { listTagged } from "../store/asset-tags.ts";
import { createTag } from "../store/tags.ts";
import { assetsOfRule } from "./evaluate.ts";
import { retagAsset } from "./live-rules.ts";
import { ruleQuery } from "./rule-query.ts";
import { readElements } from "./xml-elements.ts";

const at = 1_700_000_000_000;
const store = memoryStore(at);
for (let n = 1; n <= 3; n++) ingestHost(store, sampleKnowledge, sampleHost(`127.0.0.${n}`, 1, at));
store.db.exec(`UPDATE asset SET os = 'Debian GNU/Linux 12', name = 'web-1.example.org' WHERE id = 1;
	UPDATE asset SET os = 'Windows Server 2019', last_scan = last_scan - 100 * 86400000, first_seen = 0 WHERE id = 2;`);
const qidOf = (name: string) => Number(store.db.prepare("SELECT qid FROM signature WHERE name = ?").get(name)?.qid);
const fits = (rule: TagRule) => assetsOfRule(store.db, rule, at + 1_000);
const criteria = (body: string): TagRule => ({
	kind: "asset-search",
	text: `<?xml version="1.0" encoding="UTF-8"?>\n<TAG_CRITERIA>${body}</TAG_CRITERIA>`,
});

describe("what a rule fits", () => {
	test.each<[TagRule["kind"], string, number[] | null]>([
		["static", "", null],
		["network-range", "127.0.0.2-3, 10.0.0.0/8", [2, 3]],
		["network-range", "127.0.0.0/30 192.0.2.1", [1, 2, 3]],
		["os-regex", ".*Linux.*", [1]],
		["os-regex", "^windows server 20(16|19)$", [2]],
		["name-contains", "EB-1", [1]],
		["name-contains", "127.0.0.3", [3]],
		["open-ports", "6379, 1", [1, 2, 3]],
		["open-ports", "1", []],
		["vuln-exist", String(qidOf("redis/open")), [1, 2, 3]],
		["vuln-exist", String(qidOf("host/os")), [1, 2, 3]],
		["vuln-exist", "45179", []],
		["installed-software", "openssl", []],
		["query", "os:linux or name:127.0.0.3", [1, 3]],
		["query", "lastScan < now-90d", [2]],
	])("%s %s", (kind, text, expected) => {
		expect(fits({ kind, text })).toEqual(expected);
	});

	test("one asset at a time it fits the same", () => {
		const texts: [TagRule["kind"], string][] = [
			["network-range", "127.0.0.2-3, 10.0.0.0/8"],
			["os-regex", ".*Linux.*"],
			["name-contains", "EB-1"],
			["open-ports", "6379, 1"],
			["vuln-exist", String(qidOf("redis/open"))],
			["query", "os:linux or name:127.0.0.3"],
			["query", "lastScan < now-90d"],
			["query", "vulnerabilities:(severity>3 and not status:FIXED) and not os is null"],
			["query", "not tags:t2"],
		];
		const words = { colour: null, description: "", favourite: false, criticality: null, parent: null };
		const tags = texts.map(([kind, text], at0) =>
			createTag(store.db, { ...words, name: `t${at0}`, rule: { kind, text } }, at),
		);
		for (const id of [1, 2, 3]) retagAsset(store.db, id, at + 1_000);
		for (const { id, rule } of tags) expect(listTagged(store.db, id), rule.text).toEqual(fits(rule));
		store.db.exec("UPDATE asset SET name = 'eb-1' WHERE id = 3");
		expect(retagAsset(store.db, 3, at + 1_000)).toBe(true);
		expect(retagAsset(store.db, 3, at + 1_000)).toBe(false);
		for (const { id, rule } of tags) expect(listTagged(store.db, id), rule.text).toEqual(fits(rule));
		store.db.exec("UPDATE asset SET name = '127.0.0.3' WHERE id = 3");
	});

	test("saved searches", () => {
		const list = `<QID_LIST><QID>${qidOf("redis/open")}</QID><QID>7</QID></QID_LIST>`;
		const results = (term: string) =>
			`<RESULTS><SEARCH_TYPE>CONTAINING</SEARCH_TYPE><SEARCH_TERM>${term}</SEARCH_TERM></RESULTS>`;
		const days = (name: string, type: string) => `<${name}><SEARCH_TYPE>${type}</SEARCH_TYPE><DAYS>90</DAYS></${name}>`;
		expect(fits(criteria(`<DETECTION>${list}</DETECTION>`))).toEqual([1, 2, 3]);
		expect(fits(criteria(`<DETECTION>${list}${results("nothing of that")}</DETECTION>`))).toEqual([]);
		expect(fits(criteria(`<DETECTION>${list}${results("see")}</DETECTION>`))).toEqual([1, 2, 3]);
		expect(fits(criteria("<OPEN_PORTS><PORT>6379</PORT><PORT>2</PORT></OPEN_PORTS>"))).toEqual([1, 2, 3]);
		expect(fits(criteria(days("LAST_SCAN_DATE", "WITHIN")))).toEqual([1, 3]);
		expect(fits(criteria(days("LAST_SCAN_DATE", "NOT_WITHIN")))).toEqual([2]);
		expect(fits(criteria(days("LAST_SCAN_DATE", "NOT_WITHIN") + days("FIRST_FOUND_DATE", "NOT_WITHIN")))).toEqual([2]);
		expect(
			fits(criteria(`<!-- all --><OPEN_PORTS><PORT>6379</PORT></OPEN_PORTS>${days("LAST_SCAN_DATE", "WITHIN")}`)),
		).toEqual([1, 3]);
	});
});

describe("what a rule is refused for", () => {
	test.each<[TagRule["kind"], string, RegExp]>([
		["network-range", "", /empty/],
		["network-range", "example.org", /not an address/],
		["network-range", "10.0.0.9-10.0.0.1", /backwards/],
		["os-regex", "(unclosed", /cannot be read/],
		["os-regex", "(?=x)", /cannot be read/],
		["os-regex", "(a{1,1000}){1,100}", /costs too much|cannot be read/],
		["open-ports", "80, http", /"http" is not a port/],
		["open-ports", "0", /not a port/],
		["vuln-exist", "CVE-2024-3094", /not a QID/],
		["query", "oss:debian", /no field "oss"/],
		["asset-search", "<TAG_CRITERIA></TAG_CRITERIA>", /empty/],
		["asset-search", "<OTHER/>", /OTHER is not supported/],
		["asset-search", "<TAG_CRITERIA><TRACKING_METHOD/></TAG_CRITERIA>", /TRACKING_METHOD is not supported/],
		["asset-search", "<TAG_CRITERIA><OPEN_PORTS/></TAG_CRITERIA>", /no PORT/],
		["asset-search", "<TAG_CRITERIA><OPEN_PORTS><PORT>x</PORT></OPEN_PORTS></TAG_CRITERIA>", /not a port/],
		["asset-search", "<TAG_CRITERIA><OPEN_PORTS a='1'/></TAG_CRITERIA>", /cannot be read/],
		["asset-search", "<!DOCTYPE x><TAG_CRITERIA/>", /cannot be read/],
		["asset-search", "<TAG_CRITERIA>", /never closed/],
		["asset-search", "<TAG_CRITERIA></OTHER>", /no beginning/],
		["asset-search", "<TAG_CRITERIA>&bomb;</TAG_CRITERIA>", /stands for nothing/],
		[
			"asset-search",
			"<TAG_CRITERIA><DETECTION><QID_LIST><QID>1</QID></QID_LIST><RESULTS><SEARCH_TYPE>REGEX</SEARCH_TYPE><SEARCH_TERM>x</SEARCH_TERM></RESULTS></DETECTION></TAG_CRITERIA>",
			/SEARCH_TYPE REGEX is not supported/,
		],
		["asset-search", "<TAG_CRITERIA><DETECTION><RESULTS/></DETECTION></TAG_CRITERIA>", /no QID_LIST/],
		[
			"asset-search",
			"<TAG_CRITERIA><LAST_SCAN_DATE><SEARCH_TYPE>BEFORE</SEARCH_TYPE><DAYS>1</DAYS></LAST_SCAN_DATE></TAG_CRITERIA>",
			/BEFORE is not supported/,
		],
	])("%s %s", (kind, text, message) => {
		expect(() => fits({ kind, text })).toThrow(message);
	});
});

test("no XML does anything but be read or refused", () => {
	const piece = fc.constantFrom(
		...[
			"<TAG_CRITERIA>",
			"</TAG_CRITERIA>",
			"<OPEN_PORTS>",
			"</OPEN_PORTS>",
			"<PORT>",
			"</PORT>",
			"80",
			"&amp;",
			"&#x41;",
		],
		...["&#x110000;", "<![CDATA[", "]]>", "<!--", "-->", "<a/>", "<?xml?>", " ", "<", ">", "&"],
	);
	const text = fc.oneof(
		fc.string({ unit: "binary" }),
		fc.array(piece).map((pieces) => pieces.join("")),
	);
	fc.assert(
		fc.property(text, (xml) => {
			try {
				readElements(xml);
				ruleQuery({ kind: "asset-search", text: xml });
			} catch (err) {
				if (!(err instanceof AppError && err.code === "invalid")) throw err;
			}
		}),
		{ numRuns: 3_000 },
	);
});
