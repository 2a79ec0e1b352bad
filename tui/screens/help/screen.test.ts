import { expect, test } from "vitest";
import { openTestConsole } from "../../../test/support/console.ts";

test("words are found in the keys too, and a screen with neither list nor text says where there is something to find", async () => {
	const desk = openTestConsole({ screen: { to: "findings" }, size: { columns: 80, rows: 24 } });
	await desk.terminal.waitFor(/1\/731/);
	await desk.press("?");
	await desk.terminal.waitFor(/\/ finds/);
	await desk.press("/", ..."AUDIT LOG", "enter");
	await desk.terminal.waitFor(/1 of 1 line · n next/);
	expect(desk.terminal.text()).toMatch(/8 gl +Audit log/);
	await desk.press("esc", "1");
	await desk.terminal.waitFor(/Open findings|Risk/);
	await desk.press("/");
	await desk.terminal.waitFor(/Nothing is filtered here: 3 assets and 4 findings/);
	await desk.close();
});
