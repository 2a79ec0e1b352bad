import { expect, test } from "vitest";
import * as imports from "../../../protocol/methods/imports.ts";
import { openTestConsole } from "../../../test/support/console.ts";
import { sampleNow } from "../../connect/sample-data.test-support.ts";

const told = (text: string) => ({
	...({ kind: "notice", who: "unix:1000", path: "/tmp/a.nessus", state: "ended" } as const),
	text,
});

const long =
	"a.nessus is taken in: 12 hosts, 9 new, 2 left out; 140 new findings, 33 pieces of information; only a part of the file";

test("a message that does not fit a line takes as many as it needs, and gives them back", async () => {
	let clock = sampleNow;
	const open = openTestConsole({ screen: { to: "assets" }, now: () => clock });
	const { client, terminal } = open;
	const before = (await terminal.waitFor(/1\/250/)).split("\n");
	client.push(imports.watch, told(long));
	const rows = (await terminal.waitFor(/is taken in:[\s\S]*only a part/)).split("\n");
	expect(rows.slice(-3, -1).map((row) => row.trim())).toEqual([
		"✓ a.nessus is taken in: 12 hosts, 9 new, 2 left out; 140 new findings, 33",
		"pieces of information; only a part of the file",
	]);
	expect(rows.slice(0, -3)).toEqual(before.slice(0, -3));
	clock += 60_000;
	await open.press("j");
	await terminal.waitFor((text) => text.split("\n").at(-3) === before.at(-3) && !text.includes("only a part"));
});

test("one that would cover the screen ends where it is told that it goes on", async () => {
	const open = openTestConsole({ screen: { to: "assets" } });
	const before = (await open.terminal.waitFor(/1\/250/)).split("\n");
	open.client.push(imports.watch, told("word ".repeat(200).trim()));
	const rows = (await open.terminal.waitFor(/ ✓ word/)).split("\n");
	expect(rows.slice(0, -5)).toEqual(before.slice(0, -5));
	expect(rows.at(-5)).toContain(" ✓ word");
	expect(rows.at(-2)?.trimEnd()).toMatch(/…$/);
});

test("over a dialog that reaches to the last rows a message is read as well, and gives them back", async () => {
	let clock = sampleNow;
	const fields = Array.from({ length: 12 }, (_, n) => ({
		name: `f${n}`,
		label: `Field ${n}`,
		value: "",
		hint: "text",
	}));
	const form = { title: "Tall", verb: "saves", fields, submit: async () => undefined };
	const open = openTestConsole({ screen: { to: "form", form }, now: () => clock });
	const before = (await open.terminal.waitFor(/saves/)).split("\n");
	expect(before.at(-2)).toContain("╰");
	open.client.push(imports.watch, told("a.nessus is taken in"));
	const rows = (await open.terminal.waitFor(/✓ a\.nessus is taken in/)).split("\n");
	expect(rows.at(-2)?.trim()).toBe("✓ a.nessus is taken in");
	expect(rows.slice(1, -2)).toEqual(before.slice(1, -2));
	clock += 60_000;
	open.client.push(imports.watch, told(long));
	await open.terminal.waitFor(/only a part of the file/);
	clock += 60_000;
	await open.press("tab", "shift-tab");
	await open.terminal.waitFor((text) => text.split("\n").at(-2) === before.at(-2) && !text.includes("only a part"));
});
