import { expect, test } from "vitest";
import { openTestConsole } from "../../../test/support/console.ts";

test("words are found in a text, forth and back, and round", async () => {
	const desk = openTestConsole({ screen: { to: "why", finding: 3 } });
	await desk.terminal.waitFor(/Step by step/);
	await desk.press("n");
	await desk.terminal.waitFor(/Nothing is looked for yet: \/ asks what/);
	await desk.press("/", "STEP by", "enter");
	await desk.terminal.waitFor(/1 of 1 line · n next · N before/);
	await desk.press("/", "ctrl-u", "expression", "enter");
	const told = await desk.terminal.waitFor(/1 of \d+ lines/);
	const all = Number(/1 of (\d+) lines/.exec(told)?.[1]);
	expect(all).toBeGreaterThan(1);
	await desk.press("N");
	await desk.terminal.waitFor(new RegExp(`${all} of ${all} lines`));
	await desk.press("n", "n");
	await desk.terminal.waitFor(/2 of \d+ lines/);
	await desk.press("/", "ctrl-u", "no such words", "enter");
	await desk.terminal.waitFor(/“no such words” is not in this text/);
	await desk.close();
});
