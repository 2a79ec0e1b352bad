/** The doctor's checks as text: those with something to do first. */
import type { CheckState, DoctorCheck } from "../../../protocol/model/doctor.ts";
import { plural } from "../../text/format.ts";
import type { Piece } from "../../theme/line.ts";
import type { Block } from "../reader/document.ts";

const marks: Record<CheckState, Piece> = { ok: ["✓", "good"], warning: ["!", "warning"], failed: ["✗", "bad"] };
const urgency: readonly CheckState[] = ["failed", "warning", "ok"];

export function describeChecks(checks: readonly DoctorCheck[]): Block[] {
	return urgency
		.flatMap((state) => checks.filter((check) => check.state === state))
		.flatMap(({ state, title, found, cure }): Block[] => [
			{ kind: "item", mark: marks[state], text: `${title}: ${found}` },
			...cure.map((text): Block => ({ kind: "text", text: `→ ${text}`, token: "muted", indent: 2 })),
		]);
}

/** How many failed and how many are doubtful. */
export function figuresOfChecks(checks: readonly DoctorCheck[]): Piece[] {
	const count = (state: CheckState) => checks.filter((check) => check.state === state).length;
	if (checks.length === 0) return [];
	const [failed, warnings] = [count("failed"), count("warning")];
	return [
		[`${failed} failed`, failed > 0 ? "bad" : "muted"],
		[" · ", "muted"],
		[plural(warnings, "warning"), warnings > 0 ? "warning" : "muted"],
	];
}
