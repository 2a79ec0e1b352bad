import { expect, test } from "vitest";
import type { Dashboard } from "../../../protocol/model/dashboard.ts";
import { openTestConsole, type TestConsole } from "../../../test/support/console.ts";

function kept(console: TestConsole): Dashboard["widgets"] {
	const save = console.client.calls.findLast(({ name }) => name === "dashboard.save");
	return (save?.params as Pick<Dashboard, "widgets"> | undefined)?.widgets ?? [];
}

test("boxes are moved, sized, taken off and put back, and each change is kept", async () => {
	const open = openTestConsole({ screen: { to: "dashboard" }, size: { columns: 120, rows: 40 } });
	await open.terminal.waitFor(/Open findings/);
	await open.press("E");
	await open.terminal.waitFor(/yours, on every console/);
	expect(open.terminal.text().match(/▸ /g), "one box is chosen, without a look at colours").toHaveLength(1);
	await open.press("w");
	await open.terminal.waitFor(/2\/3 · middle/);
	await open.press("+");
	await open.terminal.waitFor(/2\/3 · tall/);
	await open.press(">");
	await open.terminal.waitFor(/ 2\/18/);
	expect(kept(open).slice(0, 2)).toMatchObject([{ shows: "scans" }, { shows: "severity", width: 2, height: 3 }]);
	await open.press("X");
	await open.terminal.waitFor(/Open findings is off the dashboard/);
	expect(kept(open)).toHaveLength(17);
	await open.press("u");
	await open.terminal.waitFor(/ 2\/18/);
	expect(kept(open)[1]).toMatchObject({ shows: "severity" });
	await open.press("enter");
	await open.terminal.waitFor((text) => !text.includes("› edit"));
});

test("a box is found by typing, a saved query goes on as table, and the default comes back", async () => {
	const open = openTestConsole({ screen: { to: "arrange" }, size: { columns: 160, rows: 45 } });
	await open.terminal.waitFor(/Open findings/);
	await open.press("a");
	await open.terminal.waitFor(/Requests waiting for a decision/);
	await open.press(..."query 2");
	await open.terminal.waitFor(/query 2: assets/);
	await open.press("enter");
	await open.terminal.waitFor(/query 2 is on the dashboard/);
	await open.press("t");
	await open.terminal.waitFor(/table · 1\/3/);
	expect(kept(open)[1]).toEqual({ kind: "query", query: "query 2", as: "table", width: 1, height: 1 });
	await open.press("D");
	await open.terminal.waitFor(/as it came with Vedette/);
});

test("an empty dashboard says how to fill it", async () => {
	const open = openTestConsole({ screen: { to: "arrange" }, size: { columns: 80, rows: 24 } });
	await open.terminal.waitFor(/Open findings/);
	for (let left = 18; left > 0; left--) {
		await open.press("X");
		await open.terminal.waitFor(new RegExp(` \\d+/${left - 1}\\b`));
	}
	await open.terminal.waitFor(/a adds a box/);
});
