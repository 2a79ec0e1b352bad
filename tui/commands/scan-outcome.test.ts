import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import * as findings from "../../protocol/methods/findings.ts";
import * as scans from "../../protocol/methods/scans.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import { createFakeClient } from "../connect/fake-client.test-support.ts";
import { findingOf } from "../connect/sample-findings.test-support.ts";
import { coverageOf, scanOf } from "../connect/sample-scans.test-support.ts";
import type { CommandContext } from "./command.ts";
import { printOutcome } from "./scan-outcome.ts";

const base: Scan = {
	...scanOf(1, {}),
	id: 7,
	status: "finished",
	reason: null,
	partial: false,
	targets: ["192.0.2.0/28"],
	activeMs: 1_234,
	hosts: { total: 16, alive: 16, dead: 0, done: 16 },
	openPorts: 1,
	newFindings: 1,
	fixedFindings: 0,
};

/** What is printed for a scan that saw `found` findings, the exit code, and the filter it asked with. */
async function outcomeOf(scan: Scan, found = 0): Promise<{ text: string; code: number; filter: string }> {
	const client = createFakeClient();
	let filter = "";
	client.answer(findings.list, (params) => {
		filter = params.filter ?? "";
		return { items: Array.from({ length: found }, (_, at) => findingOf(at + 1, {})), next: null, total: found };
	});
	client.answer(scans.coverage, ({ scan: id }) => coverageOf(id));
	const lines: string[] = [];
	let code = 0;
	const stream = new PassThrough() as unknown as NodeJS.WriteStream;
	const ctx: CommandContext = {
		env: {},
		stdin: process.stdin,
		stdout: stream,
		stderr: stream,
		connect: () => Promise.resolve(client),
		print: (line) => void lines.push(line),
		exit: (given) => {
			code = given;
		},
		onInterrupt: () => () => undefined,
	};
	await printOutcome(ctx, client, scan, false);
	return { text: lines.join("\n"), code, filter };
}

test("nothing alive: said once, with what to check, and no mention of nothing being wrong", async () => {
	const reason = "No address answered: check the targets.";
	const { text, code } = await outcomeOf({
		...base,
		reason,
		hosts: { total: 16, alive: 0, dead: 16, done: 0 },
		openPorts: 0,
		newFindings: 0,
	});
	expect(text).toBe(
		[
			`${reason}\n\nScan 7 finished in 1.2 s: 0 of 16 hosts alive, 0 open ports, 0 new findings, none fixed.`,
			"Asked 254 addresses of 256: 200 answered, 54 silent, 2 excluded.",
			"Asked ports: TCP 3 open, 190 closed, 7 without an answer.",
			"Sent 1,000 packets, 12 of them again; 1.0 % lost.",
			"Excluded by 10.0.0.4/31.",
			"Not possible here: ARP (no CAP_NET_RAW).",
			"All of it: vedette scans show 7",
		].join("\n"),
	);
	expect(code).toBe(0);
});

test("one is one, and a finished scan ends with 0", async () => {
	const { text, code } = await outcomeOf({ ...base, hosts: { total: 1, alive: 1, dead: 0, done: 1 } }, 1);
	expect(text).toContain("1 of 1 host alive, 1 open port, 1 new finding, none fixed.");
	expect(code).toBe(0);
});

test.each<[Partial<Scan>, number, string]>([
	[{ partial: true }, 5, "finished in part after 1.2 s"],
	[{ partial: true, reason: "Two hosts took too long." }, 5, "Two hosts took too long."],
	[{ status: "paused" }, 5, "Go on with: vedette scans resume 7"],
	[{ status: "cancelled" }, 5, "Scan 7 was cancelled after 1.2 s"],
	[{ status: "error", reason: "The disk is full." }, 1, "Scan 7 failed after 1.2 s"],
])("%j ends with %i", async (change, expected, sentence) => {
	const { text, code } = await outcomeOf({ ...base, ...change });
	expect(text).toContain(sentence);
	expect(code).toBe(expected);
});

test.each([
	[["192.0.2.1", "2001:db8::/120"], ' and (address:"192.0.2.1" or address:"2001:db8::/120")'],
	[["192.0.2.10-20"], " and (address:[192.0.2.10 .. 192.0.2.20])"],
	[["192.0.2.1", "web.example"], ""],
])("only what was found at %j is asked for, where the query language has a word for it", async (targets, places) => {
	const startedAt = "2026-03-01T12:00:00.000Z";
	expect((await outcomeOf({ ...base, targets, startedAt })).filter).toBe(`lastFound>="${startedAt}"${places}`);
});
