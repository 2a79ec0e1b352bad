/** Activity: what the daemon does now and did lately, of every kind; each leads to where it is shown in full. */
import { list } from "../../../protocol/methods/activity.ts";
import { watch as watchAssets } from "../../../protocol/methods/assets.ts";
import { type Activity, activityStates } from "../../../protocol/model/activity.ts";
import { activityStatePieces, routeOfActivity } from "../../components/activity/activity-words.ts";
import type { Column } from "../../components/list/columns.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { localPage } from "../../components/list/local-page.ts";
import type { Block } from "../../components/reader/document.ts";
import { barPieces } from "../../components/scan/scan-words.ts";
import { watchChanges } from "../../connect/watch-changes.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { age, percent, when } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import { handle, type Screen } from "../view.ts";

/** Lists tell rows apart by numbers. */
interface Row extends Activity {
	readonly id: number;
}

const most = 200;

const columns: readonly Column<Row>[] = [
	{
		...{ id: "state", title: "STATE", sort: "state", width: 9, worth: 100 },
		draw: ({ state }) => [activityStatePieces[state]],
	},
	{
		...{ id: "at", title: "AGE", sort: "at", width: 5, worth: 95, align: "right" as const },
		draw: (row, now) => [[age(row.at, now)]],
	},
	{
		...{ id: "kind", title: "KIND", sort: "kind", width: 11, worth: 90 },
		draw: ({ kind, number }) => [[kind], [number === null ? "" : ` ${number}`, "muted"]],
	},
	{
		...{ id: "title", title: "WHAT", sort: "title", width: 22, grow: 3, most: 70, worth: 98 },
		draw: ({ title }) => [[title]],
	},
	{
		...{ id: "note", title: "HOW FAR", width: 18, grow: 2, most: 60, worth: 85 },
		draw: ({ note, progress }) =>
			progress === null ? [[note, "muted"]] : [...barPieces(progress, 8), [` ${percent(progress)} `], [note, "muted"]],
	},
	{
		...{ id: "by", title: "BY", sort: "by", width: 10, most: 20, worth: 60 },
		draw: ({ by }) => [[personName(by ?? ""), "muted"]],
	},
];

export const activity: Screen<"activity"> = {
	id: "activity",
	title: "Activity",
	open: (route, context) =>
		createListView<Row, undefined>(
			{
				...{ route, title: "Activity", filter: "", nouns: ["thing", "things"], example: "failed" },
				...{ scopes: [], columns },
				empty: [
					[["Nothing has gone on yet."]],
					[],
					[
						[keyOf("everywhere", "new-scan"), "key"],
						[" starts a scan", "muted"],
					],
				],
				async fetchPage(request) {
					const { items } = await context.client.call(list, { limit: most });
					const rows = items.map((item, at): Row => ({ ...item, id: at + 1 }));
					const words = ({ kind, number, title, state, by, note }: Row) =>
						`${kind} ${number ?? ""} ${title} ${state} ${by} ${note}`;
					return localPage(rows, request, words, {
						state: (row) => activityStates.indexOf(row.state),
						at: (row) => row.at,
						kind: (row) => row.kind,
						title: (row) => row.title.toLowerCase(),
						by: (row) => row.by ?? "",
					});
				},
				watch(changed) {
					const stops = [watchChanges(context.client, watchAssets, () => changed()), context.onLive(() => changed())];
					return () => {
						for (const stop of stops) stop();
					};
				},
				describe: (row) => describe(row),
				titleOf: (row) => row.title,
				open: (row) => context.open(routeOfActivity(row)),
				extra: () => handle<never>({}),
			},
			context,
		),
};

function describe({ kind, number, title, state, by, at, note, progress }: Row): Block[] {
	const field = (name: string, text: string): Block[] =>
		text === "" ? [] : [{ kind: "field", name, pieces: [[text]] }];
	return [
		{ kind: "heading", text: title },
		...field("Kind", number === null ? kind : `${kind} ${number}`),
		{ kind: "field", name: "State", pieces: [activityStatePieces[state]] },
		...field(state === "running" || state === "waiting" ? "Since" : "At", `${when(at)} UTC`),
		...(progress === null ? [] : field("Progress", percent(progress).trim())),
		...field("By", personName(by ?? "")),
		...field("Note", note),
	];
}
