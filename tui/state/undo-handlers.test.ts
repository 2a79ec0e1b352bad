/** What `u` takes back `ctrl-r` does again, also where that is another thing each time; what stays done says so before. */
import { expect, test } from "vitest";
import * as exclusions from "../../protocol/methods/exclusions.ts";
import * as ignores from "../../protocol/methods/ignores.ts";
import * as purges from "../../protocol/methods/purges.ts";
import * as tickets from "../../protocol/methods/tickets.ts";
import { openTestConsole, type TestConsole } from "../../test/support/console.ts";
import { purgeOf } from "../connect/sample-purges.test-support.ts";
import type { Route } from "../screens/view.ts";

let open: TestConsole;
function openAt(screen: Route): TestConsole {
	open = openTestConsole({ screen, size: { columns: 120, rows: 40 } });
	return open;
}
const redo = "\u0012";
const count = (name: string) => open.client.calls.filter((call) => call.name === name).length;

test("an exclusion", async () => {
	const { press, terminal } = openAt({ to: "exclusions" });
	await terminal.waitFor(/1\/\d/);
	await press("a", ..."192.0.2.9", "tab", ..."printer", "enter");
	await terminal.waitFor(/1 target is excluded.* · u to undo/);
	await press("u");
	await terminal.waitFor(/Undone: 1 target is excluded.* · ctrl-r does it again/);
	await press(redo);
	await terminal.waitFor((text) => text.includes("u to undo") && count(exclusions.add.name) === 2);
	await press("u");
	await terminal.waitFor((text) => text.includes("Undone") && count(exclusions.remove.name) === 2);
});

test("the end of an exclusion, which has another number each time it is there again", async () => {
	const { press, terminal } = openAt({ to: "exclusions" });
	await terminal.waitFor(/1\/\d/);
	await press("X", ..."gone", "enter");
	await terminal.waitFor(/is not excluded any more · u to undo/);
	await press("u");
	await terminal.waitFor(/Undone/);
	await press(redo);
	await terminal.waitFor((text) => text.includes("u to undo") && count(exclusions.remove.name) === 2);
	const last = open.client.calls.findLast(({ name }) => name === exclusions.remove.name);
	expect(last?.params).toMatchObject({ exclusions: [3] });
});

test("a purge, by its query anew", async () => {
	const { press, terminal } = openAt({ to: "assets" });
	await terminal.waitFor(/1\/250/);
	await press("X", "tab", ..."old", "enter");
	await terminal.waitFor(/Purge 3 assets\?/);
	await open.answer("y");
	await terminal.waitFor(/Purge 8: 3 assets gone · u to undo/);
	open.client.answer(purges.undo, () => ({ ...{ purge: purgeOf(8, {}), restored: 3 }, refused: [], refusedTotal: 0 }));
	await press("u");
	await terminal.waitFor(/Undone: Purge 8/);
	await press(redo);
	await terminal.waitFor((text) => text.includes("u to undo") && count(purges.run.name) === 2);
});

test("what is ignored, as long as it hides as many findings", async () => {
	const { press, terminal, client } = openAt({ to: "finding", finding: 3 });
	await terminal.waitFor(/What was seen/);
	await press("I", "tab", ..."lab", "enter");
	await terminal.waitFor(/ignored, as number \d+ · u to undo/);
	await press("u");
	await terminal.waitFor(/Undone/);
	const shown = await client.call(ignores.preview, { qids: [1], assets: "*" });
	client.answer(ignores.preview, () => ({ ...shown, findings: 9 }));
	await press(redo);
	await terminal.waitFor(/It would hide 9 findings now, not 1: ignore it anew/);
	expect(count(ignores.add.name)).toBe(1);
});

test("tickets, and a comment on one says before that it stays", async () => {
	const { press, terminal } = openAt({ to: "tickets" });
	await terminal.waitFor(/1\/12/);
	await press("a", "ctrl-u", ..."ana", "enter");
	await terminal.waitFor(/assigned · u to undo/);
	await press("u");
	await terminal.waitFor(/Undone/);
	await press(redo);
	await terminal.waitFor((text) => text.includes("u to undo") && count(tickets.change.name) === 3);
	await press("C");
	await terminal.waitFor(/A comment stays: it cannot be taken back/);
});

test("an approval can be revoked, which is for good and is said; a rejection says before that it stays", async () => {
	const { press, terminal } = openAt({ to: "requests" });
	await terminal.waitFor(/1\/6/);
	await press("x");
	await terminal.waitFor(/This cannot be undone; it can be asked for again/);
	await press("esc", "a");
	await terminal.waitFor(/Undone, it is/);
	await press("enter");
	await terminal.waitFor(/Approved until .* · u to undo/);
	await press("u");
	await terminal.waitFor(/It is revoked for good/);
	await press(redo);
	await terminal.waitFor(/Nothing was taken back that could be done again/);
});
