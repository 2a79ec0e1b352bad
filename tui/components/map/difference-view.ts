/** The list of what became of hosts, which the rogue report and the comparison of two maps are. */
import type { MapDifference } from "../../../protocol/model/map.ts";
import { type Handler, handle, type Route, type ScreenContext, type View } from "../../screens/view.ts";
import type { ListPage, PageRequest } from "../../state/list-loader.ts";
import type { Piece } from "../../theme/line.ts";
import { createListView } from "../list/list-view.tsx";
import { describeDifference } from "./describe-map.ts";
import { type Difference, differenceColumns } from "./host-columns.ts";
import { cancelMapHandler, compareHandler, hostActions, pauseMapHandler, runMapNowHandler } from "./map-actions.ts";
import { watchMap } from "./watch-map.ts";

export interface DifferenceOptions {
	readonly route: Route;
	readonly title: string;
	readonly map: number;
	readonly example: string;
	readonly empty: readonly (readonly Piece[])[];
	fetchPage(request: PageRequest, signal: AbortSignal): Promise<ListPage<MapDifference>>;
}

export function createDifferenceView(options: DifferenceOptions, context: ScreenContext): View {
	const { map: id, route } = options;
	const watched = watchMap(context, id, () => undefined);
	const elsewhere = (to: "map-coverage" | "map-rogues" | "map-topology"): Handler => ({
		run: () => context.open({ to, map: id }),
		disabled: () => (route.to === to ? "That is what is shown here." : undefined),
	});
	return createListView<Difference, MapDifference>(
		{
			...{ route, title: options.title, filter: "", nouns: ["host", "hosts"], example: options.example },
			...{ scopes: ["map"], marking: true, columns: differenceColumns, empty: options.empty },
			async fetchPage(request, signal) {
				const page = await options.fetchPage(request, signal);
				return { ...page, items: page.items.map((row) => ({ ...row, id: row.host.id })) };
			},
			watch: () => watched.close,
			describe: (row) => describeDifference(row),
			titleOf: ({ host }) => host.address,
			open: ({ host }) => context.open({ to: "map-host", host }),
			extra: (_, { marks, take, refresh }) =>
				handle<"map">({
					...hostActions(context, {
						map: id,
						hosts: () => marks.rows().map(({ host }) => host),
						take: (verb, run) => take(verb, (rows) => run(rows.map(({ host }) => host))),
						done() {
							marks.clear();
							refresh();
						},
					}),
					rogues: elsewhere("map-rogues"),
					coverage: elsewhere("map-coverage"),
					topology: elsewhere("map-topology"),
					compare: compareHandler(context, watched.current),
					pause: pauseMapHandler(context, watched.current),
					cancel: cancelMapHandler(context, watched.current),
					"run-now": runMapNowHandler(context, watched.current),
				}),
		},
		context,
	);
}
