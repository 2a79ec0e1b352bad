/** What came, what went and what stayed open between two scans or two days, a list of each. */
import { compare, compared, get } from "../../../protocol/methods/findings.ts";
import {
	type ComparedShow,
	comparedShows,
	type FindingsCompared,
	type Moment,
} from "../../../protocol/model/comparison.ts";
import type { Finding } from "../../../protocol/model/finding.ts";
import { byThenColumn } from "../../components/finding/by-then.ts";
import { describeFinding, type FindingDetail, whereOf } from "../../components/finding/describe-finding.ts";
import { openCompareDates } from "../../components/finding/past-forms.ts";
import type { Column } from "../../components/list/columns.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { mendingHandlers, namedOf } from "../../components/remedy/mending.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { count, plural, when } from "../../text/format.ts";
import type { Piece } from "../../theme/line.ts";
import { severityMark } from "../../theme/severity.ts";
import { handle, type Screen, type ScreenContext } from "../view.ts";

const words: Record<ComparedShow, string> = { appeared: "came", gone: "gone", stayed: "stayed" };

const columns: readonly Column<Finding>[] = [
	{ id: "severity", title: "SEV", sort: "severity", width: 4, worth: 100, draw: (row) => [severityMark(row.severity)] },
	{ id: "title", title: "FINDING", sort: "title", width: 28, grow: 8, worth: 99, draw: (row) => [[row.title]] },
	{
		...{ id: "where", title: "WHERE", sort: "address", width: 20, grow: 1, most: 50, worth: 90 },
		draw: (row) => [[whereOf(row), "address"]],
	},
	byThenColumn,
];

export const compareScans: Screen<"compare"> = {
	id: "compare",
	title: "Compare",
	open(route, context) {
		const span = { from: route.before, to: route.after };
		const figures = createFigures(context, () => context.client.call(compare, span));
		let show: ComparedShow = "appeared";
		return createListView<Finding, FindingDetail>(
			{
				...{
					route,
					title: `${nameOf(route.before)} and ${nameOf(route.after)}`,
					filter: "",
					nouns: ["finding", "findings"],
				},
				...{ example: "severity>=4", completes: "findings", scopes: ["compare", "mending"], columns, marking: true },
				name: () => `${nameOf(route.before)} → ${nameOf(route.after)}`,
				chips: () => [words[show]],
				figures: figures.pieces,
				empty: [
					[["Nothing of that kind between these two."]],
					[],
					[
						[keyOf("compare", "which"), "key"],
						[" shows what came, went or stayed   ", "muted"],
						[keyOf("compare", "dates"), "key"],
						[" compares two days", "muted"],
					],
				],
				fetchPage: (request, signal) =>
					context.client.call(compared, { ...request, ...span, show, counted: true }, { signal }),
				watch: () => () => undefined,
				loadDetail: (id) => context.client.call(get, { id }),
				describe: describeFinding,
				titleOf: whereOf,
				open: (row) => context.open({ to: "finding", finding: row.id }),
				extra: (_current, { refresh, marks }) => ({
					...mendingHandlers(context, () => namedOf(marks)),
					...handle<"compare">({
						dates: { run: () => openCompareDates(context) },
						which: {
							run() {
								show = comparedShows[(comparedShows.indexOf(show) + 1) % comparedShows.length] ?? "appeared";
								refresh();
							},
						},
					}),
				}),
			},
			context,
		);
	},
};

function nameOf(moment: Moment): string {
	return moment.kind === "scan" ? `Scan ${moment.scan}` : when(moment.at);
}

/** Asked for once: what has ended stays as it was. */
function createFigures(context: ScreenContext, ask: () => Promise<FindingsCompared>) {
	let pieces: readonly Piece[] = [];
	ask().then(
		({ hosts, ...counts }) => {
			const sum = (one: ComparedShow) => Object.values(counts[one]).reduce((total, n) => total + n, 0);
			pieces = [
				...(hosts === null ? [] : [[`${plural(hosts.both, "host")} in both · `, "muted"] as const]),
				[`+${count(sum("appeared"))}`, sum("appeared") > 0 ? "bad" : "muted"],
				[" "],
				[`−${count(sum("gone"))}`, sum("gone") > 0 ? "good" : "muted"],
				[` =${count(sum("stayed"))} · `, "muted"],
			];
			context.changed();
		},
		(err: unknown) => context.fail(err),
	);
	return { pieces: () => pieces };
}
