import { expect, test } from "vitest";
import * as access from "../../../protocol/methods/access.ts";
import { openTestConsole, type TestConsole } from "../../../test/support/console.ts";
import { createFakeClient } from "../../connect/fake-client.test-support.ts";
import { accessOf } from "../../connect/sample-access.test-support.ts";

let open: TestConsole;
function openAccess(client = createFakeClient()): TestConsole {
	open = openTestConsole({ client, screen: { to: "access" }, size: { columns: 120, rows: 40 } });
	return open;
}

test("somebody is let in, given another level, and put out after a question", async () => {
	const { terminal, press } = openAccess();
	await terminal.waitFor(/unix:ana/);
	await press("a");
	await terminal.waitFor(/scans, tags, asks for exceptions/);
	await press(..."ben", "tab", "\u001b[C", "enter");
	await terminal.waitFor(/unix:ben has approve access/);
	expect(open.paramsOf(access.grant)).toEqual({ who: "unix:ben", access: "approve" });
	await press("X");
	await terminal.waitFor(/connections are closed at once/);
	await open.answer("enter");
	expect(open.paramsOf(access.revoke)).toBeUndefined();
	await press("X");
	await terminal.waitFor(/connections are closed at once/);
	await open.answer("y");
	await terminal.waitFor(/unix:ana has no access any more/);
	expect(open.paramsOf(access.revoke)).toEqual({ who: "unix:ana" });
});

test("the secret of a token is shown once, and leaving it asks to be meant", async () => {
	const { terminal, press } = openAccess();
	await terminal.waitFor(/unix:ana/);
	await press("t");
	await terminal.waitFor(/Make an access token/);
	await press(..."ci", "enter");
	await terminal.waitFor(/vedette_c2VjcmV0/);
	await press("\u001b");
	await terminal.waitFor(/not shown again: y copies it/);
	await press("\u001b");
	await terminal.waitFor((shown) => !shown.includes("vedette_c2VjcmV0"));
	await terminal.waitFor(/unix:ana/);
});

test("one operator alone is switched on knowingly, and shown as long as it lasts", async () => {
	const client = createFakeClient();
	let singleOperator: ReturnType<typeof accessOf>["singleOperator"] = null;
	client.answer(access.list, () => ({ ...accessOf({}), singleOperator }));
	const { terminal, press } = openAccess(client);
	await terminal.waitFor(/Nobody decides on what they asked for/);
	await press("o");
	await terminal.waitFor(/nobody checks a/);
	await press("enter");
	await terminal.waitFor(/It needs a reason/);
	await press(..."alone until June", "enter");
	await terminal.waitFor(/Give up four eyes\?/);
	singleOperator = { since: "2026-03-01T12:00:00.000Z", by: "unix:1000", reason: "alone until June" };
	await open.answer("y");
	await terminal.waitFor(/! one operator decides alone/);
	expect(open.paramsOf(access.setSingleOperator)).toEqual({ on: true, reason: "alone until June" });
});
