import { expect, test } from "vitest";
import * as ignores from "../../../protocol/methods/ignores.ts";
import * as policy from "../../../protocol/methods/policy.ts";
import * as tickets from "../../../protocol/methods/tickets.ts";
import { openTestConsole, type TestConsole } from "../../../test/support/console.ts";
import { patience } from "../../../test/support/eventually.ts";
import type { Route } from "../view.ts";

let open: TestConsole;
function openAt(screen: Route): TestConsole {
	open = openTestConsole({ screen, size: { columns: 120, rows: 40 } });
	return open;
}

test("views, and what is overdue and mine at a glance", async () => {
	const desk = openAt({ to: "tickets" });
	await desk.terminal.waitFor(/3 late · 4 mine · 12 tickets/);
	await desk.terminal.waitFor(/ d late/);
	await desk.press("v");
	await desk.terminal.waitFor(/mine/);
	await expect.poll(() => open.paramsOf(tickets.list), patience).toMatchObject({ filter: "assignee:`me`" });
	await desk.press("v");
	await expect.poll(() => open.paramsOf(tickets.list), patience).toMatchObject({ filter: "overdue:true" });
	await desk.press("p");
	await desk.terminal.waitFor(/group:Lab/);
});

test("one is changed at once, several once it was shown which", async () => {
	const desk = openAt({ to: "tickets" });
	await desk.terminal.waitFor(/web-01/);
	await desk.press("a");
	await desk.terminal.waitFor(/Assign ticket 1/);
	await desk.press("\u0015", ..."ben", "enter");
	await desk.terminal.waitFor(/1 ticket assigned/);
	expect(open.paramsOf(tickets.change)).toEqual({
		...{ ids: [1], change: { kind: "assign", assignee: "ben" }, digest: "d1", text: "" },
	});
	await desk.press(" ", " ", "r");
	await desk.terminal.waitFor(/Resolve 2 tickets/);
	await desk.press(..."done", "enter");
	await desk.terminal.waitFor(/Resolve 2 tickets\?/);
	await open.answer("y");
	await desk.terminal.waitFor(/2 tickets resolved/);
	expect(open.paramsOf(tickets.change)).toMatchObject({ ids: [1, 2], change: { kind: "resolve" }, text: "done" });
});

test("what stays done is said before it is, and of nothing else", async () => {
	const desk = openAt({ to: "tickets" });
	await desk.terminal.waitFor(/web-01/);
	await desk.press("d", "\u0015", ..."before");
	expect(await desk.terminal.waitFor(/Day +before/)).not.toContain("cannot be undone");
	await desk.press("esc");
	await desk.terminal.waitFor((text) => !text.includes("Due date of"));
	await desk.press("C");
	await desk.terminal.waitFor(/A comment stays: it cannot be taken back/);
});

test("what was agreed to is done, or nothing: what has changed while it was asked is not done in its place", async () => {
	const desk = openAt({ to: "tickets" });
	const { client } = desk;
	await desk.terminal.waitFor(/web-01/);
	await desk.press(" ", " ", "r");
	await desk.terminal.waitFor(/Resolve 2 tickets/);
	await desk.press("enter");
	await desk.terminal.waitFor(/Resolve 2 tickets\?/);
	const shown = await client.call(tickets.preview, { ids: [1, 2], change: { kind: "resolve" } });
	client.answer(tickets.preview, () => ({ ...shown, digest: "another" }));
	await open.answer("y");
	await desk.terminal.waitFor(/2 tickets resolved/);
	expect(open.paramsOf(tickets.change)).toMatchObject({ digest: shown.digest });
	await desk.press("4");
	await desk.terminal.waitFor(/10\.0\./);
	await desk.press("I");
	await desk.terminal.waitFor(/Hides 1 finding on 1 host/);
	await desk.press("\u0015", ..."group:Lab", "tab", ..."lab", "enter");
	await desk.terminal.waitFor(/Ignore 6 findings\?/);
	const hidden = await client.call(ignores.preview, { qids: [1], assets: "group:Lab" });
	client.answer(ignores.preview, () => ({ ...hidden, digest: "another" }));
	await open.answer("y");
	await desk.terminal.waitFor(/6 findings ignored/);
	expect(open.paramsOf(ignores.add)).toMatchObject({ digest: hidden.digest });
	await desk.press("u");
	await desk.terminal.waitFor(/Undone: 6 findings ignored/);
	await desk.press("\u0012");
	await expect.poll(() => open.paramsOf(ignores.add), patience).toMatchObject({ digest: "another" });
});

test("tickets that were made are taken back first, and what was done before stays; made again they can be again", async () => {
	const desk = openAt({ to: "findings" });
	await desk.terminal.waitFor(/Terrapin|OpenSSH/);
	await desk.press("T");
	await desk.terminal.waitFor(/3 tickets for all open findings/);
	await desk.terminal.waitFor(/3 open findings without a ticket, on 1 asset/);
	await desk.press("\u0015", "enter");
	await desk.terminal.waitFor(/3 tickets are made · u to undo/);
	expect(open.paramsOf(tickets.create)).toMatchObject({ filter: "*", expected: 3, assignee: null, days: null });
	const taken = { ids: [13, 14, 15], change: { kind: "unmake" } };
	await desk.press("u");
	await desk.terminal.waitFor(/Undone: 3 tickets are made/);
	expect(open.paramsOf(tickets.change)).toMatchObject(taken);
	await desk.press("\u0012");
	await desk.terminal.waitFor(/3 tickets are made · u to undo/);
});

test("what cannot be done to a ticket says why", async () => {
	const desk = openAt({ to: "tickets" });
	await desk.terminal.waitFor(/web-01/);
	await desk.press("o");
	await desk.terminal.waitFor(/It is open/);
	await desk.press("j", "j", "o");
	await desk.terminal.waitFor(/a scan that finds it again/);
});

test("a rule says what it would do while it is written, is moved, and applied as shown", async () => {
	const desk = openAt({ to: "policy" });
	await desk.terminal.waitFor(/urgent/);
	await desk.press("a");
	await desk.terminal.waitFor(/A new rule/);
	await desk.press(..."web", "tab", ..."severity:4");
	await desk.terminal.waitFor(/\+12 tickets/);
	await desk.press("enter");
	await desk.terminal.waitFor(/The rule web is saved/);
	expect(open.paramsOf(policy.change)).toMatchObject({
		change: { kind: "save", rule: { name: "web", findings: "severity:4", action: "ticket" } },
	});
	await desk.press("j", "<");
	await expect
		.poll(() => open.paramsOf(policy.change), patience)
		.toEqual({ change: { kind: "move", name: "urgent", position: 1 } });
	await desk.press("A");
	await desk.terminal.waitFor(/Apply the rules/);
	await open.answer("y");
	await desk.terminal.waitFor(/4 tickets made/);
	expect(open.paramsOf(policy.apply)).toEqual({ digest: "p1" });
});

test("a check is ignored from a finding: on its host, or on those of a query once it was shown how many", async () => {
	const desk = openAt({ to: "findings" });
	await desk.terminal.waitFor(/10\.0\./);
	await desk.press("I");
	await desk.terminal.waitFor(/Hides 1 finding on 1 host/);
	await desk.press("enter");
	await desk.terminal.waitFor(/Ignoring needs a reason/);
	await desk.press("\u0015", ..."group:Lab", "tab", ..."lab", "enter");
	await desk.terminal.waitFor(/Ignore 6 findings\?/);
	await open.answer("y");
	await desk.terminal.waitFor(/6 findings ignored, as number 3/);
	expect(open.paramsOf(ignores.add)).toMatchObject({ assets: "group:Lab", reason: "lab", digest: "i1", days: null });
});
