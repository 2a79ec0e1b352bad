/** Requests for exceptions in words: the same on the command line and in the console. */
import {
	type Exception,
	type ExceptionPreview,
	type ExceptionScope,
	exceptionLimits,
} from "../../protocol/model/exception.ts";
import { exactly } from "./filter-terms.ts";
import { count, plural, when } from "./format.ts";
import { personName } from "./people.ts";

/** Filter: requests of somebody, under any of their identities: the name finds them all. */
export function askedBy(user: string): string {
	return `requester:${exactly(personName(user))}`;
}

/** Filter: approvals in the days in which they are warned of. */
export const endingSoon = `state:approved and until<now+${exceptionLimits.warnDays}d`;

/** "hides 214 findings on 61 assets". */
export function blastWords(
	{ findings, assets }: { findings: number; assets: number },
	verb: "hides" | "hide" = "hides",
): string {
	return `${verb} ${plural(findings, "finding")} on ${plural(assets, "asset")}`;
}

/** Of a live one. */
export const laterWords = "Findings that come later and match are covered too.";

/** What it would do, a sentence a line. */
export function previewWords(preview: ExceptionPreview, live: boolean): string[] {
	const { bySeverity, excepted, of, findings } = preview;
	const levels = ([5, 4, 3, 2, 1] as const)
		.filter((level) => bySeverity[level] > 0)
		.map((level) => `${count(bySeverity[level])} of severity ${level}`);
	const already =
		excepted === 0 ? [] : [`${count(excepted)} of them ${excepted === 1 ? "is" : "are"} set apart already.`];
	if (findings === 0) return [];
	return [
		`It ${blastWords(preview)}, of ${count(of)} that are open or set apart: ${levels.join(", ")}.`,
		...already,
		live ? laterWords : "Findings that come later are not covered.",
	];
}

export function scopeWords(scope: ExceptionScope): string {
	switch (scope.kind) {
		case "findings": {
			const [one] = scope.findings;
			return scope.findings.length === 1 ? `finding ${one}` : `${count(scope.findings.length)} findings, by number`;
		}
		case "asset":
			return `QID ${scope.qids.join(", ")} on asset ${scope.asset}${scope.live ? ", what comes later too" : ""}`;
		case "query": {
			const qids = scope.qids.length === 0 ? "" : `QID ${scope.qids.join(", ")} `;
			const where = scope.query.trim() === "" ? "wherever it is" : `where ${scope.query}`;
			return `${qids}${where}${scope.live ? ", what comes later too" : ""}`;
		}
	}
}

/** Its state, with who and when. */
export function standingWords(one: Exception): string {
	switch (one.state) {
		case "requested":
			return `waits for a decision since ${when(one.requestedAt)} UTC`;
		case "approved":
			return `approved by ${personName(one.decidedBy ?? "")} on ${when(one.decidedAt)} UTC, holds until ${when(one.until)} UTC`;
		case "rejected":
			return `rejected by ${personName(one.decidedBy ?? "")} on ${when(one.decidedAt)} UTC`;
		case "expired":
			return `expired on ${when(one.endedAt)} UTC; counted again by the next scan that finds it`;
		default:
			return `${one.state} by ${personName(one.endedBy ?? "nobody")} on ${when(one.endedAt)} UTC`;
	}
}

/** A decision of before, in a line. */
export function similarWords(one: Exception): string {
	const note = one.decisionNote ? `: ${one.decisionNote}` : "";
	const isEnded = one.state === "expired" || one.state === "revoked";
	const decided = `${isEnded ? "approved" : one.state} ${one.decidedAt?.slice(0, 10) ?? ""} by ${personName(one.decidedBy ?? "nobody")}${note}`;
	const ended = isEnded ? `; ${one.state} ${one.endedAt?.slice(0, 10) ?? ""}` : "";
	return `${one.id}  ${one.kind}, ${decided}${ended}  (${one.subject})`;
}

/** A decision of before on the like, where there is little room. */
export function beforeWords({ id, state, decisionNote }: Exception): string {
	return `Before: request ${id} ${state === "expired" ? "expired" : `was ${state}`}${decisionNote ? `, “${decisionNote}”` : ""}.`;
}
