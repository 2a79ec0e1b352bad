/** Two maps of one domain compared: what came, what went, what stayed, and ways that lead over other routers now. */
import { compare } from "../../../protocol/methods/maps.ts";
import { createDifferenceView } from "../../components/map/difference-view.ts";
import type { Screen } from "../view.ts";

export const mapCompare: Screen<"map-compare"> = {
	id: "map-compare",
	title: "Comparison",
	open: ({ before, after, ...route }, context) =>
		createDifferenceView(
			{
				route: { ...route, before, after },
				title: `Map ${before} → ${after}`,
				map: after,
				example: "not change:active or rerouted:true",
				empty: [[["No host is in either map."]]],
				fetchPage: (request, signal) => context.client.call(compare, { before, after, ...request }, { signal }),
			},
			context,
		),
};
