import { expect, test } from "vitest";
import { explain as method } from "../../protocol/methods/findings.ts";
import { type ExplainInput, explain } from "./explain.ts";
import { ingestHost } from "./ingest.ts";
import { coverageOf, memoryStore, mysqlRecord, portOf, sampleHost, sampleKnowledge } from "./testdata/hosts.ts";

const t0 = 1_700_000_000_000;

function ask(input: ExplainInput, change: Parameters<typeof ingestHost>[2] | null = null) {
	const store = memoryStore(t0);
	ingestHost(store, sampleKnowledge, sampleHost("127.0.0.9", 1, t0));
	if (change) ingestHost(store, sampleKnowledge, change);
	return method.result.parse(explain(store, sampleKnowledge, input));
}

test("a finding is explained from evidence to lifecycle, with a command to check", () => {
	const told = ask({ id: 1 });
	expect(told.verdict).toBe("vulnerable");
	expect(told.steps.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
		"signature yes",
		"evidence yes",
		"coverage yes",
		"expression yes",
		"lifecycle yes",
		"verdict yes",
	]);
	expect(told.check).toBe("redis-cli -h 127.0.0.9 -p 6379 INFO server");
	expect(told.steps[0]?.data, "what asks for it where something does").not.toHaveProperty("requirements");
});

test("a CVE on an asset is found by its signature", () => {
	expect(ask({ subject: "CVE-2022-0543", asset: "127.0.0.9" })).toMatchObject({
		question: "Does CVE-2022-0543 apply to 127.0.0.9?",
		verdict: "vulnerable",
	});
});

test("why not: the expression is false, with the values it looked at", () => {
	const rescan = { ...sampleHost("127.0.0.9", 2, t0 + 1), records: [mysqlRecord("127.0.0.9", t0 + 1, "not allowed")] };
	const told = ask({ subject: "mysql/reachable", asset: "1" }, rescan);
	expect(told.verdict).toBe("not-vulnerable");
	expect(told.summary).toContain("was there, closed");
	expect(told.steps.find(({ step }) => step === "expression")).toEqual({
		step: "expression",
		outcome: "no",
		text: 'At 127.0.0.9 port 3306/tcp it is false: error is "not allowed".',
		data: { error: "not allowed" },
	});
});

test("why not: there is no such evidence, and the run met none", () => {
	const knowledge = { ...sampleKnowledge, checksFor: () => [] };
	const store = memoryStore(t0);
	const only = coverageOf("127.0.0.9", [portOf(3306, "answered", ["mysql"])]);
	ingestHost(store, knowledge, { ...sampleHost("127.0.0.9", 1, t0), records: [], coverage: only });
	const told = explain(store, sampleKnowledge, { subject: "redis/open", asset: "127.0.0.9" });
	expect(told.verdict).toBe("unknown");
	expect(told.summary).toContain("met no redis on the one open port");
});

test("why not: the port was not asked this time", () => {
	const subset = coverageOf("127.0.0.9", [portOf(3306, "answered", ["mysql"])]);
	const told = ask({ id: 1 }, { ...sampleHost("127.0.0.9", 2, t0 + 1), records: [], coverage: subset });
	expect(told.verdict).toBe("vulnerable");
	expect(told.steps.find(({ step }) => step === "coverage")?.text).toContain("did not ask this port");
});

test("what nobody looks for is unknown, what is not there is not found", () => {
	expect(ask({ subject: "CVE-1999-0001", asset: "127.0.0.9" })).toMatchObject({
		verdict: "unknown",
		summary: "No signature looks for CVE-1999-0001, and no feed speaks of it.",
	});
	expect(() => ask({ id: 99 })).toThrow("There is no finding 99.");
	expect(() => ask({ subject: "redis/open", asset: "nobody" })).toThrow('There is no asset "nobody".');
	expect(() => ask({})).toThrow("Say which finding");
});
