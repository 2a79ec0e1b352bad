/** Handlers of the target lists area. */
import type { AreaHandlers } from "../handler.ts";
import type { Services } from "../services.ts";

export function listsHandlers({ lists }: Services): AreaHandlers<"lists"> {
	return { add: ({ list, ...part }) => lists.add(list, part) };
}
