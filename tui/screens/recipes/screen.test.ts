import { expect, test } from "vitest";
import { hosts } from "../../../protocol/methods/maps.ts";
import * as recipes from "../../../protocol/methods/recipes.ts";
import { openTestConsole, type TestConsole } from "../../../test/support/console.ts";

let open: TestConsole;

test("a new subnet is asked for in a form, and what waits is approved in another", async () => {
	open = openTestConsole({ screen: { to: "recipes" }, size: { columns: 120, rows: 40 } });
	await open.terminal.waitFor(/12 live hosts are not approved/);
	await open.press("s");
	await open.terminal.waitFor(/Scan a new subnet/);
	await open.press(..."10.0.5.0/24", "enter");
	await open.terminal.waitFor(/Recipe 6 is under way/);
	expect(open.paramsOf(recipes.start)).toEqual({
		request: {
			...{ kind: "new-subnet", netblock: ["10.0.5.0/24"], domain: "none", profile: "Initial" },
			...{ approve: "ask", tracking: "IP" },
		},
	});
	open.client.answer(hosts, () => ({ items: [], total: 0, next: null }));
	await open.press("a");
	await open.terminal.waitFor(/empty: every live host/);
	await open.press(..."10.0.0.7", "enter");
	await open.terminal.waitFor(/Recipe 5 is waiting/);
	expect(open.paramsOf(recipes.goOn)).toEqual({ recipe: 5, addresses: ["10.0.0.7"] });
});

test("what was approved on the map is enough to go on with; every live host has to be asked for", async () => {
	open = openTestConsole({ screen: { to: "recipes" }, size: { columns: 120, rows: 40 } });
	open.client.answer(hosts, () => ({ items: [], total: 3, next: null }));
	await open.terminal.waitFor(/12 live hosts are not approved/);
	await open.press("a");
	await open.terminal.waitFor(/It goes on with the 3 live hosts that are approved; no more are/);
	await open.press("enter");
	await open.terminal.waitFor(/Recipe 5 is waiting/);
	expect(open.paramsOf(recipes.goOn)).toEqual({ recipe: 5, approved: true });
	await open.press("a");
	await open.terminal.waitFor(/It goes on with the 3 live hosts/);
	await open.press("tab", "right");
	await open.terminal.waitFor(/Every live host is approved/);
	await open.press("enter");
	await open.terminal.waitFor(/^(?![\s\S]*Approve hosts and go on)/);
	expect(open.paramsOf(recipes.goOn)).toEqual({ recipe: 5 });
});

test("a light inventory names its tag; what is over cannot be cancelled", async () => {
	open = openTestConsole({ screen: { to: "recipes" }, size: { columns: 120, rows: 40 } });
	await open.terminal.waitFor(/12 live hosts are not approved/);
	await open.press("i");
	await open.terminal.waitFor(/Light inventory, then a full scan/);
	await open.press(..."10.0.6.1", "tab", ..."New", "tab", "right", "enter");
	await open.terminal.waitFor(/Recipe 6 is under way/);
	expect(open.paramsOf(recipes.start)).toMatchObject({ request: { targets: ["10.0.6.1"], tag: "New", onlyNew: true } });
	await open.press("G", "X");
	await open.terminal.waitFor(/It is over/);
});

test("one that begins by itself is told to by its times, and no more by key", async () => {
	open = openTestConsole({ screen: { to: "recipes" }, size: { columns: 120, rows: 40 } });
	await open.terminal.waitFor(/1 on schedule \(t\)/);
	await open.press("i");
	await open.terminal.waitFor(/Light inventory, then a full scan/);
	await open.press(..."10.0.6.1", "tab", ..."New", "shift-tab", "shift-tab", ..."@daily", "enter");
	await open.terminal.waitFor(/Inventory New begins by itself, next on 2026-03-09 03:00 UTC/);
	expect(open.paramsOf(recipes.schedule)).toMatchObject({ name: "Inventory New", when: "@daily" });
	await open.press("t");
	await open.terminal.waitFor(/0 3 \* \* 1: next on/);
	await open.press("enter");
	await open.terminal.waitFor(/^(?![\s\S]*0 3 \* \* 1: next on)/);
	expect(open.paramsOf(recipes.unschedule)).toBeUndefined();
	await open.press("t");
	await open.terminal.waitFor(/0 3 \* \* 1: next on/);
	await open.press("tab", "right", "enter");
	await open.terminal.waitFor(/Night begins no more by itself/);
	expect(open.paramsOf(recipes.unschedule)).toEqual({ name: "Night" });
});
