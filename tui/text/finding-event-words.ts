/** What happens to findings, in a word each. */
import type { Finding, FindingEvent } from "../../protocol/model/finding.ts";

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

/** Of a list of the past, after the event: `, excepted (request 7)`; empty when it was not set apart. */
export function apartWords(then: Finding["apartThen"]): string {
	if (then === undefined) return "";
	return then.exception !== null ? `, excepted (request ${then.exception})` : then.ignored ? ", ignored" : "";
}
