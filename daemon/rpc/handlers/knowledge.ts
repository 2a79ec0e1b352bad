/** Handlers of the knowledge area. */
import type { AreaHandlers } from "../handler.ts";
import type { Services } from "../services.ts";

export function knowledgeHandlers({ knowledge }: Services): AreaHandlers<"knowledge"> {
	return { status: () => knowledge().status() };
}
