/** Checks that there is something to judge with. */
import type { DoctorCheck } from "../../protocol/model/doctor.ts";
import type { KnowledgeStatus } from "../../protocol/model/overview.ts";

const shownProblems = 5;

export function checkSignatures({ signatures, problems, version }: KnowledgeStatus): DoctorCheck {
	const base = { id: "signatures", title: "Signatures" };
	const loaded = `${signatures} loaded (version ${version.slice(0, 12)})`;
	if (signatures === 0) {
		const cure = [
			"Install Vedette again: its signatures folder is missing or empty.",
			...problems.slice(0, shownProblems),
		];
		return { ...base, state: "failed", found: "None could be loaded: nothing would be found.", cure };
	}
	if (problems.length === 0) return { ...base, state: "ok", found: `${loaded}, none left out.`, cure: [] };
	const more = problems.length > shownProblems ? [`… and ${problems.length - shownProblems} more`] : [];
	return {
		...base,
		state: "warning",
		found: `${loaded}, ${problems.length} left out.`,
		cure: ["Mend these files (vedette signature check FILE says more):", ...problems.slice(0, shownProblems), ...more],
	};
}
