import { expect, test } from "vitest";
import { findingOf, overviewOf, scanOf } from "../../connect/sample-data.test-support.ts";
import { widgetOf } from "../../connect/sample-tags.test-support.ts";
import { boxes, type DashboardData, isFirstRun, moveBox, moveRow, routeOf, shownScans } from "./model.ts";

const scans = [scanOf(6, {}), scanOf(7, {})];
const data: DashboardData = {
	overview: overviewOf(4, scans, {}),
	scans,
	newest: [findingOf(5, {})],
	widgets: [widgetOf(1, {})],
};

test("every box leads somewhere with its filter", () => {
	expect(routeOf({ box: "severity", row: 1 }, data)).toEqual({ to: "findings", filter: "severity:4" });
	expect(routeOf({ box: "scans", row: 0 }, data)).toEqual({ to: "scan", scan: 7 });
	expect(routeOf({ box: "newest", row: 0 }, data)).toEqual({ to: "finding", finding: 5 });
	expect(routeOf({ box: "weaknesses", row: 1 }, data)).toEqual({
		to: "findings",
		filter: "signature:redis/no-password",
	});
	expect(routeOf({ box: "assets", row: 2 }, data)).toEqual({ to: "asset", asset: 3 });
	expect(routeOf({ box: "services", row: 0 }, data)).toEqual({ to: "assets", filter: "service:ssh" });
	expect(routeOf({ box: "queries", row: 0 }, data)).toEqual({ to: "assets", filter: "os is null" });
	expect(routeOf({ box: "queries", row: 5 }, data)).toEqual({ to: "queries" });
	expect(routeOf({ box: "trend", row: 0 }, data)).toEqual({ to: "findings" });
});

test("running scans stand first", () => {
	expect(shownScans(data).map(({ id }) => id)).toEqual([7, 6]);
});

test("moving goes round the boxes on screen and stops at the ends of a box", () => {
	const visible = boxes.slice(0, 3);
	expect(moveBox({ box: "weaknesses", row: 3 }, visible, 1)).toEqual({ box: "severity", row: 0 });
	expect(moveBox({ box: "severity", row: 0 }, visible, -1)).toEqual({ box: "weaknesses", row: 0 });
	expect(moveRow({ box: "severity", row: 4 }, data, 1).row).toBe(4);
	expect(moveRow({ box: "severity", row: 0 }, data, -1).row).toBe(0);
});

test("only a console that knows nothing greets", () => {
	expect(isFirstRun({ overview: overviewOf(0, [], {}), scans: [] })).toBe(true);
	expect(isFirstRun({ overview: undefined, scans: [] })).toBe(false);
	expect(isFirstRun({ overview: overviewOf(0, [], {}), scans })).toBe(false);
});
