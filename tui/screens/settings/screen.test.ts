import { expect, test } from "vitest";
import { set } from "../../../protocol/methods/settings.ts";
import { openTestConsole, type TestConsole } from "../../../test/support/console.ts";
import { createFakeClient } from "../../connect/fake-client.test-support.ts";

let open: TestConsole;
const changes = () => open.client.calls.filter(({ name }) => name === set.name).map(({ params }) => params);

test("a setting is changed in place, taken back, and set to its default", async () => {
	open = openTestConsole({ screen: { to: "settings" }, size: { columns: 120, rows: 40 } });
	await open.terminal.waitFor(/Setting 1 .*default/);
	await open.press("/", ..."every-hours", "enter");
	await open.terminal.waitFor((text) => /Setting 1/.test(text) && !/Setting 2/.test(text));
	await open.press("enter");
	await open.terminal.waitFor(/Empty is the default: never by themselves/);
	await open.press("6", "enter");
	await open.terminal.waitFor(/Setting 1: every 6 h/);
	await open.press("R");
	await open.terminal.waitFor(/every 6 h +set/);
	await open.press("D");
	await open.terminal.waitFor(/Setting 1: never by themselves/);
	await open.press("u");
	await open.terminal.waitFor(/Undone/);
	expect(changes()).toEqual(
		["6", "", "6"].map((value) => expect.objectContaining({ id: "knowledge.every-hours", value })),
	);
});

test("what is changed elsewhere opens there, what cannot be changed says so", async () => {
	open = openTestConsole({ screen: { to: "settings" }, size: { columns: 80, rows: 24 } });
	await open.terminal.waitFor(/Setting 3/);
	await open.press("/", ..."purges.undo", "enter");
	await open.terminal.waitFor((text) => /Setting 4/.test(text) && !/Setting 1/.test(text));
	await open.press("enter");
	await open.terminal.waitFor(/cannot be changed/);
	await open.press("esc");
	await open.press("/", ..."scans.profiles", "enter");
	await open.terminal.waitFor((text) => /Setting 3/.test(text) && !/Setting 1/.test(text));
	await open.press("enter");
	await open.terminal.waitFor(/Night/);
});

test("a viewer reads them all and is told what changing needs", async () => {
	const client = createFakeClient({ access: "read" });
	open = openTestConsole({ client, screen: { to: "settings" }, size: { columns: 120, rows: 40 } });
	await open.terminal.waitFor(/Setting 1/);
	await open.press("j");
	await open.terminal.waitFor(/needs admin access; yours is/);
	await open.press("enter");
	await open.terminal.waitFor(/It needs admin access; yours is read\./);
	expect(changes()).toEqual([]);
});
