import { expect, test } from "vitest";
import { restore } from "../../../protocol/methods/tags.ts";
import { openTestConsole } from "../../../test/support/console.ts";

test("what was deleted last is put back by key", async () => {
	const open = openTestConsole({ screen: { to: "tags" }, size: { columns: 80, rows: 24 } });
	await open.terminal.waitFor(/Payment/);
	await open.press("u");
	await open.terminal.waitFor(/The tag Payment is back, on 9 assets/);
	expect(open.client.calls.findLast(({ name }) => name === restore.name)?.params).toEqual({});
});

test("the example of a rule reads as one, not as the rule that was written", async () => {
	const open = openTestConsole({ screen: { to: "tags" }, size: { columns: 80, rows: 24 } });
	await open.terminal.waitFor(/Payment/);
	await open.press("a");
	await open.terminal.waitFor(/static: put on assets by hand/);
	await open.press(..."web", "tab", "tab", "right");
	await open.terminal.waitFor(/network-range, such as: 10\.0\.0\.0\/8/);
	await open.close();
});
