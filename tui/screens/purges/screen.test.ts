import { expect, test } from "vitest";
import * as purges from "../../../protocol/methods/purges.ts";
import { openTestConsole, type TestConsole } from "../../../test/support/console.ts";

let open: TestConsole;
function openPurges(): TestConsole {
	return openTestConsole({ screen: { to: "purges" }, size: { columns: 120, rows: 40 } });
}

test("a purge shows what would go, asks, and expects what it showed", async () => {
	open = openPurges();
	await open.terminal.waitFor(/returned to the lessor/);
	await open.press("a");
	await open.terminal.waitFor(/250 assets match now/);
	await open.press("tab", "enter");
	await open.terminal.waitFor(/A purge needs a reason/);
	await open.press("o", "l", "d", "enter");
	await open.terminal.waitFor(/Purge 3 assets\?/);
	expect(open.paramsOf(purges.run)).toBeUndefined();
	await open.answer("y");
	await open.terminal.waitFor(/Purge 8: 3 assets gone/);
	expect(open.paramsOf(purges.run)).toEqual({
		...{ filter: "lastSeen<now-90d", expected: 3, everything: false, reason: "old" },
	});
});

test("undone once asked; what cannot come back alone is offered beside what is there", async () => {
	open = openPurges();
	await open.terminal.waitFor(/returned to the lessor/);
	await open.press("G", "k", "u");
	await open.terminal.waitFor(/All its assets are back already|Nothing is kept of it/);
	await open.press("g", "g", "u");
	await open.terminal.waitFor(/Undo purge 7\?/);
	await open.answer("y");
	await open.terminal.waitFor(/Put back 1 asset beside what is there now\?/);
	expect(open.paramsOf(purges.undo)).toEqual({ purge: 7, beside: false });
	await open.answer("y");
	await open.terminal.waitFor(/2 assets put back/);
	expect(open.paramsOf(purges.undo)).toEqual({ purge: 7, beside: true });
});

test("rules are made, switched off and deleted", async () => {
	open = openPurges();
	await open.terminal.waitFor(/returned to the lessor/);
	await open.press("r");
	await open.terminal.waitFor(/spares/);
	await open.press("a");
	await open.terminal.waitFor(/A rule that purges once a day/);
	await open.terminal.waitFor(/250 assets match now/);
	await open.press("o", "l", "d", "tab", "tab", "w", "tab", "5", "enter");
	await open.terminal.waitFor(/The rule is saved; 4 assets match now/);
	expect(open.paramsOf(purges.saveRule)).toEqual({ name: "old", query: "lastSeen<now-90d", reason: "w", most: 5 });
	await open.press(" ");
	await open.terminal.waitFor(/The rule gone is off/);
	expect(open.paramsOf(purges.saveRule)).toEqual({ name: "gone", enabled: false });
	await open.press("X");
	await open.terminal.waitFor(/Delete the purge rule gone\?/);
	await open.answer("y");
	await open.terminal.waitFor(/The rule gone is deleted/);
});
