import { expect, test } from "vitest";
import { AppError } from "../../../protocol/errors.ts";
import * as imports from "../../../protocol/methods/imports.ts";
import { openTestConsole } from "../../../test/support/console.ts";
import { sampleNow } from "../../connect/sample-data.test-support.ts";

const outcome = {
	...{ format: "nessus" as const, scanner: "Nessus 10.6.1", hosts: 3, new: 2, older: 0, down: 0, openPorts: 9 },
	...{
		records: 21,
		findings: { new: 0, again: 1, fixed: 0, information: 4 },
		cut: "ends before </NessusClientData_v2>",
		notes: [],
	},
	scannedAt: { from: "2026-02-01T10:00:00.000Z", to: "2026-02-01T11:00:00.000Z" },
	refused: { hosts: 1, first: [{ host: "http://shop", why: "the file has no address of it" }] },
};

test("a scanner's file is tried first, and taken in once it was seen what it brings", async () => {
	let clock = sampleNow;
	const open = openTestConsole({ screen: { to: "assets" }, now: () => clock });
	const { client, terminal } = open;
	const calls = () => client.calls.filter(({ name }) => name === imports.file.name).map(({ params }) => params);
	client.answer(imports.file, () => outcome);
	await terminal.waitFor(/1\/250/);
	await open.press("i");
	await terminal.waitFor(/Take in another scanner's file/);
	await open.press(..."/tmp/a.nessus", "enter");
	await open.press("enter");
	await terminal.waitFor(
		/Take in a\.nessus\?[\s\S]*3 hosts, 2 new, 1 known[\s\S]*0 new findings, 1 seen again, 0 fixed; 4 pieces of[\s\S]*has no address of it[\s\S]*Only a part/,
	);
	expect(calls()).toEqual([{ path: "/tmp/a.nessus", dryRun: true }]);
	clock += 1_000;
	await open.press("y");
	await terminal.waitFor((text) => !text.includes("Take in a.nessus?"));
	expect(calls()).toEqual([
		{ path: "/tmp/a.nessus", dryRun: true },
		{ path: "/tmp/a.nessus", dryRun: false },
	]);
	client.push(imports.watch, {
		...{ kind: "notice", who: "unix:1000", path: "/tmp/a.nessus", state: "ended" },
		text: "a.nessus is taken in: 3 hosts",
	});
	await terminal.waitFor(/a\.nessus is taken in: 3 hosts/);
});

test("a file that cannot be taken in after all is told in the form, whose path is there to be mended", async () => {
	let clock = sampleNow;
	const { client, terminal, press } = openTestConsole({ screen: { to: "assets" }, now: () => clock });
	client.answer(imports.file, ({ dryRun }) => {
		if (dryRun) return outcome;
		throw new AppError("busy", "b.nessus is being taken in just now.");
	});
	await terminal.waitFor(/1\/250/);
	await press("i");
	await terminal.waitFor(/Take in another scanner's file/);
	await press(..."/tmp/a.nessus", "enter");
	await terminal.waitFor(/Take in a\.nessus\?/);
	clock += 1_000;
	await press("y");
	const text = await terminal.waitFor(/✗ b\.nessus is being taken in just now/);
	expect(text).toMatch(/▸ File +\/tmp\/a\.nessus/);
});
