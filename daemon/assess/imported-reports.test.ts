import { expect, test } from "vitest";
import type { RecordOf } from "../evidence/record.ts";
import { checksOfHost } from "./host-checks.ts";
import { checkOfReport } from "./imported-reports.ts";
import { sampleKnowledge } from "./testdata/hosts.ts";
import { weigh } from "./weigh.ts";

const address = "127.0.0.9";

function reported(plugin: number, port: number): RecordOf<"nessus"> {
	const seen = { severity: 3, output: "", byVersion: false, credentialed: false, portRange: null, seenAt: 1 };
	return {
		...{ kind: "nessus", address, port, protocol: "tcp", source: "import", complete: true, observedAt: 1 },
		data: { reports: [{ plugin, name: `Plugin ${plugin}`, ...seen }], host: null },
	};
}

test("of thousands of plugins at thousands of ports each is put before its own place alone", () => {
	const many = 2_000;
	const records = Array.from({ length: many }, (_, index) => reported(index + 1, index + 1));
	const before = { severity: 4, type: "confirmed", address, protocol: "tcp" } as const;
	const prior = records.map(({ port }) => ({ ...before, signature: `nessus/${port + many}`, port }));
	const host = { knowledge: sampleKnowledge, records, newest: () => null, prior: prior as never };
	const checksFor = checksOfHost(host);
	let pairs = 0;
	const weighed = weigh(
		records,
		(kind, record) => {
			const checks = checksFor(kind, record);
			pairs += checks.length;
			return checks;
		},
		1,
	);
	expect(pairs).toBe(2 * many);
	expect(weighed.size).toBe(2 * many);
	expect([...weighed.values()].filter(({ seen }) => seen !== null)).toHaveLength(many);
	expect([...weighed.values()].filter(({ clear }) => clear.length === 1)).toHaveLength(many);
});

test("what was not asked for again is undecided, and of a host with several names it is told by which", () => {
	const check = checkOfReport({ id: "nessus/7", title: "", severity: 3, type: "confirmed" });
	const ask = (under?: string) => {
		const record = { ...reported(7, 443), observedAt: 2 };
		const reports = record.data.reports.map((one) => (under === undefined ? one : { ...one, under }));
		return check.evaluate({ ...record, data: { ...record.data, reports } }, 3);
	};
	expect(ask()).toMatchObject({ matched: null, problem: expect.stringMatching(/later scans did not ask for it$/) });
	expect(ask("shop.example.org")).toMatchObject({
		matched: null,
		problem:
			"it was reported of shop.example.org on 1970-01-01, and what came in since did not ask for it by that name",
	});
	expect(check.evaluate(reported(7, 443), 3)).toMatchObject({ matched: true });
	expect(check.evaluate(reported(8, 443), 3)).toMatchObject({ matched: false });
});
