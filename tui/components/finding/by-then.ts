/** The column of lists of the past: the last that had happened to a finding by then, and whether it was set apart. */
import type { Finding } from "../../../protocol/model/finding.ts";
import { apartWords, eventWord } from "../../text/finding-event-words.ts";
import type { Column } from "../list/columns.ts";

export const byThenColumn: Column<Finding> = {
	...{ id: "event", title: "BY THEN", width: 23, grow: 1, most: 48, worth: 80 },
	draw: ({ lastEvent, apartThen }) =>
		lastEvent === undefined
			? []
			: [[eventWord(lastEvent.kind)], [`  ${lastEvent.at.slice(0, 10)}`, "muted"], [apartWords(apartThen), "accent"]],
};
