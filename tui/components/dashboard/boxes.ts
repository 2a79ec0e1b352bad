/** What can stand on a dashboard: the rows of each box, and where each leads. Pure. */
import type { DashboardWidget, QueryAnswer } from "../../../protocol/model/dashboard.ts";
import type { Overview } from "../../../protocol/model/overview.ts";
import type { QueryList } from "../../../protocol/model/query.ts";
import type { Scan } from "../../../protocol/model/scan.ts";
import { keyOf } from "../../keys/find-binding.ts";
import type { Route } from "../../screens/view.ts";
import { isRunning } from "../../state/live.ts";
import { severities } from "../../theme/severity.ts";
import { routeOfActivity } from "../activity/activity-words.ts";
import { routeOfQuery } from "../query/query-forms.ts";
import type { Figures } from "./figures.ts";

export type BuiltIn = Extract<DashboardWidget, { kind: "built-in" }>["shows"];

const boxTitles: Readonly<Record<BuiltIn, string>> = {
	risk: "Risk",
	severity: "Open findings",
	scans: "Scans",
	weaknesses: "Top weaknesses",
	assets: "Top assets",
	services: "Services",
	newest: "Newest findings",
	yesterday: "New since yesterday",
	overdue: "Overdue tickets",
	requests: "Requests to decide",
	duplicates: "Duplicates",
	knowledge: "Knowledge",
	trend: "Trend",
	queries: "Queries",
	activity: "Activity",
};

/** What each is, for who chooses among them. */
export const boxWords: Readonly<Record<BuiltIn, string>> = {
	risk: "Risk score and its trend: open findings, the worse the more",
	severity: "Open findings by severity",
	scans: "Scans, running ones first",
	weaknesses: "Top weaknesses: the worst, on most assets",
	assets: "Top risky assets",
	services: "Services, by how many answer",
	newest: "Newest findings",
	yesterday: "New since yesterday: findings of the last 24 hours, the worst first",
	overdue: "Overdue tickets: what should have been mended by now",
	requests: "Requests waiting for a decision",
	duplicates: "Duplicates: assets that may be one machine",
	knowledge: "Knowledge: feeds and how old they are",
	trend: "Trend of open findings",
	get queries() {
		return `All saved queries that are shown to everybody (${keyOf("everywhere", "queries")})`;
	},
	activity: "Activity: what goes on, and what went on lately",
};

export interface DashboardData extends Figures {
	readonly overview: Overview | undefined;
	readonly scans: readonly Scan[];
}

export function titleOf(widget: DashboardWidget): string {
	return widget.kind === "query" ? widget.query : boxTitles[widget.shows];
}

/** Under what the answer of a query's box is found. */
export function answerKey({ query, as }: Pick<Extract<DashboardWidget, { kind: "query" }>, "query" | "as">): string {
	return `${as} ${query.toLowerCase()}`;
}

/** Nothing scanned, nothing known: the console greets instead of showing empty boxes. */
export function isFirstRun({ overview, scans }: Pick<DashboardData, "overview" | "scans">): boolean {
	return overview !== undefined && overview.assets === 0 && scans.length === 0 && overview.scans.length === 0;
}

/** Running ones first, then the newest. */
export function shownScans({ overview, scans }: Pick<DashboardData, "overview" | "scans">): readonly Scan[] {
	const all = scans.length > 0 ? scans : (overview?.scans ?? []);
	return all.toSorted((one, other) => Number(isRunning(other)) - Number(isRunning(one)) || other.id - one.id);
}

export function rowsOf(widget: DashboardWidget, data: DashboardData): number {
	if (widget.kind === "query") return data.answers.get(answerKey(widget))?.rows.length ?? 0;
	const { overview } = data;
	if (!overview) return 0;
	switch (widget.shows) {
		case "severity":
			return severities.length;
		case "scans":
			return shownScans(data).length;
		case "weaknesses":
			return overview.topFindings.length;
		case "assets":
			return overview.topAssets.length;
		case "services":
			return overview.topServices.length;
		case "knowledge":
			return overview.knowledge.sources.length;
		case "newest":
		case "yesterday":
		case "overdue":
		case "requests":
		case "duplicates":
		case "activity":
			return data[widget.shows]?.items.length ?? 0;
		case "queries":
			return data.queries?.length ?? 0;
		case "trend":
		case "risk":
			return 0;
	}
}

/** What is behind a row of a box, the box itself where it has no row there. */
export function routeOf(widget: DashboardWidget, row: number, data: DashboardData): Route {
	if (widget.kind === "query") return routeOfAnswer(data.answers.get(answerKey(widget)), row);
	const { overview } = data;
	switch (widget.shows) {
		case "severity":
			return { to: "findings", filter: `severity:${severities[row] ?? 5}` };
		case "scans": {
			const scan = shownScans(data)[row];
			return scan ? { to: "scan", scan: scan.id } : { to: "scans" };
		}
		case "weaknesses": {
			const weakness = overview?.topFindings[row];
			return weakness ? { to: "findings", filter: `signature:${weakness.signature}` } : { to: "findings" };
		}
		case "assets": {
			const asset = overview?.topAssets[row];
			return asset ? { to: "asset", asset: asset.id } : { to: "assets" };
		}
		case "services": {
			const service = overview?.topServices[row];
			return service ? { to: "assets", filter: `service:${service.name}` } : { to: "assets" };
		}
		case "newest":
		case "yesterday": {
			const finding = data[widget.shows]?.items[row];
			return finding ? { to: "finding", finding: finding.id } : { to: "findings" };
		}
		case "overdue": {
			const ticket = data.overdue?.items[row];
			return ticket ? { to: "ticket", ticket: ticket.id } : { to: "tickets", view: "overdue" };
		}
		case "requests": {
			const request = data.requests?.items[row];
			return request ? { to: "request", request: request.id } : { to: "requests", part: "to decide" };
		}
		case "duplicates": {
			const group = data.duplicates?.items[row];
			return group ? { to: "duplicate", group: group.id } : { to: "duplicates" };
		}
		case "activity": {
			const one = data.activity?.items[row];
			return one ? routeOfActivity(one) : { to: "activity" };
		}
		case "queries": {
			const shown = data.queries?.[row];
			return shown ? routeOfQuery(shown.query) : { to: "queries" };
		}
		case "knowledge":
			return { to: "knowledge" };
		case "trend":
		case "risk":
			return { to: "findings" };
	}
}

function routeOfAnswer(answer: QueryAnswer | undefined, row: number): Route {
	if (answer?.query == null) return { to: "queries" };
	const found = answer.rows[row];
	return found === undefined ? routeOfQuery(answer.query) : routeOfRow(answer.query.list, found.id);
}

function routeOfRow(list: QueryList, id: number): Route {
	switch (list) {
		case "assets":
			return { to: "asset", asset: id };
		case "findings":
			return { to: "finding", finding: id };
		case "tickets":
			return { to: "ticket", ticket: id };
		case "scans":
			return { to: "scan", scan: id };
		case "duplicates":
			return { to: "duplicate", group: id };
		case "merges":
			return { to: "merges", filter: `id:${id}` };
	}
}
