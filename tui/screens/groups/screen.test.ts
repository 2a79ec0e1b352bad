import { expect, test } from "vitest";
import * as groups from "../../../protocol/methods/groups.ts";
import { openTestConsole, type TestConsole } from "../../../test/support/console.ts";

let open: TestConsole;

test("a group is made, edited and filled in forms; the built-in one stays as it is", async () => {
	open = openTestConsole({ screen: { to: "groups" }, size: { columns: 120, rows: 40 } });
	await open.terminal.waitFor(/Web 2/);
	await open.press("e");
	await open.terminal.waitFor(/It is built in/);
	await open.press("a");
	await open.terminal.waitFor(/A new asset group/);
	await open.press(..."Shop", "tab", ..."10.0.9.0/24", "enter");
	await open.terminal.waitFor(/The group Shop has 256 addresses/);
	expect(open.paramsOf(groups.create)).toMatchObject({
		title: "Shop",
		addresses: ["10.0.9.0/24"],
		businessImpact: "none",
	});
	await open.press("j", "+");
	await open.terminal.waitFor(/Add to Web 2/);
	await open.press(..."10.0.8.1", "enter");
	await open.terminal.waitFor(/3 more in Web 2/);
	expect(open.paramsOf(groups.addAddresses)).toEqual({ group: "Web 2", addresses: ["10.0.8.1"] });
	await open.press("e");
	await open.terminal.waitFor(/Edit the group Web 2/);
	await open.press("tab", "tab", ..."x", "enter");
	await open.terminal.waitFor(/The group Web 2 is saved/);
	expect(open.paramsOf(groups.edit)).toMatchObject({ group: "Web 2", businessImpact: "high", comments: "x" });
});

test("what was never scanned is one key away, and a scan of it another", async () => {
	open = openTestConsole({ screen: { to: "groups" }, size: { columns: 120, rows: 40 } });
	await open.terminal.waitFor(/Web 2/);
	await open.press("v");
	await open.terminal.waitFor(/10\.0\.0\.7-10\.0\.0\.9/);
	expect(open.paramsOf(groups.neverScanned)).toMatchObject({ group: "All" });
	await open.press("S");
	await open.terminal.waitFor(/New scan/);
	await open.terminal.waitFor(/10\.0\.0\.7-10\.0\.0\.9/);
});
