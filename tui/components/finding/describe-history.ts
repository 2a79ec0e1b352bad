/** All that has happened to a finding, newest first: when, by which scan, how it was seen, and what was seen where that changed. */
import type { FindingEvent } from "../../../protocol/model/finding.ts";
import { unchangedSighting } from "../../text/finding-event-words.ts";
import { age, plural, when } from "../../text/format.ts";
import type { Block } from "../reader/document.ts";
import { type FindingDetail, noteOf, statusPiece, wordsOf } from "./describe-finding.ts";

const sourceWords: Record<NonNullable<FindingEvent["source"]>, string> = {
	network: "over the network",
	login: "logged in",
	agent: "by an agent",
	import: "imported",
};

export function describeHistory({ finding, events, evidence }: FindingDetail, now: number): Block[] {
	const reopened = events.filter(({ kind }) => kind === "reopened").length;
	const unchanged = unchangedSighting(finding, events, evidence);
	const field = (name: string, text: string): Block => ({ kind: "field", name, pieces: [[text]] });
	return [
		{ kind: "text", text: finding.title, token: "strong" },
		{ kind: "gap" },
		{ kind: "field", name: "status", pieces: [statusPiece(finding.status)] },
		field("first found", `${when(finding.firstFound)}, ${age(finding.firstFound, now)} ago`),
		field("last found", `${when(finding.lastFound)}, ${age(finding.lastFound, now)} ago`),
		...(finding.lastFixed === null ? [] : [field("last fixed", when(finding.lastFixed))]),
		field("found", `${plural(finding.timesFound, "time")}, reopened ${plural(reopened, "time")}`),
		{ kind: "heading", text: "What has happened" },
		...(unchanged === null
			? []
			: [{ kind: "pieces", pieces: [[`${when(unchanged.at)}  `, "muted"], [unchanged.text]] } as const]),
		...events.flatMap((event, index) => eventBlocks(event, events[index - 1]).reverse()).reverse(),
	];
}

/** What was seen only where it is not the same as before. */
function eventBlocks(event: FindingEvent, before: FindingEvent | undefined): Block[] {
	const { at, scan, source, result } = event;
	const how = [source === null ? "" : sourceWords[source], scan === null ? "" : `scan ${scan}`]
		.filter(Boolean)
		.join(", ");
	const isNews = event.kind !== "verified" && result !== "" && result !== before?.result;
	return [
		{ kind: "pieces", pieces: [[`${when(at)}  `, "muted"], wordsOf(event), [how === "" ? "" : `  ${how}`, "faint"]] },
		...noteOf(event),
		...(isNews ? [{ kind: "captured", text: result } as const] : []),
	];
}
