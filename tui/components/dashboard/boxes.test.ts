import { expect, test } from "vitest";
import { builtInWidgets, type DashboardWidget } from "../../../protocol/model/dashboard.ts";
import { duplicateGroupOf } from "../../connect/sample-duplicates.test-support.ts";
import { exceptionOf } from "../../connect/sample-exceptions.test-support.ts";
import { findingOf } from "../../connect/sample-findings.test-support.ts";
import { overviewOf } from "../../connect/sample-overview.test-support.ts";
import { scanOf } from "../../connect/sample-scans.test-support.ts";
import { activityOf } from "../../connect/sample-settings.test-support.ts";
import { queryAnswerOf, widgetOf } from "../../connect/sample-tags.test-support.ts";
import { ticketOf } from "../../connect/sample-tickets.test-support.ts";
import { plainLines } from "../../text/plain.ts";
import { answerKey, type BuiltIn, type DashboardData, isFirstRun, routeOf, rowsOf, shownScans } from "./boxes.ts";
import { boxFigures, drawBox } from "./draw.ts";
import { riskOf, riskParts } from "./risk.ts";

const scans = [scanOf(6, {}), scanOf(7, {})];
const asked = { kind: "query", query: "Old", as: "table", width: 1, height: 2 } as const;
const only = <Row>(item: Row) => ({ items: [item], total: 1 });
const data: DashboardData = {
	overview: overviewOf(4, scans, {}),
	scans,
	newest: only(findingOf(5, {})),
	yesterday: only(findingOf(6, {})),
	overdue: only(ticketOf(2, {})),
	requests: only(exceptionOf(5, {})),
	duplicates: only(duplicateGroupOf(1, {})),
	activity: only(activityOf(0, {})),
	queries: [widgetOf(1, {})],
	answers: new Map([[answerKey(asked), queryAnswerOf("table", {})]]),
	failures: {},
};
const box = (shows: BuiltIn): DashboardWidget => ({ kind: "built-in", shows, width: 1, height: 2 });
const nothing: DashboardData = {
	...{ overview: data.overview, scans: [], newest: undefined, yesterday: undefined, overdue: undefined },
	...{
		requests: undefined,
		duplicates: undefined,
		activity: undefined,
		queries: undefined,
		answers: new Map(),
		failures: {},
	},
};

test.each([
	["severity", 1, { to: "findings", filter: "severity:4" }],
	["scans", 0, { to: "scan", scan: 7 }],
	["newest", 0, { to: "finding", finding: 5 }],
	["yesterday", 0, { to: "finding", finding: 6 }],
	["overdue", 0, { to: "ticket", ticket: 2 }],
	["overdue", 9, { to: "tickets", view: "overdue" }],
	["requests", 0, { to: "request", request: 5 }],
	["requests", 9, { to: "requests", part: "to decide" }],
	["duplicates", 0, { to: "duplicate", group: 1 }],
	["weaknesses", 1, { to: "findings", filter: "signature:redis/no-password" }],
	["assets", 2, { to: "asset", asset: 3 }],
	["services", 0, { to: "assets", filter: "service:ssh" }],
	["queries", 0, { to: "assets", filter: "os is null" }],
	["queries", 5, { to: "queries" }],
	["activity", 0, { to: "scan", scan: 1 }],
	["activity", 5, { to: "activity" }],
	["knowledge", 0, { to: "knowledge" }],
	["trend", 0, { to: "findings" }],
	["risk", 0, { to: "findings" }],
] as const)("%s, row %i leads somewhere with its filter", (shows, row, route) => {
	expect(routeOf(box(shows), row, data)).toEqual(route);
});

test("a query's box leads to its rows, and to its list where it has none there", () => {
	expect(routeOf(asked, 0, data)).toEqual({ to: "asset", asset: 1 });
	expect(routeOf(asked, 7, data)).toEqual({ to: "assets", filter: "os is null" });
	expect(routeOf(asked, 0, nothing)).toEqual({ to: "queries" });
	expect(rowsOf(asked, data)).toBe(1);
});

test("every box draws what it has, and says when it has nothing yet, at the size it is given", () => {
	for (const of of [data, nothing]) {
		for (const widget of [...builtInWidgets.map(box), asked, { ...asked, as: "trend" as const }]) {
			for (const [width, height] of [
				[34, 3],
				[72, 12],
			] as const)
				expect(drawBox(widget, of, 0, width, height, 0).length).toBeLessThanOrEqual(height);
		}
	}
});

test("a query that is gone says so, with what to press", () => {
	const gone = {
		kind: "table" as const,
		query: null,
		count: null,
		problem: "There is no such query.",
		rows: [],
		points: [],
	};
	const answers = new Map([[answerKey(asked), gone]]);
	expect(drawBox(asked, { ...data, answers }, -1, 60, 8, 0).join("\n")).toMatch(/no such query[\s\S]*mends it/);
	expect(routeOf(asked, 0, { ...data, answers })).toEqual({ to: "queries" });
});

test("a narrow box of scans cuts figures before it cuts how long ago a scan was", () => {
	const findings = { "1": 1_111, "2": 2_222, "3": 3_333, "4": 4_444, "5": 5_555 };
	const scan = { ...scanOf(3, {}), status: "finished" as const, findings, finishedAt: "2026-03-01T00:00:00.000Z" };
	const [row = ""] = drawBox(box("scans"), { ...data, scans: [scan] }, -1, 34, 3, Date.parse("2026-03-01T19:00:00Z"));
	expect(plainLines([row])).toMatch(/…\s+19 h$/);
});

test("running scans stand first", () => {
	expect(shownScans(data).map(({ id }) => id)).toEqual([7, 6]);
});

test("the risk is the sum of its parts, and grows with every finding but a minimal one", () => {
	const counts = { "1": 9, "2": 8, "3": 7, "4": 6, "5": 5 };
	expect(riskOf(counts)).toBe(50 + 30 + 14 + 8);
	expect(riskParts(counts).reduce((sum, { points }) => sum + points, 0)).toBe(riskOf(counts));
	expect(riskOf({ ...counts, "4": 7 })).toBeGreaterThan(riskOf(counts));
	expect(riskOf({ ...counts, "1": 10 })).toBe(riskOf(counts));
});

test("only a console that knows nothing greets", () => {
	expect(isFirstRun({ overview: overviewOf(0, [], {}), scans: [] })).toBe(true);
	expect(isFirstRun({ overview: undefined, scans: [] })).toBe(false);
	expect(isFirstRun({ overview: overviewOf(0, [], {}), scans })).toBe(false);
});

test("feeds that are not there are not called old", () => {
	const overview = overviewOf(4, scans, {});
	const figures = (feeds: Partial<typeof overview.feeds>) =>
		boxFigures(box("knowledge"), { ...data, overview: { ...overview, feeds: { ...overview.feeds, ...feeds } } });
	expect(figures({})).toEqual([]);
	expect(figures({ isOld: true })).toEqual([["old", "warning"]]);
	expect(figures({ held: 0, freshAt: null, isOld: true })).toEqual([["no feeds", "warning"]]);
});
