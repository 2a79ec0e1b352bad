/** How operators arranged their dashboards, and the one for who did not. */
import { AppError } from "../../protocol/errors.ts";
import type { BuiltInWidget, Dashboard, DashboardWidget } from "../../protocol/model/dashboard.ts";
import type { Settings } from "./settings.ts";

const mostDashboards = 500;

const box = (shows: BuiltInWidget, width: number, height: number): DashboardWidget => ({
	...{ kind: "built-in", shows, width, height },
});

/** At 80 x 24 the first five are on screen, at 160 x 45 all of them. */
const defaultWidgets: readonly DashboardWidget[] = [
	...[box("severity", 1, 2), box("scans", 1, 2), box("weaknesses", 1, 2)],
	...[box("assets", 1, 2), box("queries", 2, 1)],
	...[box("risk", 1, 2), box("yesterday", 1, 2), box("overdue", 1, 2)],
	...[box("requests", 1, 1), box("duplicates", 1, 1), box("knowledge", 1, 1)],
];

export function dashboardOf(settings: Settings, operator: string): Dashboard {
	const kept = settings.data.dashboards.find((one) => one.operator === operator);
	return { widgets: [...(kept?.widgets ?? defaultWidgets)], own: kept !== undefined };
}

/** Throws `too-large` when that many operators have arranged theirs. */
export async function saveDashboard(
	settings: Settings,
	operator: string,
	widgets: readonly DashboardWidget[],
): Promise<Dashboard> {
	await settings.update((data) => {
		const others = data.dashboards.filter((one) => one.operator !== operator);
		if (others.length >= mostDashboards) {
			throw new AppError("too-large", `The dashboards of ${mostDashboards} operators are kept already.`, {
				hint: "Yours stays as it is; who needs theirs no longer resets it: vedette dashboard reset",
			});
		}
		data.dashboards = [...others, { operator, widgets: [...widgets] }];
	});
	return dashboardOf(settings, operator);
}

export async function resetDashboard(settings: Settings, operator: string): Promise<Dashboard> {
	await settings.update((data) => {
		data.dashboards = data.dashboards.filter((one) => one.operator !== operator);
	});
	return dashboardOf(settings, operator);
}

/** Names of saved queries that some dashboard shows as a trend. */
export function trendsOnDashboards(settings: Settings): readonly string[] {
	return settings.data.dashboards.flatMap(({ widgets }) =>
		widgets.flatMap((one) => (one.kind === "query" && one.as === "trend" ? [one.query] : [])),
	);
}
