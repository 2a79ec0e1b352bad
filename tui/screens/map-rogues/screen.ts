/** The rogue report of a map: live hosts that nobody approved, and since when when there is an older map. */
import { rogues } from "../../../protocol/methods/maps.ts";
import { createDifferenceView } from "../../components/map/difference-view.ts";
import { mapBefore } from "../../components/map/map-actions.ts";
import { keyOf } from "../../keys/find-binding.ts";
import type { Screen } from "../view.ts";

export const mapRogues: Screen<"map-rogues"> = {
	id: "map-rogues",
	title: "Rogue hosts",
	open(route, context) {
		const map = context.maps().find(({ id }) => id === route.map);
		const before = map && mapBefore(context.maps(), map);
		return createDifferenceView(
			{
				route,
				title: before ? `Rogue hosts, compared with map ${before.id}` : "Rogue hosts",
				map: route.map,
				example: before ? "change:added" : "method:TCP",
				empty: [
					[["✓ ", "good"], ["Every live host of the netblock is approved."]],
					[],
					[
						[keyOf("everywhere", "back"), "key"],
						[" goes back", "muted"],
					],
				],
				fetchPage: (request, signal) =>
					context.client.call(
						rogues,
						{ map: route.map, ...(before ? { before: before.id } : {}), ...request },
						{ signal },
					),
			},
			context,
		);
	},
};
