import { expect, test } from "vitest";
import { watch } from "../../../protocol/methods/consoles.ts";
import { watch as watchFindings } from "../../../protocol/methods/findings.ts";
import { follow } from "../../../protocol/methods/scans.ts";
import { openTestConsole } from "../../../test/support/console.ts";
import { patience } from "../../../test/support/eventually.ts";
import { consoleOf } from "../../connect/sample-consoles.test-support.ts";
import { scanOf } from "../../connect/sample-scans.test-support.ts";

const ana = consoleOf(2, {
	...{ user: "unix:1001", name: "ana", from: "ssh from 192.0.2.7" },
	place: { screen: "scan", about: { kind: "scan", id: 7 } },
});

test("who looks at the same scan is said beside its name, and who is here below", async () => {
	const open = openTestConsole({ screen: { to: "scan", scan: 7 }, size: { columns: 120, rows: 30 } });
	await open.terminal.waitFor(/Live results/);
	open.client.push(watch, { kind: "consoles", consoles: [consoleOf(1), ana] });
	const text = await open.terminal.waitFor(/with ana/);
	expect(text).toContain("ana looks at this scan");
	expect(text).toContain("ana is attached too.");
	await open.press("3");
	expect(await open.terminal.waitFor(/Assets/)).not.toContain("looks at this");
});

test("frozen, it says since when and how to go on, and goes on where things are now", async () => {
	const open = openTestConsole({ screen: { to: "findings" }, size: { columns: 120, rows: 30 } });
	await open.terminal.waitFor(/731/);
	await open.press("P");
	await open.terminal.waitFor(/frozen 1 s · P goes on/);
	const asked = () => open.client.calls.filter(({ name }) => name === "findings.list").length;
	const before = asked();
	for (let total = 0; total < 3; total++) open.client.push(watchFindings, { kind: "changed", total });
	expect(asked()).toBe(before);
	await open.press("P");
	await open.terminal.waitFor((text) => !text.includes("frozen"));
	await expect.poll(asked, patience).toBeGreaterThan(before ?? 0);
});

test("on a scan that is frozen the results that wait are counted, not how far it is", async () => {
	const open = openTestConsole({ screen: { to: "scan", scan: 7 }, size: { columns: 160, rows: 30 } });
	await open.terminal.waitFor(/Live results/);
	await open.press("P");
	await open.terminal.waitFor(/frozen · P goes on[\s\S]*P go on/);
	const log = { kind: "log" as const, at: "2026-01-01T00:00:00.000Z", level: "info" as const, text: "x" };
	for (let n = 0; n < 5; n++) open.client.push(follow, { kind: "scan", scan: scanOf(7, {}) });
	open.client.push(follow, { kind: "results", results: [log, log] });
	await open.terminal.waitFor(/frozen 1 s, 2 results waiting · P goes on/);
});

test("following goes where they go, says so, and ends with escape", async () => {
	const open = openTestConsole({ screen: { to: "consoles" }, size: { columns: 120, rows: 30 } });
	open.client.answer((await import("../../../protocol/methods/consoles.ts")).list, () => ({
		items: [consoleOf(1), ana],
		total: 2,
	}));
	open.client.push(watch, { kind: "consoles", consoles: [consoleOf(1), ana] });
	await open.terminal.waitFor(/ssh from 192/);
	await open.press("j", "f");
	await open.terminal.waitFor(/following ana Esc │ at scan 7/);
	await open.terminal.waitFor(/Live results/);
	open.client.push(watch, {
		kind: "consoles",
		consoles: [consoleOf(1), { ...ana, place: { screen: "assets", about: null } }],
	});
	await open.terminal.waitFor(/Assets[\s\S]*following ana/);
	const list = { filter: "os:x", sort: null, row: { id: 6, at: 2 } };
	open.client.push(watch, {
		kind: "consoles",
		consoles: [consoleOf(1), { ...ana, place: { screen: "assets", about: null, list } }],
	});
	await open.terminal.waitFor(/6\/84/);
	await open.press("esc");
	await open.terminal.waitFor(/You no longer follow ana/);
	open.client.push(watch, { kind: "consoles", consoles: [consoleOf(1), ana] });
	expect(await open.terminal.waitFor(/Assets/)).not.toContain("Live results");
});

test("whoever is followed is told so, and tells of a list what it shows", async () => {
	const open = openTestConsole({ screen: { to: "assets" }, size: { columns: 120, rows: 30 } });
	await open.terminal.waitFor(/1\/250/);
	open.client.push(watch, { kind: "consoles", consoles: [consoleOf(1), { ...ana, follows: 1 }] });
	await open.terminal.waitFor(/ana follows you/);
	await open.press("/", "os:x", "enter", "j");
	await open.terminal.waitFor(/2\/84/);
	const told = () => open.client.calls.findLast(({ name }) => name === "consoles.show")?.params;
	const list = { filter: "os:x", sort: null, row: { at: 1 } };
	await expect.poll(told, patience).toMatchObject({ place: { screen: "assets", list } });
});
