import { expect, test } from "vitest";
import { openTestConsole } from "../../../test/support/console.ts";

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
