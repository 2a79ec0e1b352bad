/** Where a scan or a map stands: the same words for both. */
import { z } from "zod";

export const runStatuses = [
	"queued",
	"waiting",
	"running",
	"pausing",
	"paused",
	"cancelling",
	"cancelled",
	"finished",
	"error",
] as const;
export const runStatus = z.enum(runStatuses).describe("waiting: for its window to open, see `continuesAt`");
export type RunStatus = z.infer<typeof runStatus>;

/** It will not go on, whatever anybody does. */
export function isOver({ status }: { readonly status: RunStatus }): boolean {
	return status === "finished" || status === "cancelled" || status === "error";
}
