import { expect, test } from "vitest";
import * as exclusions from "../../../protocol/methods/exclusions.ts";
import * as profiles from "../../../protocol/methods/profiles.ts";
import { openTestConsole, type TestConsole } from "../../../test/support/console.ts";

let open: TestConsole;

test("a built-in profile is cloned, not edited; one's own is edited in a form that says what is wrong", async () => {
	open = openTestConsole({ screen: { to: "profiles" }, size: { columns: 120, rows: 40 } });
	await open.terminal.waitFor(/Initial/);
	await open.press("e");
	await open.terminal.waitFor(/It is built in; C makes one of your own of it/);
	await open.press("C");
	await open.terminal.waitFor(/Make a profile of “Initial”/);
	await open.press("esc", "G", "e");
	await open.terminal.waitFor(/Edit “Night”, version 3/);
	await open.press("tab", "right");
	await open.terminal.waitFor(/‹ full ›/);
	for (let field = 0; field < 12; field++) await open.press("tab");
	await open.press("\u0015", "x", "enter");
	await open.terminal.waitFor(/✗ .*[Mm]inutesPerHost/);
	await open.press("\u0015", "3", "0", "enter");
	await open.terminal.waitFor(/“Night” is version 4 now/);
	expect(open.paramsOf(profiles.edit)).toMatchObject({
		...{ name: "Night", version: 3, options: { ports: { set: "full" }, maxMinutesPerHost: 30 } },
	});
});

test("what is excluded gets a reason and an end, and is ended with a reason", async () => {
	open = openTestConsole({ screen: { to: "exclusions" }, size: { columns: 120, rows: 40 } });
	await open.terminal.waitFor(/label printers/);
	await open.press("a");
	await open.terminal.waitFor(/Exclude from every scan and map/);
	await open.press("1", "0", ".", "0", ".", "9", ".", "1", "tab", "o", "l", "d", "tab", "x");
	await open.terminal.waitFor(/is not a day or a time from now/);
	await open.press("backspace", "8", "w", "enter");
	await open.terminal.waitFor(/1 target is excluded; 1 scan halted and went on by it · u to undo/);
	expect(open.paramsOf(exclusions.add)).toEqual({
		...{ targets: ["10.0.9.1"], comment: "old", expiresAt: "2026-04-26T12:00:00.000Z" },
	});
	await open.press("X");
	await open.terminal.waitFor(/End the exclusion of 10\.0\.1\.0\/28/);
	await open.press("g", "o", "n", "e", "enter");
	await open.terminal.waitFor(/10\.0\.1\.0\/28 is not excluded any more/);
	expect(open.paramsOf(exclusions.remove)).toEqual({ exclusions: [1], comment: "gone" });
});
