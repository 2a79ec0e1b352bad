/** What can be done with findings that somebody chose, wherever they are shown: export them, see what mends them, test them again. */
import type { Chosen } from "../../connect/remedy-pages.ts";
import { type Handler, handle, type ScreenContext } from "../../screens/view.ts";
import { count, plural } from "../../text/format.ts";
import type { Marks } from "../list/marks.ts";
import { openExport } from "./export-form.ts";
import { openVerify } from "./verify.ts";

/** With words for them: `the 3 marked findings`, `what the list shows`. */
export interface ChosenFindings extends Chosen {
	readonly what: string;
}

/** `chosen` is undefined while there is nothing to do it with. */
export function mendingHandlers(
	context: ScreenContext,
	chosen: () => ChosenFindings | undefined,
): Readonly<Record<string, Handler | undefined>> {
	const withThem = (run: (findings: ChosenFindings) => void): Handler => ({
		run() {
			const findings = chosen();
			if (findings) run(findings);
		},
		disabled: () => (chosen() ? undefined : "There is no finding here."),
	});
	return handle<"mending">({
		fix: withThem(({ filter, ids, what }) =>
			context.open({ to: "fix", filter, what, ...(ids === undefined ? {} : { ids }) }),
		),
		verify: withThem((findings) => openVerify(context, findings)),
		export: withThem((findings) => openExport(context, findings)),
	});
}

/** The marked rows of a list, else all that its filter shows. */
export function chosenOf(marks: Marked, filter: string, isEmpty: boolean): ChosenFindings | undefined {
	const selection = marks.selection();
	if (selection.kind === "matching") {
		return { filter: selection.filter, what: `the ${plural(selection.total, "finding")} that match` };
	}
	if (marks.count() > 0) return namedOf(marks);
	return isEmpty ? undefined : { filter, what: filter === "" ? "all open findings" : `findings with ${filter}` };
}

/** Where the filter does not say which they are: the marked rows, else the one under the cursor. */
export function namedOf(marks: Marked): ChosenFindings | undefined {
	const selection = marks.selection();
	if (selection.kind === "matching" || selection.ids.length === 0) return undefined;
	const { ids } = selection;
	if (marks.count() === 0) return { filter: "", ids, what: "this finding" };
	return {
		filter: "",
		ids,
		what: ids.length === 1 ? "the marked finding" : `the ${count(ids.length)} marked findings`,
	};
}

type Marked = Pick<Marks<unknown>, "count" | "selection">;
