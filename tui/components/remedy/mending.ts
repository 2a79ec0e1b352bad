/** What can be done with findings that somebody chose, wherever they are shown: export them, see what mends them, test them again. */
import type { Chosen } from "../../connect/remedy-pages.ts";
import { type Handler, handle, type ScreenContext } from "../../screens/view.ts";
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
export function chosenOf(marked: ReadonlySet<number>, filter: string, isEmpty: boolean): ChosenFindings | undefined {
	const named = namedOf(marked);
	if (named || isEmpty) return named;
	return { filter, what: filter === "" ? "all open findings" : `findings with ${filter}` };
}

/** Where the filter does not say which they are: the marked rows, else the one under the cursor. */
export function namedOf(marked: ReadonlySet<number>, current?: { readonly id: number }): ChosenFindings | undefined {
	if (marked.size === 1) return { filter: "", ids: [...marked], what: "the marked finding" };
	if (marked.size > 1) return { filter: "", ids: [...marked], what: `the ${marked.size} marked findings` };
	return current === undefined ? undefined : { filter: "", ids: [current.id], what: "this finding" };
}
