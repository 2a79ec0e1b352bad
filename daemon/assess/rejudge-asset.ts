/**
 * Judges an asset's current evidence again when the knowledge has changed and the host has not. Pure. What closes here
 * was never there: it is `corrected`, not fixed; what stays is left exactly as it was.
 */
import type { EvidenceRecord } from "../evidence/record.ts";
import type { FindingState, PriorFinding } from "../store/finding-writes.ts";
import { isClear, sameSighting, stateSeen, type Transition } from "./judge.ts";
import { type ChecksFor, keyOf, type Weighed, weigh } from "./weigh.ts";

export interface RejudgeInput {
	/** All current evidence of the asset. */
	records: readonly EvidenceRecord[];
	checksFor: ChecksFor;
	/** Is there still a signature of this id? */
	isKnown(signature: string): boolean;
	/** All findings of the asset. */
	prior: readonly PriorFinding[];
	/** Milliseconds. */
	now: number;
}

export function rejudgeAsset(input: RejudgeInput): Transition[] {
	const weighed = weigh(input.records, input.checksFor, input.now);
	const prior = new Map(input.prior.map((finding) => [keyOf(finding), finding]));
	const transitions: Transition[] = [];
	for (const [key, entry] of weighed) {
		const transition = entry.seen && whenSeen(entry, entry.seen, prior.get(key), input.now);
		if (transition) transitions.push(transition);
	}
	for (const [key, finding] of prior) {
		const entry = weighed.get(key);
		if (entry?.seen || finding.status === "FIXED") continue;
		const withdrawn = !input.isKnown(finding.signature);
		if (withdrawn || (entry !== undefined && isClear(entry, finding))) {
			transitions.push(whenCorrected(finding, input.now));
		}
	}
	return transitions;
}

function whenSeen(
	entry: Weighed,
	seen: NonNullable<Weighed["seen"]>,
	prior: PriorFinding | undefined,
	now: number,
): Transition | null {
	const current = stateSeen(entry, seen);
	const information = current.type === "information";
	const { check } = entry;
	if (prior === undefined) {
		const found = { firstFound: now, lastFound: now, lastFixed: null, timesFound: 1, scan: null } as const;
		const after: FindingState = { ...current, ...found, status: information ? null : "NEW", change: "new" };
		return { act: "insert", check, after, event: "new" };
	}
	if (prior.status === "FIXED" && !information) {
		const seenAgain = { lastFound: now, timesFound: prior.timesFound + 1, scan: null } as const;
		const after: FindingState = { ...prior, ...current, ...seenAgain, status: "REOPENED", change: "reopened" };
		return { act: "update", prior, check, after, event: "reopened" };
	}
	const status = information ? null : (prior.status ?? "NEW");
	if (status === prior.status && sameSighting(prior, current)) return null;
	return { act: "update", prior, check, after: { ...prior, ...current, status }, event: null };
}

function whenCorrected(prior: PriorFinding, now: number): Transition {
	if (prior.status === null) return { act: "remove", prior };
	const after: FindingState = { ...prior, status: "FIXED", lastFixed: now, scan: null, change: "fixed" };
	return { act: "update", prior, check: null, after, event: "corrected" };
}
