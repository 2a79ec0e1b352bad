/** Scans: what was asked for, how far each has come, and what it found. */
import { get, list, watch } from "../../../protocol/methods/scans.ts";
import type { Scan } from "../../../protocol/model/scan.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { overviewStrip } from "../../components/overview/overview-strip.ts";
import { cancelHandler, pauseHandler, runNowHandler } from "../../components/scan/scan-actions.ts";
import { describeScan } from "../../components/scan/scan-words.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { type Handler, handle, type Screen, type ScreenContext } from "../view.ts";
import { scanColumns } from "./columns.ts";

export const scans: Screen<"scans"> = {
	id: "scans",
	title: "Scans",
	open: (route, context) =>
		createListView<Scan, Scan>(
			{
				route,
				title: "Scans",
				filter: "",
				nouns: ["scan", "scans"],
				example: "status:finished",
				scopes: ["scans"],
				completes: "scans",
				marking: true,
				columns: scanColumns,
				empty: [
					[["Nothing has been scanned yet."]],
					[],
					[
						[keyOf("scans", "new"), "key"],
						[" starts the first scan", "muted"],
					],
				],
				fetchPage: (request, signal) => context.client.call(list, request, { signal }),
				watch: (changed) => watchScans(context, changed),
				loadDetail: (id) => context.client.call(get, { scan: id }),
				describe: describeScan,
				titleOf: (row) => row.title,
				strip: () => overviewStrip(context.overview()),
				open: (row) => context.open({ to: "scan", scan: row.id }),
				extra: (current, { marks }) =>
					handle<"scans">({
						new: { run: () => context.open({ to: "new-scan" }) },
						pause: pauseHandler(context, current),
						cancel: cancelHandler(context, current),
						"run-now": runNowHandler(context, current),
						compare: compareScans(context, current, () => marks.rows()),
					}),
			},
			context,
		),
};

/** Two that are marked are compared, the older first; else the one under the cursor with the one before it. */
function compareScans(context: ScreenContext, current: () => Scan | undefined, marked: () => readonly Scan[]): Handler {
	const scanOf = (scan: number) => ({ kind: "scan", scan }) as const;
	return {
		run() {
			const [one, other] = marked().toSorted((a, b) => a.id - b.id);
			const row = current();
			if (one && other) context.open({ to: "compare", before: scanOf(one.id), after: scanOf(other.id) });
			else if (row) context.open({ to: "compare", before: scanOf(row.id - 1), after: scanOf(row.id) });
		},
		disabled() {
			const rows = marked();
			if (rows.length > 2) return "Mark two scans, not more.";
			if (rows.length === 2) return undefined;
			return (current()?.id ?? 1) > 1 ? undefined : "There is no scan before this one; mark two.";
		},
	};
}

/** A scan that is known only changes its row; one that is new changes the list. */
function watchScans(context: ScreenContext, changed: (row?: Scan) => void): () => void {
	const known = new Set<number>();
	const subscription = context.client.subscribe(
		watch,
		{},
		{
			onSnapshot(snapshot) {
				for (const scan of snapshot.scans) known.add(scan.id);
			},
			onEvent({ scan }) {
				changed(known.has(scan.id) ? scan : undefined);
				known.add(scan.id);
			},
		},
	);
	subscription.ready.catch(() => undefined);
	return () => subscription.close();
}
