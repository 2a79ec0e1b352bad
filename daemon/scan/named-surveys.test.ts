/** Which ports are looked at by which names, and what becomes of what they show. */
import { expect, test } from "vitest";
import type { PortCoverage } from "../evidence/coverage.ts";
import type { HostOutcome } from "./journal.ts";
import { type NamedPlace, surveyNames, withNames } from "./named-surveys.ts";
import type { PoolSurvey, ProbePool } from "./probe-pool.ts";

const guard = { allow: [["127.0.0.1", "127.0.0.1"]], deny: [] } as const;
const limits = { ratePerSecond: 100, inFlight: 10, inFlightPerHost: 10, timeoutMs: 500, retries: 1 };
const pace = { limits, group: "scan-1" };
const survey = (port: number, coverage: Partial<PortCoverage>, lessons: PoolSurvey["lessons"] = []): PoolSurvey => ({
	lessons,
	service: null,
	coverage: { port, protocol: "tcp", outcome: "answered", kinds: [], failed: [], ...coverage },
});
/** 80 speaks HTTP, 22 SSH, 443 nothing to one who names nobody, 6379 was not talked to. */
const surveys = [survey(80, { kinds: ["http"] }), survey(22, { kinds: ["ssh"] }), survey(443, { outcome: "unknown" })];

function task(names: NamedPlace[], signal = new AbortController().signal) {
	return { address: "127.0.0.1", names, surveys, open: [22, 80, 443, 6379], guard, pace, atOnce: 2, signal };
}

function recordingPool(answer = (port: number): PoolSurvey[] => [survey(port, { kinds: ["http"] }, [])]) {
	const asked: string[] = [];
	const pool: ProbePool = {
		survey: async ({ port, hostname }) => {
			asked.push(`${hostname}:${port}`);
			return answer(port);
		},
		close: async () => undefined,
	};
	return { pool, asked };
}

test("a virtual host is looked at on its port when that is open, a name of the request wherever names count", async () => {
	const { pool, asked } = recordingPool();
	const names = [
		{ port: 22, name: "ssh.example" },
		{ port: 8443, name: "closed.example" },
		{ port: null, name: "web.example" },
		{ port: 80, name: "web.example" },
	];
	const found = await surveyNames(task(names), pool);
	expect(asked.sort()).toEqual(["ssh.example:22", "web.example:443", "web.example:80"]);
	expect(found.map(({ instance, survey }) => `${instance}:${survey.coverage.port}`).sort()).toEqual(asked);
});

test("nothing is asked any more once it was stopped, nor after a failure", async () => {
	const stopped = new AbortController();
	const first = recordingPool((port) => {
		stopped.abort();
		return [survey(port, {})];
	});
	const many = Array.from({ length: 50 }, (_, i) => ({ port: 80, name: `n${i}.example` }));
	await surveyNames(task(many, stopped.signal), first.pool);
	expect(first.asked.length).toBeLessThanOrEqual(2);
	const failing = recordingPool(() => {
		throw new Error("the pool is gone");
	});
	await expect(surveyNames(task(many), failing.pool)).rejects.toThrow("the pool is gone");
	expect(failing.asked.length).toBeLessThanOrEqual(2);
});

test("what a name shows is evidence of its own, of the kinds that names decide", () => {
	const host = { kind: "host", address: "127.0.0.1", port: 0, data: { names: ["a.example"] } };
	const outcome = {
		...{ address: "127.0.0.1", hostname: null, startedAt: 1, finishedAt: 2, cutBy: null, partial: false },
		records: [host],
		coverage: { address: "127.0.0.1", alive: true, closedTcp: [], ports: [], hostKinds: [] },
	} as unknown as HostOutcome;
	const lessons = [
		{ kind: "http", data: { title: "web" }, complete: true },
		{ kind: "banner", data: { text: "x" }, complete: true },
	] as unknown as PoolSurvey["lessons"];
	const named = [{ instance: "web.example", survey: survey(80, { kinds: ["http", "banner"] }, lessons) }];
	const names = [
		{ port: 80, name: "web.example" },
		{ port: null, name: "b.example" },
	];
	const after = withNames(outcome, named, names);
	expect(after.records).toEqual([
		{ ...host, data: { names: ["a.example", "b.example"] } },
		{
			...{ kind: "http", address: "127.0.0.1", port: 80, protocol: "tcp", instance: "web.example" },
			...{ source: "network", observedAt: 2, complete: true, data: { title: "web" } },
		},
	]);
	expect(after.coverage.instances).toEqual([
		{ port: 80, protocol: "tcp", outcome: "answered", kinds: ["http"], failed: [], instance: "web.example" },
	]);
	expect(withNames(outcome, [], [])).toBe(outcome);
	const lost = { ...survey(80, { outcome: "unknown" }), lost: true as const };
	expect(withNames(outcome, [{ instance: "web.example", survey: lost }], names).partial).toBe(true);
});
