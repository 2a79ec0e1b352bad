/** What happens to findings, in a word each. */
import type { FindingEvent } from "../../protocol/model/finding.ts";

const words: Readonly<Record<FindingEvent["kind"], string>> = {
	new: "found first",
	found: "found again",
	fixed: "fixed",
	reopened: "came back",
	corrected: "judged anew",
	closed: "host gone",
	verified: "tested again",
};

export function eventWord(kind: FindingEvent["kind"]): string {
	return words[kind];
}
