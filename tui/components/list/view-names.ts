/** Finding a saved view by its name. Pure. */
import { AppError } from "../../../protocol/errors.ts";
import type { SavedView } from "../../../protocol/model/view.ts";

/** One's own before one that is shared, without regard to case. Throws `not-found`. */
export function viewNamed(views: readonly SavedView[], name: string, list: string): SavedView {
	const wanted = name.trim().toLowerCase();
	const named = views.filter((view) => view.list === list && view.name.toLowerCase() === wanted);
	const found = named.find(({ mine }) => mine) ?? named[0];
	if (found !== undefined) return found;
	throw new AppError("not-found", `There is no view ${JSON.stringify(name)} of ${list}.`, {
		hint: "See which there are with: vedette view list",
	});
}
