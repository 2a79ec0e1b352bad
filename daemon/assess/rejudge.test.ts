import { expect, test } from "vitest";
import { findAsset } from "../store/assets.ts";
import { findingEvents, listFindings } from "../store/findings.ts";
import { overview } from "../store/overview.ts";
import { ingestHost } from "./ingest.ts";
import { rejudge } from "./rejudge.ts";
import {
	checkOf,
	coverageOf,
	knowledgeOf,
	memoryStore,
	sampleHost,
	sampleKnowledge,
	signatureOf,
} from "./testdata/hosts.ts";

const t0 = 1_700_000_000_000;
const everything = { where: { sql: "1", params: [] }, sort: null, limit: 100, cursor: null };
const mysqlOnly = checkOf(signatureOf("mysql/old", "mysql", 3, "potential"), (record) => record.kind === "mysql");

test("a new signature opens, a withdrawn one closes as corrected, the rest is untouched", async () => {
	const store = memoryStore(t0 + 5000);
	for (let n = 1; n <= 45; n++) ingestHost(store, sampleKnowledge, sampleHost(`127.0.0.${n}`, 1, t0));
	const before = listFindings(store.db, { ...everything, limit: 1000 }).items;
	const kept = sampleKnowledge.checksFor("mysql");
	const outcome = await rejudge(store, knowledgeOf([...kept, mysqlOnly], "2"));
	expect(outcome).toEqual({ assets: 45, opened: 45, corrected: 45 });

	const after = listFindings(store.db, { ...everything, limit: 1000 }).items;
	const of = (signature: string) => after.filter((finding) => finding.signature === signature);
	expect(of("mysql/old").map(({ status }) => status)).toEqual(Array(45).fill("NEW"));
	expect(of("redis/open").map(({ status }) => status)).toEqual(Array(45).fill("FIXED"));
	expect(of("redis/version")).toEqual([]);
	expect(of("mysql/reachable")).toEqual(before.filter(({ signature }) => signature === "mysql/reachable"));
	expect(findingEvents(store.db, of("redis/open")[0]!.id).map(({ kind }) => kind)).toEqual(["new", "corrected"]);
	expect(findAsset(store.db, { name: "127.0.0.7" })?.findings).toEqual({ "1": 0, "2": 0, "3": 1, "4": 1, "5": 0 });
	expect(overview(store.db, { now: t0, knowledge: sampleKnowledge.status() }).findings).toMatchObject({
		"3": 45,
		"5": 0,
	});
	expect((await rejudge(store, knowledgeOf([...kept, mysqlOnly], "2"))).assets).toBe(0);
});

test("a signature that comes back reopens", async () => {
	const store = memoryStore(t0 + 5000);
	ingestHost(store, sampleKnowledge, sampleHost("127.0.0.1", 1, t0));
	await rejudge(store, knowledgeOf([], "2"));
	await rejudge(store, { ...sampleKnowledge, version: "3" });
	const [finding] = listFindings(store.db, everything).items;
	expect(finding).toMatchObject({ signature: "redis/open", status: "REOPENED", timesFound: 2 });
});

test("a finding whose port has closed does not come back from old evidence", async () => {
	const store = memoryStore(t0 + 5000);
	ingestHost(store, sampleKnowledge, sampleHost("127.0.0.1", 1, t0));
	const coverage = coverageOf("127.0.0.1", [], { closedTcp: [[1, 65_535]] });
	ingestHost(store, sampleKnowledge, { ...sampleHost("127.0.0.1", 2, t0 + 1000), records: [], coverage });
	expect(await rejudge(store, { ...sampleKnowledge, version: "2" })).toEqual({ assets: 1, opened: 0, corrected: 0 });
	expect(listFindings(store.db, { ...everything, where: null }).total).toBe(0);
});

test("an undecided check changes nothing", async () => {
	const store = memoryStore(t0 + 5000);
	ingestHost(store, sampleKnowledge, sampleHost("127.0.0.1", 1, t0));
	const undecided = knowledgeOf(
		sampleKnowledge.signatures.map((signature) => checkOf(signature, () => null)),
		"2",
	);
	expect(await rejudge(store, undecided)).toEqual({ assets: 1, opened: 0, corrected: 0 });
});
