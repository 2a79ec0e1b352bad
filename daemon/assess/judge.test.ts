import fc from "fast-check";
import { expect, test } from "vitest";
import type { FindingStatus } from "../../protocol/model/finding.ts";
import type { HostCoverage, PortOutcome } from "../evidence/coverage.ts";
import type { EvidenceRecord } from "../evidence/record.ts";
import type { FindingState, PriorFinding } from "../store/finding-writes.ts";
import { judge } from "./judge.ts";
import { coverageOf, hostRecord, portOf, redisRecord, sampleKnowledge } from "./testdata/hosts.ts";

/** What one run looks like from the point of view of the Redis port and of the whole host. */
interface Run {
	alive: boolean;
	port: "not asked" | "closed range" | PortOutcome;
	covered: "kinds" | "failed" | "neither";
	record: "none" | "open" | "clear" | "incomplete clear" | "incomplete open";
}

const address = "127.0.0.5";
const runs: fc.Arbitrary<Run> = fc.record({
	alive: fc.boolean(),
	port: fc.constantFrom("not asked", "closed range", "closed", "answered", "unknown", "silent"),
	covered: fc.constantFrom("kinds", "failed", "neither"),
	record: fc.constantFrom("none", "open", "clear", "incomplete clear", "incomplete open"),
});

/** Only what a probe can bring home: no record without an open port that answered, no coverage of a kind without one. */
function evidenceOf(run: Run, at: number): { records: EvidenceRecord[]; coverage: HostCoverage } {
	const isOpen = run.port === "answered" || run.port === "unknown";
	const record = isOpen && run.covered !== "neither" ? run.record : "none";
	const complete = record === "open" || record === "clear";
	const records = record === "none" ? [] : [{ ...redisRecord(address, at, record.endsWith("open")), complete }];
	const kinds = run.covered === "kinds" && complete ? (["redis"] as const) : [];
	const failed = run.covered === "failed" || (record !== "none" && !complete) ? (["redis"] as const) : [];
	const port =
		run.port === "not asked" || run.port === "closed range" ? [] : [portOf(6379, run.port, [...kinds], [...failed])];
	const closedTcp: [number, number][] = run.port === "closed range" ? [[6000, 7000]] : [];
	return { records, coverage: coverageOf(address, port, { alive: run.alive, closedTcp }) };
}

/** Applies transitions to findings held in memory, as the store would. */
function step(findings: PriorFinding[], run: Run, scan: number): PriorFinding[] {
	const now = scan * 1000;
	if (!run.alive) return findings;
	const { records, coverage } = evidenceOf(run, now);
	const transitions = judge({ records, coverage, checksFor: sampleKnowledge.checksFor, prior: findings, scan, now });
	let next = [...findings];
	const put = (id: number, after: FindingState) => {
		next = next.map((finding) => (finding.id === id ? { ...finding, ...after } : finding));
	};
	for (const transition of transitions) {
		if (transition.act === "insert")
			next.push({ ...transition.after, id: scan * 10 + next.length, kind: "redis", resultId: 0, excepted: 0 });
		if (transition.act === "remove") next = next.filter(({ id }) => id !== transition.prior.id);
		if (transition.act === "update") put(transition.prior.id, transition.after);
		if (transition.act === "touch") {
			const { prior } = transition;
			put(prior.id, { ...prior, lastFound: now, timesFound: prior.timesFound + 1, scan, change: "found" });
		}
	}
	return next;
}

const openOf = (findings: readonly PriorFinding[]) => findings.find(({ signature }) => signature === "redis/open");

const allowed: Record<string, readonly (FindingStatus | "none")[]> = {
	none: ["none", "NEW"],
	NEW: ["NEW", "ACTIVE", "FIXED"],
	ACTIVE: ["ACTIVE", "FIXED"],
	FIXED: ["FIXED", "REOPENED"],
	REOPENED: ["REOPENED", "ACTIVE", "FIXED"],
};

test("any sequence of runs obeys the state machine", () => {
	fc.assert(
		fc.property(fc.array(runs, { maxLength: 12 }), (sequence) => {
			let findings: PriorFinding[] = [];
			let sightings = 0;
			for (const [index, run] of sequence.entries()) {
				const before = openOf(findings);
				findings = step(findings, run, index + 1);
				const after = openOf(findings);
				expect(allowed[before?.status ?? "none"]).toContain(after?.status ?? "none");

				const evidence = evidenceOf(run, 0);
				const seen = run.alive && evidence.records.some((r) => r.kind === "redis" && !r.data.authenticationRequired);
				if (seen) sightings++;
				if (seen)
					expect(after?.status).toBe(before === undefined ? "NEW" : before.status === "FIXED" ? "REOPENED" : "ACTIVE");
				expect(after?.timesFound ?? 0).toBe(sightings);
				if (before !== undefined) {
					expect(after?.firstFound).toBe(before.firstFound);
					expect(after?.id).toBe(before.id);
				}
			}
		}),
		{ numRuns: 500 },
	);
});

test("a finding is closed only by proof", () => {
	fc.assert(
		fc.property(fc.array(runs, { maxLength: 6 }), runs, (earlier, run) => {
			let findings: PriorFinding[] = [];
			for (const [index, one] of earlier.entries()) findings = step(findings, one, index + 1);
			const before = openOf(findings);
			fc.pre(before !== undefined && before.status !== "FIXED");
			const after = openOf(step(findings, run, earlier.length + 1));
			if (after?.status !== "FIXED") return;
			const { records, coverage } = evidenceOf(run, 0);
			const closed = run.port === "closed" || run.port === "closed range";
			const absent =
				run.port === "answered" &&
				!coverage.ports[0]?.kinds.includes("redis") &&
				!coverage.ports[0]?.failed.includes("redis");
			const clear = coverage.ports[0]?.kinds.includes("redis") && records.every((record) => record.complete);
			expect(run.alive && (closed || absent || clear)).toBe(true);
		}),
		{ numRuns: 500 },
	);
});

test("judging one run twice changes nothing the second time", () => {
	fc.assert(
		fc.property(fc.array(runs, { minLength: 1, maxLength: 6 }), (sequence) => {
			let findings: PriorFinding[] = [];
			for (const [index, run] of sequence.entries()) {
				findings = step(findings, run, index + 1);
				expect(step(findings, run, index + 1)).toEqual(findings);
			}
		}),
		{ numRuns: 300 },
	);
});

test("a virtual host's finding is not closed by looking at another host name", () => {
	const check = sampleKnowledge.checksFor("redis")[0]!;
	const http = (hostname: string | null, status: number): EvidenceRecord => ({
		kind: "http",
		address,
		port: 80,
		protocol: "tcp",
		source: "network",
		complete: true,
		observedAt: 0,
		data: {
			product: null,
			version: null,
			info: null,
			tls: false,
			hostname,
			status,
			reason: "",
			headers: {},
			title: null,
			redirects: [],
			body: "",
			favicon: null,
			authSchemes: [],
			methods: [],
			cookies: [],
			answersEverything: false,
			paths: [],
		},
	});
	const checksFor = () => [
		{
			...check,
			evaluate: (record: EvidenceRecord) => ({
				matched: record.kind === "http" && record.data.status === 200,
				result: "",
				problem: "",
			}),
		},
	];
	const coverage = coverageOf(address, [portOf(80, "answered", ["http"])]);
	const [found] = judge({ records: [http("a.example", 200)], coverage, checksFor, prior: [], scan: 1, now: 1 });
	const prior = [{ ...(found as { after: FindingState }).after, id: 1, kind: "http", resultId: 0, excepted: 0 }];
	const look = (record: EvidenceRecord) => judge({ records: [record], coverage, checksFor, prior, scan: 2, now: 2 });
	expect(look(http(null, 404))).toEqual([]);
	expect(look(http("a.example", 404))).toMatchObject([{ act: "update", event: "fixed" }]);
});

test("what a login saw is not disproved from outside", () => {
	const coverage = coverageOf(address, [portOf(6379, "closed")], { hostKinds: ["host"] });
	const [found] = judge({
		records: [{ ...redisRecord(address, 1), source: "login" }],
		coverage: coverageOf(address, [portOf(6379, "answered", ["redis"])]),
		checksFor: sampleKnowledge.checksFor,
		prior: [],
		scan: 1,
		now: 1,
	});
	const prior = [{ ...(found as { after: FindingState }).after, id: 1, kind: "redis", resultId: 0, excepted: 0 }];
	const records = [hostRecord(address, 2)];
	const transitions = judge({ records, coverage, checksFor: sampleKnowledge.checksFor, prior, scan: 2, now: 2 });
	expect(transitions.map(({ act }) => act)).toEqual(["insert"]);
});

test("one broken check costs only its own verdict", () => {
	const broken = {
		...sampleKnowledge.checksFor("redis")[0]!,
		evaluate: () => {
			throw new Error("broken");
		},
	};
	const transitions = judge({
		records: [redisRecord(address, 1)],
		coverage: coverageOf(address, [portOf(6379, "answered", ["redis"])]),
		checksFor: (kind) => [broken, ...sampleKnowledge.checksFor(kind).slice(1)],
		prior: [],
		scan: 1,
		now: 1,
	});
	expect(transitions).toMatchObject([{ act: "insert", after: { signature: "redis/version", status: null } }]);
});
