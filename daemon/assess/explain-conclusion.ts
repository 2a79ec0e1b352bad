/** What an explanation comes to: the verdict of its steps, and a sentence that says it. */
import type { Asset } from "../../protocol/model/asset.ts";
import type { Finding, TraceStep } from "../../protocol/model/finding.ts";
import type { Check } from "../knowledge/knowledge.ts";
import { findingEvents } from "../store/findings.ts";
import { isGone } from "../store/missed.ts";
import type { Store } from "../store/store.ts";
import { endOf } from "./explain-steps.ts";

type Verdict = "vulnerable" | "not-vulnerable" | "unknown";

interface Told {
	readonly steps: readonly TraceStep[];
	readonly findings: readonly Finding[];
	/** Null: nothing looks for it any more. */
	readonly check: Check | null;
	readonly asset: Asset;
}

export function conclude(store: Store, told: Told): { readonly verdict: Verdict; readonly summary: string } {
	const verdict = verdictOf(told);
	if (verdict === "vulnerable" && isGone(store.db, told.asset.id))
		return { verdict: "unknown", summary: goneSummary(told) };
	const corrected = verdict === "not-vulnerable" ? correctedSummary(store, told) : null;
	return { verdict, summary: corrected ?? summarise(verdict, told) };
}

/** The last step. */
export function verdictStep(verdict: Verdict, summary: string): TraceStep {
	const outcome = verdict === "vulnerable" ? "yes" : verdict === "unknown" ? "unknown" : "no";
	return { step: "verdict", outcome, text: summary };
}

function verdictOf({ steps, findings }: Told): Verdict {
	if (findings.some((finding) => finding.status !== "FIXED")) return "vulnerable";
	const expressions = steps.filter(({ step }) => step === "expression").map(({ outcome }) => outcome);
	if (expressions.includes("yes")) return "vulnerable";
	if (expressions.includes("unknown")) return "unknown";
	return expressions.includes("no") || findings.length > 0 ? "not-vulnerable" : "unknown";
}

function summarise(verdict: Verdict, { steps, findings, check, asset }: Told): string {
	const open = findings.filter((finding) => finding.status !== "FIXED");
	const title = check?.signature.title ?? findings[0]?.title ?? "";
	if (verdict === "vulnerable") {
		const type = open[0]?.type ?? check?.signature.type;
		const how =
			type === "potential"
				? "potentially so: one sign of it was seen"
				: type === "information"
					? "gathered as information"
					: "seen";
		return `${title}: ${how} on ${asset.name}.`;
	}
	if (verdict === "not-vulnerable") {
		const fixed = findings.find((finding) => finding.status === "FIXED");
		if (fixed) return `${title}: was there, closed ${fixed.lastFixed ?? "since"}.`;
		return `${title}: looked for on ${asset.name} and not there.`;
	}
	const reason = steps.find(({ step, outcome }) => step === "coverage" && outcome !== "yes")?.text;
	return `${title}: cannot be told for ${asset.name}. ${reason ?? "No evidence decides it."}`;
}

function goneSummary({ findings, check, asset }: Told): string {
	const title = check?.signature.title ?? findings[0]?.title ?? "";
	return `${title}: was there when ${asset.name} was last seen, ${asset.lastSeen.slice(0, 10)}. Scans since have not found the host alive.`;
}

/** Null where none of them was closed by what is known having changed. */
function correctedSummary({ db }: Store, { findings, check }: Told): string | null {
	const corrected = findings.find(
		({ id, status }) => status === "FIXED" && endOf(findingEvents(db, id)) === "corrected",
	);
	if (corrected === undefined) return null;
	const title = check?.signature.title ?? corrected.title;
	return `${title}: corrected ${corrected.lastFixed ?? "since"}, by what is known now it was never there.`;
}
