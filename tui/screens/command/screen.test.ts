import { expect, test } from "vitest";
import { openTestConsole } from "../../../test/support/console.ts";

const at = (size = { columns: 100, rows: 30 }) => openTestConsole({ screen: { to: "scans" }, size });

test("a command with what it takes, by its start, and back to the screen as it was left", async () => {
	const open = at();
	await open.terminal.waitFor(/dmz weekly/);
	await open.press("j", ":", "ass", "tab");
	await open.terminal.waitFor(/: assets /);
	await open.press("tag:Web", "enter");
	await open.terminal.waitFor(/Assets +tag:Web/);
	await open.press("-");
	await open.terminal.waitFor(/Scans/);
	await open.terminal.waitFor(/2\/\d+/);
	await open.press("-");
	await open.terminal.waitFor(/Assets +tag:Web/);
});

test("scan takes targets, a number opens a thing, and what is wrong says what would be right", async () => {
	const open = at();
	await open.terminal.waitFor(/dmz weekly/);
	await open.press(":scan 192.0.2.0/24", "enter");
	await open.terminal.waitFor(/192\.0\.2\.0\/24/);
	await open.press("esc", ":asset 2", "enter");
	await open.terminal.waitFor(/Ports 6/);
	await open.press(":thme dark", "enter");
	await open.terminal.waitFor(/There is no command “thme”; did you mean theme\?/);
	await open.press("ctrl-u", "theme ");
	await open.terminal.waitFor(/theme contrast/);
	await open.press("safe", "enter");
	await open.terminal.waitFor(/Theme safe: colours that stay apart/);
	await open.press(":theme auto", "enter", ":", "up");
	await open.terminal.waitFor(/: theme auto/);
});

test("an action of the screen is a command by its name, and a disabled one says why", async () => {
	const open = openTestConsole({ screen: { to: "scans" }, readOnly: true, size: { columns: 100, rows: 30 } });
	await open.terminal.waitFor(/dmz weekly/);
	await open.press(":pause");
	await open.terminal.waitFor(/pause +This console is read-only/);
	await open.press("enter");
	await open.terminal.waitFor(/✗ This console is read-only/);
	expect(open.client.calls.some(({ name }) => name === "scans.pause")).toBe(false);
});

test("what the console costs stands in a corner, and :q leaves", async () => {
	const open = at();
	await open.terminal.waitFor(/dmz weekly/);
	await open.press(":perf", "enter");
	await open.terminal.waitFor(/frames .*\/s/);
	await open.press(":perf", "enter");
	await open.terminal.waitFor((text) => !text.includes("frames"));
	await open.press(":q", "enter");
	await open.left;
});

test("the second of two keys is told when it does not come at once, and a quick one is not waited for", async () => {
	const open = at({ columns: 80, rows: 24 });
	await open.terminal.waitFor(/dmz weekly/);
	await open.press("g");
	const shown = await open.terminal.waitFor(/╭─ g … /);
	expect(shown).toMatch(/k +Knowledge/);
	expect(shown).toMatch(/g +First row/);
	await open.press("esc");
	await open.terminal.waitFor((text) => !text.includes("g … "));
	await open.press("g", "t");
	await open.terminal.waitFor(/Payment/);
	expect(open.terminal.text()).not.toContain("g … ");
});

test("import opens the form that takes in a scanner's file, from wherever one is", async () => {
	const open = at();
	await open.terminal.waitFor(/dmz weekly/);
	await open.press(":import", "enter");
	await open.terminal.waitFor(/Take in another scanner's file/);
});

test("why without a number is that of the row under the cursor", async () => {
	const open = openTestConsole({ screen: { to: "findings" } });
	await open.terminal.waitFor(/1\/731/);
	await open.press(":why", "enter");
	await open.terminal.waitFor(/› why|Why/);
	expect(open.client.calls.some(({ name }) => name === "findings.explain")).toBe(true);
});
