/** The risk score of everything: what each open finding counts by its severity, added up. Pure. */
import type { Severity, SeverityCounts } from "../../../protocol/model/severity.ts";
import { countOf, severities } from "../../theme/severity.ts";

/** An urgent finding counts as ten medium ones; a minimal one is no risk. */
const weights: Readonly<Record<Severity, number>> = { 5: 10, 4: 5, 3: 2, 2: 1, 1: 0 };

export function riskOf(counts: SeverityCounts): number {
	return severities.reduce((sum, severity) => sum + weights[severity] * countOf(counts, severity), 0);
}

/** What each severity adds to it, the worst first; those that add nothing left out. */
export function riskParts(counts: SeverityCounts): { readonly severity: Severity; readonly points: number }[] {
	return severities
		.map((severity) => ({ severity, points: weights[severity] * countOf(counts, severity) }))
		.filter(({ points }) => points > 0);
}
