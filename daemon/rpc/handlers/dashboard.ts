/** Handlers of the dashboard area. */
import { getSavedQuery } from "../../store/saved-queries.ts";
import { dashboardOf, resetDashboard, saveDashboard } from "../../store/settings-dashboards.ts";
import type { AreaHandlers } from "../handler.ts";
import type { Services } from "../services.ts";

export function dashboardHandlers({ settings, store }: Services): AreaHandlers<"dashboard"> {
	return {
		get: (_, { user }) => dashboardOf(settings, user),
		save: ({ widgets }, { user }) => {
			const known = dashboardOf(settings, user).widgets;
			const isKnown = (query: string) => known.some((one) => one.kind === "query" && one.query === query);
			for (const one of widgets) {
				// A box whose query was deleted must not stand in the way of every other change.
				if (one.kind === "query" && !isKnown(one.query)) getSavedQuery(store.db, one.query);
			}
			return saveDashboard(settings, user, widgets);
		},
		reset: (_, { user }) => resetDashboard(settings, user),
	};
}
