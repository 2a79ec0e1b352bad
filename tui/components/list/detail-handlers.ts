/** The keys that move the border between what one goes through and its details, the same wherever there is one. */
import type { Handler, ScreenContext } from "../../screens/view.ts";
import { stepped } from "./border.ts";

/** `width`: columns that both share. `whyNot`: why there is no border to move; undefined when there is. */
export function detailHandlers(
	context: Pick<ScreenContext, "details" | "setDetails">,
	width: () => number,
	whyNot: () => string | undefined,
): Record<"more-details" | "less-details", Handler> {
	const step = (by: 1 | -1): Handler => ({
		run: () => context.setDetails(stepped(context.details(), by, width())),
		disabled: whyNot,
	});
	return { "more-details": step(1), "less-details": step(-1) };
}
