/**
 * The lifecycle of findings, as a pure function: what was seen, what was covered and what was known before go in, the
 * changes to make come out. Not seen is not fixed (ARCHITECTURE.md, "What never changes", 2).
 */

import type { HostCoverage } from "../evidence/coverage.ts";
import { coversAbsence, coversClosed, coversKind } from "../evidence/covers.ts";
import { seesAlike } from "../evidence/inside.ts";
import type { EvidenceRecord } from "../evidence/record.ts";
import type { Check } from "../knowledge/knowledge.ts";
import type { FindingState, PriorFinding } from "../store/finding-writes.ts";
import { accessOf, type ChecksFor, keyOf, type Weighed, weigh } from "./weigh.ts";

/**
 * - `insert`: seen for the first time ever. `update`: seen again, or reopened, or closed; `after` is the new state.
 * - `touch`: seen again and nothing else about it is new. `remove`: information that is no longer so.
 * - `keep`: the same scan said so before; nothing is written, it is only told again.
 */
export type Transition =
	| { act: "insert"; check: Check; after: FindingState; event: "new" }
	| { act: "update"; prior: PriorFinding; check: Check | null; after: FindingState; event: Event | null }
	| { act: "touch"; prior: PriorFinding; check: Check }
	| { act: "remove"; prior: PriorFinding }
	| { act: "keep"; prior: PriorFinding };
type Event = "found" | "fixed" | "reopened" | "corrected" | "closed";

export interface JudgeInput {
	records: readonly EvidenceRecord[];
	coverage: HostCoverage;
	checksFor: ChecksFor;
	/** Every finding the asset has at the coverage's address. */
	prior: readonly PriorFinding[];
	/** Null when the evidence came by no scan. */
	scan: number | null;
	/** When the run ended: the time of everything it found. Milliseconds. */
	now: number;
}

/** What one run on one address changes. The same run judged twice changes nothing the second time. */
export function judge(input: JudgeInput): Transition[] {
	const weighed = weigh(input.records, input.checksFor, input.now);
	const prior = new Map(input.prior.map((finding) => [keyOf(finding), finding]));
	const transitions: Transition[] = [];
	for (const [key, entry] of weighed) {
		if (entry.seen !== null) transitions.push(whenSeen(entry, entry.seen, prior.get(key), input));
	}
	for (const [key, finding] of prior) {
		const entry = weighed.get(key);
		if (entry?.seen) continue;
		if (closes(finding, entry, input.coverage)) transitions.push(whenClosed(finding, input));
		else if (finding.status === "FIXED" && finding.change === "fixed" && sameRun(finding, input)) {
			transitions.push({ act: "keep", prior: finding });
		}
	}
	return transitions;
}

function whenSeen(
	entry: Weighed,
	seen: NonNullable<Weighed["seen"]>,
	prior: PriorFinding | undefined,
	input: JudgeInput,
): Transition {
	const { now, scan } = input;
	const current = stateSeen(entry, seen);
	if (prior === undefined) {
		const status = current.type === "information" ? null : "NEW";
		const after: FindingState = {
			...current,
			status,
			firstFound: now,
			lastFound: now,
			lastFixed: null,
			timesFound: 1,
			scan,
			change: "new",
		};
		return { act: "insert", check: entry.check, after, event: "new" };
	}
	const again = prior.status !== "FIXED" && sameRun(prior, input);
	const status = current.type === "information" ? null : again && prior.status ? prior.status : nextStatus(prior);
	const reopened = status === "REOPENED" && prior.status === "FIXED";
	const unchanged = status === prior.status && sameSighting(prior, current);
	if (unchanged) return again ? { act: "keep", prior } : { act: "touch", prior, check: entry.check };
	const after: FindingState = {
		...current,
		status,
		firstFound: prior.firstFound,
		lastFound: now,
		lastFixed: prior.lastFixed,
		timesFound: prior.timesFound + (again ? 0 : 1),
		scan,
		change: again ? prior.change : reopened ? "reopened" : "found",
	};
	// Information is replaced without a word: its text (a duration, a date) changes at every look.
	const event = again || status === null ? null : reopened ? "reopened" : "found";
	return { act: "update", prior, check: entry.check, after, event };
}

function whenClosed(prior: PriorFinding, input: JudgeInput): Transition {
	if (prior.status === null) return { act: "remove", prior };
	const after: FindingState = { ...prior, status: "FIXED", lastFixed: input.now, scan: input.scan, change: "fixed" };
	return { act: "update", prior, check: null, after, event: "fixed" };
}

/** The run proves that an open finding, or a piece of information, is no longer so. */
function closes(prior: PriorFinding, entry: Weighed | undefined, coverage: HostCoverage): boolean {
	if (prior.status === "FIXED") return false;
	// What a login or an agent saw inside is not disproved by how the port looks from outside.
	const fromOutside = prior.source === "network" || prior.source === "import";
	if (fromOutside && (coversClosed(coverage, prior) || coversAbsence(coverage, prior, prior.kind))) return true;
	if (entry === undefined || !isClear(entry, prior)) return false;
	// Records of reports are only made of what was asked (imported-reports.ts).
	return prior.kind === "nessus" || coversKind(coverage, prior, prior.kind);
}

/** The same check was clear with the same access, and no record left it open. */
export function isClear(entry: Weighed, prior: PriorFinding): boolean {
	if (entry.seen !== null || entry.undecided) return false;
	const { kind } = entry.check;
	return entry.clear.some((access) => seesAlike(kind, access.source, prior.source) && access.seenAs === prior.seenAs);
}

/** NEW once ever; REOPENED for exactly one run. */
function nextStatus(prior: PriorFinding): "NEW" | "ACTIVE" | "REOPENED" {
	if (prior.status === null) return "NEW";
	return prior.status === "FIXED" ? "REOPENED" : "ACTIVE";
}

/** Everything about a sighting that does not depend on what was there before. */
export function stateSeen(
	entry: Weighed,
	seen: NonNullable<Weighed["seen"]>,
): Pick<
	FindingState,
	| "signature"
	| "address"
	| "port"
	| "protocol"
	| "instance"
	| "severity"
	| "type"
	| "source"
	| "seenAs"
	| "fix"
	| "result"
> {
	const { signature, address, port, protocol, instance, check } = entry;
	const type = seen.type ?? check.signature.type;
	return {
		signature,
		address,
		port,
		protocol,
		instance,
		severity: seen.severity ?? check.signature.severity,
		type,
		fix: seen.fix ?? null,
		result: seen.result,
		...accessOf(seen.record),
	};
}

export function sameSighting(prior: PriorFinding, current: ReturnType<typeof stateSeen>): boolean {
	return (
		prior.result === current.result &&
		prior.severity === current.severity &&
		prior.type === current.type &&
		prior.fix === current.fix &&
		prior.source === current.source &&
		prior.seenAs === current.seenAs
	);
}

/** The finding's last change came from this very run, so it must not count twice. */
function sameRun(prior: PriorFinding, { scan, now }: JudgeInput): boolean {
	if (scan !== null) return prior.scan === scan;
	return prior.scan === null && Math.max(prior.lastFound, prior.lastFixed ?? 0) === now;
}
