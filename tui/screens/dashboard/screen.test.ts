import { expect, test } from "vitest";
import { AppError } from "../../../protocol/errors.ts";
import * as dashboards from "../../../protocol/methods/dashboard.ts";
import * as findings from "../../../protocol/methods/findings.ts";
import type { DashboardWidget } from "../../../protocol/model/dashboard.ts";
import { openTestConsole } from "../../../test/support/console.ts";
import { createFakeClient } from "../../connect/fake-client.test-support.ts";
import { findingOf } from "../../connect/sample-findings.test-support.ts";

test.each([
	[80, 24],
	[100, 30],
	[160, 45],
])("saved queries stand on the dashboard with name and figure at %i x %i, and open by key", async (columns, rows) => {
	const open = openTestConsole({ screen: { to: "dashboard" }, size: { columns, rows } });
	await open.terminal.waitFor(/Queries/);
	await open.terminal.waitFor(/query 1 .*7/);
	await open.terminal.waitFor(/query 3/);
	const text = await open.terminal.waitFor(/Top weaknesses/);
	expect(text).toMatch(/Top assets/);
});

test("of a daemon that is gone the boxes are not waited for, and what to press stands there", async () => {
	const client = createFakeClient();
	const { call } = client;
	client.call = (asked, ...rest) =>
		asked.name.startsWith("dashboard.") ? new Promise(() => undefined) : call(asked, ...rest);
	const desk = openTestConsole({ client, screen: { to: "dashboard" } });
	await desk.terminal.waitFor(/Asking the daemon/);
	client.setState("reconnecting");
	const text = await desk.terminal.waitFor(/The daemon does not answer: its boxes come once it does/);
	expect(text).not.toContain("Asking");
	expect(text).toMatch(/ctrl-g starts it/);
});

test("nobody is welcomed to a daemon that is gone; what to press stands there, and the welcome once it is back", async () => {
	const client = createFakeClient({ assets: 0, scans: 0 });
	const desk = openTestConsole({ client, screen: { to: "dashboard" } });
	await desk.terminal.waitFor(/Welcome to Vedette/);
	client.setState("reconnecting");
	const text = await desk.terminal.waitFor(/does not answer: nothing can be scanned until it does/);
	expect(text).not.toContain("Welcome");
	expect(text).toMatch(/ctrl-g starts it/);
	expect(text).not.toContain("scan this machine");
	client.setState("connected");
	await desk.terminal.waitFor(/Welcome to Vedette/);
});

test("a box whose figures cannot be had says why, and shows them once they can", async () => {
	const client = createFakeClient();
	client.answer(findings.list, () => {
		throw new AppError("internal", "The store is busy.", { hint: "See the log." });
	});
	const newest: DashboardWidget = { kind: "built-in", shows: "newest", width: 1, height: 2 };
	client.answer(dashboards.get, () => ({ widgets: [newest], own: true }));
	const desk = openTestConsole({ client, screen: { to: "dashboard" } });
	await desk.terminal.waitFor(/The store is busy\.[\s\S]*See the log\./);
	client.answer(findings.list, () => ({ items: [findingOf(5, {})], total: 1, next: null }));
	client.push(findings.watch, { kind: "changed", total: 1 });
	await desk.terminal.waitFor((text) => text.includes(findingOf(5, {}).title.slice(0, 20)));
});
