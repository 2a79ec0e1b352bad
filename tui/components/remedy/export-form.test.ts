import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import * as exports from "../../../protocol/methods/exports.ts";
import { openTestConsole, type TestConsole } from "../../../test/support/console.ts";
import { createFakeClient } from "../../connect/fake-client.test-support.ts";
import type { Route } from "../../screens/view.ts";

const folder = mkdtempSync(join(tmpdir(), "vedette-export-"));
let open: TestConsole;
afterEach(() => {
	for (const name of readdirSync(folder)) rmSync(join(folder, name));
});

/** An export of so many parts, a line each. */
function openAt(screen: Route, parts: number): TestConsole {
	const client = createFakeClient();
	client.answer(exports.open, () => ({ export: 1, total: 9_000 }));
	client.answer(exports.read, ({ part }) => ({
		...{ text: `line ${part}\n`, rows: part, done: part >= parts, gone: 0 },
	}));
	client.answer(exports.close, () => ({}));
	open = openTestConsole({ client, screen, size: { columns: 120, rows: 40 } });
	return open;
}
const opened = () => open.client.calls.findLast(({ name }) => name === exports.open.name)?.params;

test("what is marked is written where the console runs, and the path is said", async () => {
	const { terminal, press } = openAt({ to: "findings" }, 3);
	await terminal.waitFor(/731 findings/);
	await press(" ", " ", "E");
	// Where it is written is as long as the folder the tests run in, and may take a second line.
	const form = await terminal.waitFor(/Export the 2 marked findings[\s\S]*Writes\s/);
	expect(form).not.toContain("set apart");
	await press("\t", "\u0015", ...join(folder, "two"), "enter");
	await terminal.waitFor(/3 findings in .*two\.csv/);
	expect(readFileSync(join(folder, "two.csv"), "utf8")).toBe("line 1\nline 2\nline 3\n");
	expect(opened()).toMatchObject({ format: "csv", filter: "", ids: [expect.any(Number), expect.any(Number)] });
});

test("that more is written than the list shows is said before", async () => {
	const { terminal, press } = openAt({ to: "findings" }, 3);
	await terminal.waitFor(/731 findings/);
	await press("E");
	await terminal.waitFor(
		/Export all open findings[\s\S]*What is set apart or ignored is written too, and marked as such\./,
	);
});

test("one that takes long says how far it is, and leaving it stops it: no file is left", async () => {
	const { terminal, press } = openAt({ to: "finding-groups", by: "signature", filter: "severity>=4" }, 1e9);
	await terminal.waitFor(/12 kinds|4 kinds/);
	await press("E");
	await terminal.waitFor(/Export what is open of Terrapin/);
	await press("\t", "\u0015", ...join(folder, "all.csv"), "enter");
	await terminal.waitFor(/of 9,000 findings written +Esc stops it/);
	expect(opened()).toMatchObject({ filter: "severity>=4 and signature:`ssh/terrapin`" });
	await press("\u001b");
	await terminal.waitFor(/The export was stopped/);
	expect(readdirSync(folder)).toEqual([]);
});

test("of a day of the past the row is exported, not what the filter finds now", async () => {
	const { terminal, press } = openAt({ to: "findings", asOf: "2026-02-01T00:00:00.000Z", filter: "port:22" }, 1);
	await terminal.waitFor(/as of 2026-02-01/);
	await press("E");
	await terminal.waitFor(/Export this finding/);
});
