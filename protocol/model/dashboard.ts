/** What a dashboard shows, and how large: each operator arranges their own. */
import { z } from "zod";
import { queryName, savedQuery, widget, widgetKinds } from "./query.ts";

/** What can stand on a dashboard besides saved queries. */
export const builtInWidgets = [
	...(["risk", "severity", "scans", "weaknesses", "assets", "services", "trend"] as const),
	...(["newest", "yesterday", "overdue", "requests", "duplicates", "knowledge", "queries", "activity"] as const),
] as const;
export type BuiltInWidget = (typeof builtInWidgets)[number];

const size = {
	width: z.int().min(1).max(3).describe("thirds of a wide screen; on a narrow one 2 and 3 take all of it"),
	height: z.int().min(1).max(3).describe("a few rows, some more, many; rows of boxes share what is left"),
};

/** One box; they stand in order, row by row. */
export const dashboardWidget = z.discriminatedUnion("kind", [
	z.object({ kind: z.literal("built-in"), shows: z.enum(builtInWidgets), ...size }),
	z.object({ kind: z.literal("query"), query: queryName, as: z.enum(widgetKinds), ...size }),
]);
export type DashboardWidget = z.infer<typeof dashboardWidget>;

export const mostDashboardWidgets = 30;
export const dashboardWidgets = z.array(dashboardWidget).max(mostDashboardWidgets);

export const dashboard = z.object({
	widgets: dashboardWidgets,
	own: z.boolean().describe("the caller arranged it; false: it is the one that came with Vedette"),
});
export type Dashboard = z.infer<typeof dashboard>;

/** What a saved query finds now, as a widget shows it. */
export const queryAnswer = widget
	.omit({ id: true, position: true })
	.extend({ query: savedQuery.nullable().describe("null: it is gone, see `problem`") });
export type QueryAnswer = z.infer<typeof queryAnswer>;
