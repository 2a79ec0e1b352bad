import { beforeEach, describe, expect, test } from "vitest";
import type { TagRule } from "../../protocol/model/tag.ts";
import { ingestHost } from "../assess/ingest.ts";
import { memoryStore, sampleHost, sampleKnowledge } from "../assess/testdata/hosts.ts";
import { listTagged, putTag } from "../store/asset-tags.ts";
import { findAssetDetail } from "../store/assets.ts";
import { createTag, deleteTag, findTag, listTags, saveTag } from "../store/tags.ts";
import { refuseCircle } from "./dependencies.ts";
import { evaluateTag, evaluateWithDependents, fitsAll, previewRule } from "./evaluate.ts";
import { meaningOfTag } from "./meaning.ts";
import { ruleInWords, ruleQuery } from "./rule-query.ts";

const at = 1_700_000_000_000;
let store = memoryStore(at);
const ingest = (n: number) => ingestHost(store, sampleKnowledge, sampleHost(`127.0.0.${n}`, 1, at));
const words = { colour: null, description: "", favourite: false, criticality: null };
const tagOf = (name: string, rule: TagRule = { kind: "static", text: "" }, parent: number | null = null) =>
	createTag(store.db, { ...words, name, rule, parent }, at);
const network = (text: string): TagRule => ({ kind: "network-range", text });

beforeEach(() => {
	store = memoryStore(at);
	for (let n = 1; n <= 3; n++) ingest(n);
});

describe("rules", () => {
	test("a rule is put on what it fits, and taken off what it no longer fits", () => {
		const tag = tagOf("Low", network("127.0.0.1-2"));
		expect(evaluateTag(store.db, tag, at)).toMatchObject({ matches: 2, added: [1, 2], removed: [] });
		const changed = saveTag(
			store.db,
			tag.id,
			{ ...words, name: "Low", parent: null, rule: network("127.0.0.2-3") },
			at,
		);
		expect(previewRule(store.db, tag.id, changed.rule, { now: at, names: 5 })).toEqual({
			...{ means: null, matches: 2, of: 3, adds: 1, removes: 1, added: ["127.0.0.3"], removed: ["127.0.0.1"] },
		});
		evaluateTag(store.db, changed, at);
		expect(listTagged(store.db, tag.id)).toEqual([2, 3]);
		expect(findTag(store.db, "low")?.assets).toBe(2);
	});

	test("a rule that fits all assets with an address fits everything; one that leaves one of them out does not", () => {
		const all = (text: string) => fitsAll(store.db, network(text), at);
		expect([all("127.0.0.0/8"), all("127.0.0.1-2")]).toEqual([true, false]);
		store.db.exec("DELETE FROM asset_address WHERE asset = 3");
		expect([all("127.0.0.1-2"), all("127.0.0.1")]).toEqual([true, false]);
		expect(fitsAll(store.db, { kind: "query", text: "id>1" }, at)).toBe(false);
		expect(fitsAll(store.db, { kind: "static", text: "" }, at)).toBe(false);
	});

	test("a saved asset search is told as the query it means; what cannot be read means nothing", () => {
		const search = (text: string): TagRule => ({ kind: "asset-search", text });
		const ports = "<OPEN_PORTS><PORT>443</PORT><PORT>8443</PORT></OPEN_PORTS>";
		const days = "<LAST_SCAN_DATE><SEARCH_TYPE>WITHIN</SEARCH_TYPE><DAYS>90</DAYS></LAST_SCAN_DATE>";
		const means = ruleInWords(search(`<TAG_CRITERIA>${ports}${days}</TAG_CRITERIA>`));
		expect(means).toBe("openPorts.port:[443, 8443] and lastScan >= now-90d");
		expect(ruleQuery({ kind: "query", text: means ?? "" })).not.toBeNull();
		expect(ruleInWords(search("<TAG_CRITERIA>"))).toBeNull();
		expect(ruleInWords(network("10.0.0.0/8"))).toBeNull();
	});

	test("evidence that comes in changes the tags of its host in the same transaction", () => {
		const tag = tagOf("Redis", { kind: "query", text: "service:redis" });
		const other = tagOf("Fourth", network("127.0.0.4"));
		evaluateTag(store.db, tag, at);
		const { assetId } = ingest(4);
		expect(listTagged(store.db, other.id)).toEqual([assetId]);
		expect(listTagged(store.db, tag.id)).toEqual([1, 2, 3, assetId]);
		expect(findAssetDetail(store.db, { id: assetId ?? 0 })?.asset.tags).toEqual(["Fourth", "Redis"]);
	});

	test("a rule may name tags, and follows them", () => {
		const low = tagOf("Low", network("127.0.0.1"));
		const rest = tagOf("Above", { kind: "query", text: "not tags:Low" });
		evaluateWithDependents(store.db, low.id, at);
		expect(listTagged(store.db, rest.id)).toEqual([2, 3]);
		saveTag(store.db, low.id, { ...words, name: "Low", parent: null, rule: network("127.0.0.1-2") }, at);
		evaluateWithDependents(store.db, low.id, at);
		expect(listTagged(store.db, rest.id)).toEqual([3]);
		const { assetId } = ingest(2);
		expect(listTagged(store.db, rest.id)).not.toContain(assetId);
	});

	test("rules that go in a circle are refused, with the way round", () => {
		const a = tagOf("Alpha", { kind: "query", text: "not tags:Beta" });
		const b = tagOf("Beta", { kind: "query", text: "tags.name:Gamma" });
		tagOf("Gamma");
		expect(() => refuseCircle(listTags(store.db), b)).not.toThrow();
		const circle = { ...b, rule: { kind: "query" as const, text: "tags:[Alpha, Gamma]" } };
		expect(() => refuseCircle(listTags(store.db), circle)).toThrow("Beta -> Alpha -> Beta");
		expect(() => refuseCircle(listTags(store.db), { ...a, rule: { kind: "query", text: "criticality > 3" } })).toThrow(
			/circle/,
		);
	});

	test("an asset's criticality is the highest of its tags, 2 where a tag has none", () => {
		const of = (text: string) => previewRule(store.db, null, { kind: "query", text }, { now: at, names: 9 }).added;
		const tag = tagOf("One");
		const five = createTag(store.db, { ...words, name: "Five", parent: null, rule: tag.rule, criticality: 5 }, at);
		putTag(store.db, tag.id, [1, 2], { why: "me", at });
		putTag(store.db, five.id, [2], { why: "me", at });
		expect(of("criticality:2")).toEqual(["127.0.0.1"]);
		expect(of("criticality:5")).toEqual(["127.0.0.2"]);
		expect(of("criticality is null")).toEqual(["127.0.0.3"]);
	});
});

describe("the tree", () => {
	test("names are unique among siblings; a path says which", () => {
		const a = tagOf("A");
		const b = tagOf("B");
		tagOf("Prod", undefined, a.id);
		tagOf("prod", undefined, b.id);
		expect(() => tagOf("PROD", undefined, a.id)).toThrow(/already/);
		expect(() => findTag(store.db, "Prod")).toThrow(/Several/);
		expect(findTag(store.db, "b/prod")?.path).toBe("B/prod");
		expect(listTags(store.db).map(({ path }) => path)).toEqual(["A", "A/Prod", "B", "B/prod"]);
	});

	test("no tag is below itself, and none is deleted from above others", () => {
		const a = tagOf("A");
		const b = tagOf("B", undefined, a.id);
		expect(() => saveTag(store.db, a.id, { ...a, parent: b.id }, at)).toThrow(/below itself/);
		expect(() => saveTag(store.db, a.id, { ...a, parent: a.id }, at)).toThrow(/below itself/);
		expect(() => deleteTag(store.db, a)).toThrow(/"B"/);
		deleteTag(store.db, b);
		deleteTag(store.db, a);
		expect(listTags(store.db)).toEqual([]);
	});

	test("as a target a tag means the tags below it too, and the ranges of its rule when they are asked for", () => {
		const a = tagOf("A");
		const b = tagOf("B", network("127.0.0.2, 127.0.7.0/24"), a.id);
		putTag(store.db, a.id, [1], { why: "me", at });
		evaluateTag(store.db, b, at);
		const meaning = meaningOfTag(store.db, "a");
		expect(meaning?.assets).toEqual([1, 2]);
		expect(meaning?.addresses.toText()).toEqual([["127.0.0.1", "127.0.0.2"]]);
		expect(meaningOfTag(store.db, "a", { descendants: false })?.assets).toEqual([1]);
		expect(meaningOfTag(store.db, "a", { ranges: true })?.addresses.size).toBe(258);
		expect(meaningOfTag(store.db, "nothing")).toBeNull();
	});
});
