/** One map: the hosts it found, with how, their flags and what hangs where; live while it runs. */
import { hosts as listHosts } from "../../../protocol/methods/maps.ts";
import type { MapHost } from "../../../protocol/model/map.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { describeHost, mapFigures } from "../../components/map/describe-map.ts";
import { hostColumns } from "../../components/map/host-columns.ts";
import {
	cancelMapHandler,
	compareHandler,
	hostActions,
	pauseMapHandler,
	runMapNowHandler,
} from "../../components/map/map-actions.ts";
import { watchMap } from "../../components/map/watch-map.ts";
import { handle, type Screen } from "../view.ts";

/** Hosts found while one watches are asked for at most this often. Milliseconds. */
const refreshMs = 1_000;

export const map: Screen<"map"> = {
	id: "map",
	title: "Map",
	open(route, context) {
		let changed = () => {};
		let lastAsked = 0;
		let later: NodeJS.Timeout | undefined;
		const found = () => {
			const wait = Math.max(0, lastAsked + refreshMs - context.now());
			if (later !== undefined) return;
			later = setTimeout(() => {
				later = undefined;
				lastAsked = context.now();
				changed();
			}, wait);
		};
		const watched = watchMap(context, route.map, found);
		const view = createListView<MapHost, MapHost>(
			{
				route,
				title: "Hosts",
				name: () => watched.current()?.title ?? `Map ${route.map}`,
				filter: route.filter ?? "",
				nouns: ["host", "hosts"],
				example: "flag:L and not flag:A",
				scopes: ["map"],
				marking: true,
				columns: hostColumns,
				empty: [[["No host yet."]], [], [["What answers appears here as it is found.", "muted"]]],
				figures: () => {
					const map = watched.current();
					return map ? [...mapFigures(map), ["  ", "faint"]] : [];
				},
				fetchPage: (request, signal) => context.client.call(listHosts, { map: route.map, ...request }, { signal }),
				watch(tell) {
					changed = tell;
					return () => {
						clearTimeout(later);
						watched.close();
					};
				},
				describe: (row) => describeHost(row),
				titleOf: (row) => row.address,
				open: (row) => context.open({ to: "map-host", host: row }),
				extra: (_, { marks, take, refresh }) =>
					handle<"map">({
						...hostActions(context, {
							...{ map: route.map, hosts: marks.rows, take },
							done() {
								marks.clear();
								refresh();
							},
						}),
						rogues: { run: () => context.open({ to: "map-rogues", map: route.map }) },
						coverage: { run: () => context.open({ to: "map-coverage", map: route.map }) },
						topology: { run: () => context.open({ to: "map-topology", map: route.map }) },
						compare: compareHandler(context, watched.current),
						pause: pauseMapHandler(context, watched.current),
						cancel: cancelMapHandler(context, watched.current),
						"run-now": runMapNowHandler(context, watched.current),
					}),
			},
			context,
		);
		return view;
	},
};
