import { expect, test, vi } from "vitest";
import type { Method } from "../../protocol/define.ts";
import { AppError } from "../../protocol/errors.ts";
import * as assets from "../../protocol/methods/assets.ts";
import * as findings from "../../protocol/methods/findings.ts";
import * as scans from "../../protocol/methods/scans.ts";
import * as tickets from "../../protocol/methods/tickets.ts";
import { openTestConsole } from "../../test/support/console.ts";
import { patience } from "../../test/support/eventually.ts";
import { createFakeClient } from "../connect/fake-client.test-support.ts";
import { holdAnswers } from "../connect/held-answers.test-support.ts";
import { sampleNow } from "../connect/sample-data.test-support.ts";
import type { Route } from "../screens/view.ts";

function openHeld(screen: Route, method: Method, now?: () => number) {
	const client = createFakeClient();
	const line = holdAnswers(client, method);
	const open = openTestConsole({ client, screen, ...(now === undefined ? {} : { now }) });
	return { ...open, line };
}

test("keys typed before the rows of a filter have come act on these rows, in their order", async () => {
	const { terminal, press, client, line } = openHeld({ to: "findings" }, findings.list);
	await terminal.waitFor(/1\/731/);
	line.hold();
	await press("/", "severity>=4", "enter", "j", "j", "enter");
	expect(client.calls.some(({ name }) => name === findings.get.name)).toBe(false);
	line.letGo();
	await terminal.waitFor(/What was seen/);
	await press("esc");
	await terminal.waitFor(/3\/244/);
});

test("what is typed into the next filter waits with the key that opens it", async () => {
	const { terminal, press, line } = openHeld({ to: "findings" }, findings.list);
	await terminal.waitFor(/1\/731/);
	line.hold();
	await press("/", "severity>=4", "enter", "G", "/", "1");
	expect(terminal.text()).toContain("Findings");
	line.letGo();
	await terminal.waitFor(/severity>=41/);
});

test("Escape drops what waits, and keys that lead elsewhere do not wait", async () => {
	const { terminal, press, client, line } = openHeld({ to: "findings" }, findings.list);
	await terminal.waitFor(/1\/731/);
	line.hold();
	await press("/", "severity>=4", "enter", "e", "esc");
	line.letGo();
	await terminal.waitFor(/1\/244/);
	expect(terminal.text()).not.toContain("set apart");
	line.hold();
	await press("s", "3");
	await terminal.waitFor(/1\/250/);
	line.letGo();
	expect(client.calls.some(({ name }) => name === assets.list.name)).toBe(true);
});

test("what waits for a filter that cannot be read is dropped", async () => {
	const { terminal, press, line } = openHeld({ to: "findings" }, findings.list);
	await terminal.waitFor(/1\/731/);
	line.hold();
	await press("/", "nonsense:1", "enter", "X", "e");
	line.letGo();
	await terminal.waitFor(/There is no field “nonsense”/);
	await vi.waitFor(() => expect(terminal.text()).toContain("/ nonsense:1"), patience);
	expect(terminal.text()).not.toMatch(/nonsense:1[Xe]/);
	expect(terminal.text()).not.toContain("set apart");
});

test("what opens the last row waits until that has come, and moving on does not wait", async () => {
	const { terminal, press, client, line } = openHeld({ to: "findings" }, findings.list);
	await terminal.waitFor(/1\/731/);
	line.hold();
	await press("G", "k");
	await terminal.waitFor(/730\/731/);
	await press("G", "enter");
	expect(client.calls.some(({ name }) => name === findings.get.name)).toBe(false);
	line.letGo();
	await terminal.waitFor(/What was seen/);
	await press("esc");
	await terminal.waitFor(/731\/731/);
});

test("a key that comes before the details it is about acts on them once they are here", async () => {
	const { terminal, press, client, line } = openHeld({ to: "finding", finding: 3 }, findings.get);
	await terminal.waitFor(/What was seen/);
	await press("1");
	line.hold();
	await press("4");
	await terminal.waitFor(/1\/731/);
	await press("enter", "a");
	expect(client.calls.some(({ name }) => name === assets.get.name)).toBe(false);
	line.letGo();
	await terminal.waitFor(/Overview/);
	expect(client.calls.some(({ name }) => name === assets.get.name)).toBe(true);
});

test("what is typed before its dialog is there is typed into it, and when there comes none it is forgotten", async () => {
	const { terminal, press, client, line } = openHeld({ to: "tickets" }, tickets.counts);
	await terminal.waitFor(/1\/12/);
	line.hold();
	await press("a", "ctrl-u", ..."nina", "enter");
	expect(client.calls.some(({ name }) => name === tickets.change.name)).toBe(false);
	line.letGo();
	await terminal.waitFor(/assigned · u to undo/);
	expect(client.calls.findLast(({ name }) => name === tickets.change.name)?.params).toMatchObject({
		change: { kind: "assign", assignee: "nina" },
	});
	client.answer(tickets.counts, () => {
		throw new AppError("forbidden", "Not you.");
	});
	await press("a", ..."nina", "enter");
	await terminal.waitFor(/Not you\./);
	expect(terminal.text()).toMatch(/1\/12/);
});

test("what is typed while all that match are read waits for the dialog about them", async () => {
	let clock = sampleNow;
	const { terminal, press, client, line } = openHeld({ to: "tickets" }, tickets.list, () => clock);
	await terminal.waitFor(/1\/12/);
	await press("\u0001", "a");
	await terminal.waitFor(/Assign 12 tickets\?/);
	clock += 1_000;
	line.hold();
	await press("y", "ctrl-u", ..."nina");
	line.letGo();
	await terminal.waitFor(/▸ To +nina/);
	expect(client.calls.some(({ name }) => name === tickets.change.name)).toBe(false);
});

test("a dialog that needs no answer has what is typed with its key, also once all that match were read", async () => {
	let clock = sampleNow;
	const { terminal, press, line } = openHeld({ to: "tickets" }, tickets.list, () => clock);
	await terminal.waitFor(/1\/12/);
	await press("r", ..."done");
	await terminal.waitFor(/▸ Why +done/);
	await press("esc", "\u0001", "r");
	await terminal.waitFor(/Resolve 12 tickets\?/);
	clock += 1_000;
	line.hold();
	await press("y", ..."all");
	line.letGo();
	await terminal.waitFor(/▸ Why +all/);
});

test("what is typed while the asset of a result is opened is not done to the scan", async () => {
	const { terminal, press, client, line } = openHeld({ to: "scan", scan: 7 }, assets.get);
	await terminal.waitFor(/Live results/);
	const host = {
		kind: "host" as const,
		at: "2026-03-01T11:00:01.000Z",
		address: "10.9.9.9",
		alive: true,
		how: "tcp/22",
	};
	client.push(scans.follow, { kind: "results", results: [host] });
	await terminal.waitFor(/10\.9\.9\.9/);
	await press("g", "g");
	line.hold();
	await press("enter", "p");
	line.letGo();
	await terminal.waitFor(/Overview/);
	expect(client.calls.some(({ name }) => name === scans.pause.name)).toBe(false);
});

test("Escape leaves what is still being opened", async () => {
	const { terminal, press, line } = openHeld({ to: "tickets" }, tickets.counts);
	await terminal.waitFor(/1\/12/);
	line.hold();
	await press("a", "n", "esc", "j");
	await terminal.waitFor(/2\/12/);
	line.letGo();
	await press("k");
	expect(await terminal.waitFor(/1\/12/)).not.toContain("Assign ticket");
});

test("what is typed for the dialog that makes tickets waits until it is there", async () => {
	const { terminal, press, line } = openHeld({ to: "findings" }, tickets.ticketless);
	await terminal.waitFor(/1\/731/);
	line.hold();
	await press("T", "ctrl-u", ..."ana");
	line.letGo();
	await terminal.waitFor(/▸ To +ana/);
});
