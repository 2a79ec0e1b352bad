import { expect, test } from "vitest";
import * as maps from "../../../protocol/methods/maps.ts";
import { openTestConsole, type TestConsole } from "../../../test/support/console.ts";
import { createFakeClient, type FakeClient } from "../../connect/fake-client.test-support.ts";
import { sampleNow } from "../../connect/sample-data.test-support.ts";
import { mapOf } from "../../connect/sample-maps.test-support.ts";
import type { Route } from "../view.ts";

let open: TestConsole;
let now = sampleNow;
function show(screen: Route, client: FakeClient = createFakeClient(), readOnly = false): TestConsole {
	open = openTestConsole({ client, screen, readOnly, now: () => now, size: { columns: 120, rows: 40 } });
	return open;
}
const anyTime = { notDuring: "", timeZone: "UTC", pauseAfterMinutes: null, resumeInMinutes: null };
const paramsOf = (client: FakeClient, name: string) => client.calls.findLast((call) => call.name === name)?.params;

test("two marked maps are compared, the older first; of two domains they are not", async () => {
	const desk = show({ to: "maps" });
	await desk.terminal.waitFor(/none:\[10\.0\.0\.0\/22\]/);
	await desk.press(" ", " ", "D");
	await desk.terminal.waitFor(/Map 3 → 4/);
	expect(paramsOf(desk.client, maps.compare.name)).toMatchObject({ before: 3, after: 4 });
	await desk.press("esc", "esc");
	await desk.press("*", "D");
	await desk.terminal.waitFor(/Mark two maps, not more/);
});

test.each([
	[80, 24],
	[160, 45],
])("at %i×%i what a map asked is one key away, from the list and from its hosts", async (columns, rows) => {
	for (const screen of [{ to: "maps" }, { to: "map", map: 3 }] as const) {
		const desk = openTestConsole({ screen, size: { columns, rows } });
		open = desk;
		await desk.terminal.waitFor(screen.to === "maps" ? /none:\[10\.0/ : /10\.0\.1\.2/);
		await desk.press("C");
		await desk.terminal.waitFor(/excluded by .*10\.0\.3\.0\/28/);
		expect(desk.terminal.text()).toMatch(/packets +14,500/);
		await desk.close();
	}
});

test("a map that waits for its window runs now when that is asked for twice", async () => {
	const waiting = {
		...mapOf(4, {}),
		status: "waiting" as const,
		continuesAt: "2026-03-01T20:00:00.000Z",
		window: { ...anyTime, during: "Mon-Fri 20:00-06:00" },
	};
	const client = createFakeClient();
	client.answer(maps.list, () => ({ items: [waiting], total: 1, next: null }));
	const desk = show({ to: "maps" }, client);
	await desk.terminal.waitFor(/waiting/);
	await desk.press("W");
	await desk.terminal.waitFor(/It may run Mon-Fri 20:00-06:00/);
	// A question takes no answer at once.
	now += 1_000;
	await desk.press("y");
	await desk.terminal.waitFor(/runs now; p pauses it/);
	expect(paramsOf(client, maps.resume.name)).toEqual({ map: 4, ignoreWindow: true });
});

test("a map that runs moves, in its row and in the breadcrumb of its hosts", async () => {
	const client = createFakeClient();
	const desk = show({ to: "map", map: 4 }, client);
	await desk.terminal.waitFor(/● running .* 40 %/);
	client.push(maps.watch, { kind: "map", map: { ...mapOf(4, {}), progress: 0.75, hosts: 52 } });
	await desk.terminal.waitFor(/75 %/);
	client.push(maps.watch, { kind: "map", map: { ...mapOf(4, {}), status: "finished", progress: 1 } });
	await desk.terminal.waitFor(/✓ finished/);
});

test("marked hosts are approved together, and what cannot be done says why", async () => {
	const desk = show({ to: "map", map: 3 });
	await desk.terminal.waitFor(/10\.0\.1\.2/);
	await desk.press("A");
	await desk.terminal.waitFor(/It is not approved/);
	await desk.press(" ", " ");
	await desk.terminal.waitFor(/● 2 marked/);
	await desk.press("a");
	await desk.terminal.waitFor(/Approved 2 hosts; 9 approved in none · u to undo/);
	expect(paramsOf(desk.client, maps.approve.name)).toEqual({
		...{ map: 3, addresses: ["10.0.1.2", "10.0.2.3"], mode: "add" },
	});
	// The other one was approved before, and stays so.
	await desk.press("u");
	await desk.terminal.waitFor(/Undone: Approved 2 hosts/);
	expect(desk.client.calls.findLast(({ name }) => name === maps.approve.name)?.params).toEqual({
		...{ map: 3, addresses: ["10.0.1.2"], mode: "remove" },
	});
});

test("marked hosts go to the dialog of a new scan", async () => {
	const desk = show({ to: "map", map: 3 });
	await desk.terminal.waitFor(/10\.0\.1\.2/);
	await desk.press(" ", " ", "S");
	expect(await desk.terminal.waitFor(/New scan/)).toContain("10.0.1.2 10.0.2.3");
});

test("the topology folds, and shows the host under the cursor", async () => {
	const desk = show({ to: "map-topology", map: 3 });
	await desk.terminal.waitFor(/10\.9\.0\.1 {2}router/);
	expect(desk.terminal.text()).toContain("* (a router that kept silent)");
	await desk.press("z");
	await desk.terminal.waitFor((shown) => !shown.includes("host-3.corp.example"));
	await desk.press("z");
	await desk.terminal.waitFor(/host-3\.corp\.example/);
});

test("the form of a new map keeps what was typed when the daemon refuses it", async () => {
	const client = createFakeClient();
	client.answer(maps.start, () => {
		throw new Error("“x” is neither a domain nor an address.");
	});
	const desk = show({ to: "maps" }, client);
	await desk.terminal.waitFor(/none:/);
	await desk.press("n");
	await desk.terminal.waitFor(/New map/);
	await desk.press("\u0015", "x", "enter");
	await desk.terminal.waitFor(/neither a domain nor an address/);
	expect(desk.terminal.text()).toContain("Targets        x");
});

test("a read-only console may look at all of it and change nothing", async () => {
	const desk = show({ to: "map", map: 3 }, createFakeClient(), true);
	await desk.terminal.waitFor(/10\.0\.1\.2/);
	await desk.press("a");
	await desk.terminal.waitFor(/read-only/);
	expect(paramsOf(desk.client, maps.approve.name)).toBeUndefined();
});
