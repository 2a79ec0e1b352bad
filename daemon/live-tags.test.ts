import { beforeEach, expect, test } from "vitest";
import { ingestHost } from "./assess/ingest.ts";
import { memoryStore, sampleHost, sampleKnowledge } from "./assess/testdata/hosts.ts";
import { LiveTags } from "./live-tags.ts";
import type { AddressSet } from "./scope/address-set.ts";
import { exclusionSet } from "./scope/exclusion-set.ts";
import { TargetLists } from "./scope/target-lists.ts";
import { parseExclusions, parseTargets } from "./scope/targets.ts";
import { putTag, takeTag } from "./store/asset-tags.ts";
import { setGroup } from "./store/settings-concurrency.ts";
import { addExclusions } from "./store/settings-exclusions.ts";
import { noSettings } from "./store/settings-schema.ts";
import { createTag, deleteTag } from "./store/tags.ts";
import { targetSourcesOf } from "./target-sources.ts";

const at = 1_700_000_000_000;
const words = { colour: null, description: "", favourite: false, criticality: null };
let store = memoryStore(at);
let lists = new TargetLists(() => at);
const sources = () => targetSourcesOf(store, lists, async () => []);
const by = { why: "me", at };

beforeEach(() => {
	store = memoryStore(at);
	lists = new TargetLists(() => at);
	for (let n = 1; n <= 3; n++) ingestHost(store, sampleKnowledge, sampleHost(`127.0.0.${n}`, 1, at));
});

function tagged(name: string, assets: readonly number[], ranges?: string): number {
	const rule =
		ranges === undefined ? { kind: "static" as const, text: "" } : { kind: "network-range" as const, text: ranges };
	const { id } = createTag(store.db, { ...words, name, rule, parent: null }, at);
	putTag(store.db, id, assets, by);
	return id;
}

test("as a target a tag is what carries it; what its rule is written with has to be asked for", async () => {
	tagged("Web servers", [1, 3]);
	tagged("Lab", [2], "127.0.7.0/30");
	const read = await parseTargets(['tag:"web servers"', "TAG:Lab"], sources());
	expect(read.addresses.toText()).toEqual([["127.0.0.1", "127.0.0.3"]]);
	expect(read.meanings.map(({ title }) => title)).toEqual(['tag:"Web servers"', "tag:Lab"]);
	expect((await parseTargets(["tag-ranges:Lab"], sources())).addresses.size).toBe(5);
	const list = lists.add(undefined, { packed: "", targets: ["tag:Lab", "127.0.9.9"] }).list;
	expect([...(await parseTargets([`list:${list}`], sources())).addresses]).toEqual(["127.0.0.2", "127.0.9.9"]);
});

test("a tag there is not, and one that nothing carries, say what to do", async () => {
	tagged("Empty", []);
	await expect(parseTargets(["tag:Nothing"], sources())).rejects.toThrow(/no tag "Nothing"/);
	await expect(parseTargets(["tag:Empty"], sources())).rejects.toMatchObject({
		message: 'Nothing carries the tag "Empty" now.',
		hint: expect.stringContaining("tag-ranges:Empty"),
	});
	await expect(parseTargets(["tag:"], sources())).rejects.toThrow(/names no tag/);
});

test("an exclusion by a tag follows it, reaches its ranges, and outlives it", async () => {
	const tag = tagged("Lab", [2], "127.0.7.0/30");
	const then = await parseExclusions(["tag:Lab"], sources());
	expect(then.size).toBe(5);
	const exclusion = { target: "tag:lab", ranges: then.toText() };
	putTag(store.db, tag, [1], by);
	takeTag(store.db, tag, [2]);
	expect([...(await exclusionSet([exclusion], sources()))].slice(0, 1)).toEqual(["127.0.0.1"]);
	deleteTag(store.db, { id: tag, name: "Lab" });
	expect((await exclusionSet([exclusion], sources())).toText()).toEqual(then.toText());
	tagged("Later", []);
	expect((await parseExclusions(["tag:Later"], sources())).size, "it may be named before anything carries it").toBe(0);
});

test("what begins or ceases to carry a tag is told once, and no host that has nothing to do with it", () => {
	const [excluded, limited] = [tagged("Fragile", [1]), tagged("Thin line", [3])];
	const data = structuredClone(noSettings);
	const change = { at: new Date(at).toISOString(), by: "me" };
	addExclusions(data, [{ target: "tag:fragile", ranges: [], comment: "c", expiresAt: null }], change);
	const limit = { ratePerSecond: 10, inFlight: 2, comment: "", setAt: change.at, setBy: "me" };
	setGroup(data, { name: "thin", targets: ['tag:"Thin line"', "127.0.8.8"], ranges: [], ...limit });
	const told: string[][] = [];
	let call = () => {};
	const tags = new LiveTags({
		...{ settings: { data }, sources: sources(), now: () => at },
		onChanged: (addresses: AddressSet) => void told.push([...addresses]),
		setTimer(_, later) {
			call = later;
			return () => {};
		},
	});
	const holds = () => tags.groups()[0]?.ranges;
	expect(holds()).toEqual([
		["127.0.0.3", "127.0.0.3"],
		["127.0.8.8", "127.0.8.8"],
	]);
	const look = () => {
		tags.inventoryChanged();
		tags.inventoryChanged();
		call();
	};
	look();
	expect(told).toEqual([]);
	putTag(store.db, excluded, [2], by);
	look();
	takeTag(store.db, limited, [3]);
	look();
	look();
	expect(told).toEqual([["127.0.0.2"], ["127.0.0.3"]]);
	expect(holds()).toEqual([["127.0.8.8", "127.0.8.8"]]);
	deleteTag(store.db, { id: limited, name: "Thin line" });
	look();
	expect(holds(), "a tag that is gone leaves what was written down").toEqual([]);
	tags.close();
});
