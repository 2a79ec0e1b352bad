/** Handlers of the activity area. */
import type { AreaHandlers } from "../handler.ts";
import { recentActivity } from "../recent-activity.ts";
import type { Services } from "../services.ts";

export function activityHandlers(services: Services): AreaHandlers<"activity"> {
	return { list: ({ limit }) => recentActivity(services, limit) };
}
