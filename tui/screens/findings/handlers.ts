/** What the keys of the list of findings do. */
import type { Finding } from "../../../protocol/model/finding.ts";
import type { FacetFeed } from "../../components/facets/facet-feed.ts";
import { narrowingHandlers } from "../../components/facets/narrowing.ts";
import { openAsOf, openCompareDates } from "../../components/finding/past-forms.ts";
import { openWeights } from "../../components/finding/weights-form.ts";
import type { ListHandle } from "../../components/list/list-view.tsx";
import { chosenOf, mendingHandlers, namedOf } from "../../components/remedy/mending.ts";
import { askForAll, askForFindings, whyNotExcept } from "../../components/request/ask-forms.ts";
import { aboutFinding } from "../../components/ticket/finding-handlers.ts";
import { openMakeTickets } from "../../components/ticket/make-tickets.ts";
import { hasTerm, withoutTerm, withTerm } from "../../text/filter-terms.ts";
import { type Handler, handle, type ScreenContext } from "../view.ts";
import { valueTerm } from "./columns.ts";

interface Parts {
	current(): Finding | undefined;
	readonly list: ListHandle<Finding>;
	readonly feed: FacetFeed;
	readonly asOf: string | undefined;
}

export function findingsHandlers(
	context: ScreenContext,
	{ current, list, feed, asOf }: Parts,
): Readonly<Record<string, Handler | undefined>> {
	const { marks, refresh, filter } = list;
	const on = (act: (row: Finding) => void, why: string): Handler => ({
		run() {
			const row = current();
			if (row) act(row);
		},
		disabled: () => (current() ? undefined : why),
	});
	// What the filter finds now is not what was open then.
	const chosen = () => (asOf === undefined ? chosenOf(marks, filter(), current() === undefined) : namedOf(marks));
	return {
		...narrowingHandlers(context, { nouns: ["finding", "findings"], feed, current, list, termOf: valueTerm }),
		...mendingHandlers(context, chosen),
		...handle<"findings">({
			...aboutFinding(context, current, refresh),
			except: {
				run() {
					const selection = marks.selection();
					const done = () => {
						marks.clear();
						refresh();
					};
					// Of a day of the past the filter would mean what matches now.
					if (selection.kind === "rows") askForFindings(context, selection.rows, done);
					else if (asOf === undefined) askForAll(context, selection.filter, done);
					else list.take("Ask for", (rows) => askForFindings(context, rows, done));
				},
				disabled() {
					// Of those that are marked, not of where the cursor has gone on to.
					const reasons = marks.rows().map(whyNotExcept);
					if (reasons.length === 0) return "There is no finding to set apart.";
					return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined;
				},
			},
			"make-tickets": {
				run() {
					const { ids, filter: matching = "", what } = chosen() ?? { what: "" };
					const choice = ids === undefined ? { filter: matching.trim() || "*" } : { ids: [...ids] };
					const done = () => {
						marks.clear();
						refresh();
					};
					context.opens(openMakeTickets(context, { ...choice, what }, done));
				},
				disabled: () => (chosen() ? undefined : "There is no finding to make a ticket for."),
			},
			"except-all": {
				run: () => askForAll(context, filter(), refresh),
				disabled: () => (current() ? undefined : "There is no finding to set apart."),
			},

			"as-of": { run: () => openAsOf(context, filter(), asOf) },
			weights: { run: () => context.opens(openWeights(context, refresh)) },
			compare: { run: () => openCompareDates(context) },
			together: { run: () => context.open({ to: "finding-groups", by: "signature", filter: filter() }) },
			excepted: {
				run() {
					marks.clear();
					list.narrow(otherSide(filter()));
				},
			},
			why: on((row) => context.open({ to: "why", finding: row.id }), "There is no finding to explain."),
		}),
	};
}

const apart = "(excepted:true or ignored:true)";

/** What is set apart of what the filter says, or what is open of it again. */
function otherSide(filter: string): string {
	return hasTerm(filter, apart) ? withoutTerm(filter, apart) : withTerm(filter, apart);
}
