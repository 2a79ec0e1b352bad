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
