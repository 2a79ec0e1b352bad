/** The column of lists of the past: the last that had happened to a finding by then. */
import type { Finding } from "../../../protocol/model/finding.ts";
import { eventWord } from "../../text/finding-event-words.ts";
import type { Column } from "../list/columns.ts";

export const byThenColumn: Column<Finding> = {
	...{ id: "event", title: "BY THEN", width: 23, worth: 80 },
	draw: ({ lastEvent }) =>
		lastEvent === undefined ? [] : [[eventWord(lastEvent.kind)], [`  ${lastEvent.at.slice(0, 10)}`, "muted"]],
};
