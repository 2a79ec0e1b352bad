/** Findings: what is wrong, worst first. */
import { count as countRows, get, list, watch } from "../../../protocol/methods/findings.ts";
import type { Finding } from "../../../protocol/model/finding.ts";
import { describeFinding, type FindingDetail, whereOf } from "../../components/finding/describe-finding.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { overviewStrip } from "../../components/overview/overview-strip.ts";
import { chosenOf, mendingHandlers } from "../../components/remedy/mending.ts";
import { askForAll, askForFindings, whyNotExcept } from "../../components/request/ask-forms.ts";
import { aboutFinding } from "../../components/ticket/finding-handlers.ts";
import { watchChanges } from "../../connect/watch-changes.ts";
import { handle, type Screen } from "../view.ts";
import { findingColumns } from "./columns.ts";

export const findings: Screen<"findings"> = {
	id: "findings",
	title: "Findings",
	open: (route, context) =>
		createListView<Finding, FindingDetail>(
			{
				route,
				title: "Findings",
				filter: route.filter ?? "",
				nouns: ["finding", "findings"],
				example: "severity>=4 and port:443",
				scopes: ["findings", "mending"],
				marking: true,
				completes: "findings",
				columns: findingColumns,
				empty: [
					[["✓ ", "good"], ["Nothing is open."]],
					[],
					[
						["n", "key"],
						[" starts a scan   ", "muted"],
						["2", "key"],
						[" shows the scans", "muted"],
					],
				],
				fetchPage: (request, signal) => context.client.call(list, { ...request, counted: false }, { signal }),
				countRows: async (filter, signal) => (await context.client.call(countRows, { filter }, { signal })).total,
				watch: (changed) => watchChanges(context.client, watch, () => changed()),
				loadDetail: (id) => context.client.call(get, { id }),
				describe: describeFinding,
				titleOf: whereOf,
				strip: () => overviewStrip(context.overview()),
				open: (row) => context.open({ to: "finding", finding: row.id }),
				extra: (current, { refresh, marks, filter }) => ({
					...mendingHandlers(context, () => chosenOf(marks.ids(), filter(), current() === undefined)),
					...handle<"findings">({
						...aboutFinding(context, current, refresh),
						except: {
							run() {
								askForFindings(context, marks.rows(), () => {
									marks.clear();
									refresh();
								});
							},
							disabled: () => (current() ? whyNotExcept(current()) : "There is no finding to set apart."),
						},
						"except-all": {
							run: () => askForAll(context, filter(), refresh),
							disabled: () => (current() ? undefined : "There is no finding to set apart."),
						},
						together: { run: () => context.open({ to: "finding-groups", by: "signature", filter: filter() }) },
						excepted: { run: () => context.replace({ to: "findings", filter: otherSide(filter()) }) },
						why: {
							run() {
								const row = current();
								if (row) context.open({ to: "why", finding: row.id });
							},
							disabled: () => (current() ? undefined : "There is no finding to explain."),
						},
					}),
				}),
			},
			context,
		),
};

const apart = "(excepted:true or ignored:true)";

/** What is set apart of what the filter says, or what is open of it again. */
function otherSide(filter: string): string {
	if (filter === apart) return "";
	if (filter.endsWith(` and ${apart}`)) return filter.slice(1, -` and ${apart}`.length - 1);
	return filter.trim() === "" ? apart : `(${filter}) and ${apart}`;
}
