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

/**
 * The last time it was found, where nothing had changed and so no event was written: `found again, unchanged, scan 3`. Null when the
 * last sighting is among the events.
 */
export function unchangedSighting(
	{ lastFound, timesFound, status }: Pick<Finding, "lastFound" | "timesFound" | "status">,
	events: readonly FindingEvent[],
	evidence: readonly { readonly observedAt: string; readonly scan: number | null }[],
): { readonly at: string; readonly text: string } | null {
	const last = Math.max(0, ...events.map(({ at }) => Date.parse(at)));
	if (timesFound < 2 || status === "FIXED" || Date.parse(lastFound) <= last) return null;
	const seen = evidence.find(({ observedAt }) => observedAt === lastFound);
	const by = seen?.scan == null ? "" : `, scan ${seen.scan}`;
	return { at: lastFound, text: `found again, unchanged${by}` };
}
