/** Maps: which networks were looked over for hosts, how far each has come, and what it found. */
import { coverage, list, resolver, setResolver, watch } from "../../../protocol/methods/maps.ts";
import type { NetworkMap } from "../../../protocol/model/map.ts";
import type { MapCoverage } from "../../../protocol/model/map-coverage.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { describeMap } from "../../components/map/describe-map.ts";
import {
	cancelMapHandler,
	compareHandler,
	pauseMapHandler,
	runMapNowHandler,
} from "../../components/map/map-actions.ts";
import { openNewMap } from "../../components/map/new-map.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { type Handler, handle, type Screen, type ScreenContext } from "../view.ts";
import { mapColumns } from "./columns.ts";

export const maps: Screen<"maps"> = {
	id: "maps",
	title: "Maps",
	open: (route, context) =>
		createListView<NetworkMap, MapCoverage>(
			{
				route,
				title: "Maps",
				filter: "",
				nouns: ["map", "maps"],
				example: "domain:none and live>0",
				scopes: ["maps"],
				marking: true,
				columns: mapColumns,
				empty: [
					[["Nothing has been mapped yet. A map finds which hosts there are."]],
					[],
					[
						[keyOf("maps", "new"), "key"],
						[" maps a network or a domain", "muted"],
					],
				],
				fetchPage: (request, signal) => context.client.call(list, request, { signal }),
				watch: (changed) => watchMaps(context, changed),
				loadDetail: (id) => context.client.call(coverage, { map: id }),
				describe: (row, asked) => describeMap(row, asked),
				titleOf: (row) => row.title,
				open: (row) => context.open({ to: "map", map: row.id }),
				extra: (current, { marks }) =>
					handle<"maps">({
						new: { run: () => openNewMap(context) },
						pause: pauseMapHandler(context, current),
						cancel: cancelMapHandler(context, current),
						compare: compareMarked(context, current, () => marks.rows()),
						"run-now": runMapNowHandler(context, current),
						coverage: opening(context, current, "map-coverage"),
						topology: opening(context, current, "map-topology"),
						rogues: opening(context, current, "map-rogues"),
						resolver: { run: () => askResolver(context) },
					}),
			},
			context,
		),
};

function opening(
	context: ScreenContext,
	current: () => NetworkMap | undefined,
	to: "map-coverage" | "map-topology" | "map-rogues",
): Handler {
	return {
		run() {
			const map = current();
			if (map) context.open({ to, map: map.id });
		},
		disabled: () => (current() ? undefined : "There is no map here."),
	};
}

/** Two that are marked are compared, the older first; else the one under the cursor with an older one. */
function compareMarked(
	context: ScreenContext,
	current: () => NetworkMap | undefined,
	marked: () => readonly NetworkMap[],
): Handler {
	const withOlder = compareHandler(context, current);
	return {
		run() {
			const [before, after] = marked().toSorted((a, b) => a.id - b.id);
			if (before && after) context.open({ to: "map-compare", before: before.id, after: after.id });
			else withOlder.run();
		},
		disabled() {
			const rows = marked();
			if (rows.length < 2) return withOlder.disabled?.();
			if (rows.length > 2) return "Mark two maps, not more.";
			return rows[0]?.domain === rows[1]?.domain ? undefined : "They are of two domains; mark two of one.";
		},
	};
}

function askResolver(context: ScreenContext): void {
	context.opens(
		context.client.call(resolver, {}).then((kept) => {
			context.open({
				to: "form",
				form: {
					title: "The name server that maps ask",
					verb: "keeps it",
					fields: [
						{
							name: "resolver",
							label: "Name server",
							value: kept.resolver ?? "",
							hint: "192.0.2.53 or 192.0.2.53:5353; empty: those this machine uses",
						},
					],
					async submit({ resolver: text = "" }) {
						const next = await context.client.call(setResolver, { resolver: text.trim() === "" ? null : text.trim() });
						const server = next.resolver ?? "the name servers of this machine";
						context.toast("good", `Maps ask ${server} unless told otherwise.`);
						return undefined;
					},
				},
			});
		}),
	);
}

/** A map that is known only changes its row; one that is new changes the list. */
function watchMaps(context: ScreenContext, changed: (row?: NetworkMap) => void): () => void {
	const known = new Set<number>();
	const subscription = context.client.subscribe(
		watch,
		{},
		{
			onSnapshot(snapshot) {
				for (const map of snapshot.maps) known.add(map.id);
			},
			onEvent({ map }) {
				changed(known.has(map.id) ? map : undefined);
				known.add(map.id);
			},
		},
	);
	subscription.ready.catch(() => undefined);
	return () => subscription.close();
}
