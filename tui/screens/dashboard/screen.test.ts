import { expect, test } from "vitest";
import { openTestConsole } from "../../../test/support/console.ts";
import { createFakeClient } from "../../connect/fake-client.test-support.ts";

test.each([
	[80, 24],
	[100, 30],
	[160, 45],
])("saved queries stand on the dashboard with name and figure at %i x %i, and open by key", async (columns, rows) => {
	const open = openTestConsole({ screen: { to: "dashboard" }, size: { columns, rows } });
	await open.terminal.waitFor(/Queries/);
	await open.terminal.waitFor(/query 1 .*7/);
	await open.terminal.waitFor(/query 3/);
	const text = await open.terminal.waitFor(/Top weaknesses/);
	expect(text).toMatch(/Top assets/);
});

test("of a daemon that is gone the boxes are not waited for, and what to press stands there", async () => {
	const client = createFakeClient();
	const { call } = client;
	client.call = (asked, ...rest) =>
		asked.name.startsWith("dashboard.") ? new Promise(() => undefined) : call(asked, ...rest);
	const desk = openTestConsole({ client, screen: { to: "dashboard" } });
	await desk.terminal.waitFor(/Asking the daemon/);
	client.setState("reconnecting");
	const text = await desk.terminal.waitFor(/The daemon does not answer: its boxes come once it does/);
	expect(text).not.toContain("Asking");
	expect(text).toMatch(/ctrl-g starts it/);
});
