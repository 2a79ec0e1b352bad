/** The dashboard: boxes, the rows in them, and where each leads. Pure. */
import type { Finding } from "../../../protocol/model/finding.ts";
import type { Overview } from "../../../protocol/model/overview.ts";
import type { Widget } from "../../../protocol/model/query.ts";
import type { Scan } from "../../../protocol/model/scan.ts";
import { routeOfQuery } from "../../components/query/query-forms.ts";
import { isRunning } from "../../state/live.ts";
import { severities } from "../../theme/severity.ts";
import type { Route } from "../view.ts";

export const boxes = ["severity", "scans", "weaknesses", "assets", "services", "newest", "trend", "queries"] as const;
export type BoxId = (typeof boxes)[number];

export interface DashboardModel {
	readonly box: BoxId;
	readonly row: number;
}

export interface DashboardData {
	readonly overview: Overview | undefined;
	readonly scans: readonly Scan[];
	/** First seen last; undefined until it has come. */
	readonly newest: readonly Finding[] | undefined;
	/** Saved queries with what they find; undefined until they have come. */
	readonly widgets: readonly Widget[] | undefined;
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

export function rowsOf(box: BoxId, data: DashboardData): number {
	const { overview } = data;
	if (!overview) return 0;
	switch (box) {
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
		case "newest":
			return data.newest?.length ?? 0;
		case "queries":
			return data.widgets?.length ?? 0;
		case "trend":
			return 0;
	}
}

/** Moves between the boxes that are on screen, or between the rows of one. */
export function moveBox(model: DashboardModel, visible: readonly BoxId[], by: number): DashboardModel {
	const at = visible.indexOf(model.box);
	const box = visible[(Math.max(0, at) + by + visible.length) % visible.length];
	return box === undefined ? model : { box, row: 0 };
}

export function moveRow(model: DashboardModel, data: DashboardData, by: number): DashboardModel {
	return { ...model, row: Math.max(0, Math.min(model.row + by, rowsOf(model.box, data) - 1)) };
}

/** What is behind the row under the cursor; undefined when there is none. */
export function routeOf({ box, row }: DashboardModel, data: DashboardData): Route | undefined {
	const { overview } = data;
	switch (box) {
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
		case "newest": {
			const finding = data.newest?.[row];
			return finding ? { to: "finding", finding: finding.id } : { to: "findings" };
		}
		case "queries": {
			const widget = data.widgets?.[row];
			return widget ? routeOfQuery(widget.query) : { to: "queries" };
		}
		case "trend":
			return { to: "findings" };
	}
}
