import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { DashboardWidget } from "../../protocol/model/dashboard.ts";
import { openSettings } from "./settings.ts";
import { dashboardOf, resetDashboard, saveDashboard, trendsOnDashboards } from "./settings-dashboards.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-dashboards-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const open = () => openSettings(join(folder, "settings.json"), { log: pino({ level: "silent" }) });

const trend: DashboardWidget = { kind: "query", query: "Old", as: "trend", width: 2, height: 3 };

test("a dashboard is its operator's alone, outlives the daemon, and can be forgotten", async () => {
	const first = await open();
	const standard = dashboardOf(first, "unix:1000");
	expect(standard.own).toBe(false);
	await saveDashboard(first, "unix:1000", [trend]);
	expect(dashboardOf(first, "unix:1001")).toEqual(standard);
	await first.close();

	const second = await open();
	expect(dashboardOf(second, "unix:1000")).toEqual({ widgets: [trend], own: true });
	expect(trendsOnDashboards(second)).toEqual(["Old"]);
	expect(await saveDashboard(second, "unix:1000", [])).toEqual({ widgets: [], own: true });
	expect(await resetDashboard(second, "unix:1000")).toEqual(standard);
	expect(second.data.dashboards).toEqual([]);
	await second.close();
});
