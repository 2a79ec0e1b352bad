/** What one host's verdicts come to by other knowledge, and why. Pure but for the bases that are asked. */
import type { z } from "zod";
import type { knowledgeChange } from "../../protocol/model/knowledge.ts";
import type { AdvisoryBook } from "../knowledge/advisories/book.ts";
import type { AdvisoryVerdict } from "../knowledge/advisories/host-verdicts.ts";
import { lineOf } from "./advisory-result.ts";

export type KnowledgeChange = z.infer<typeof knowledgeChange>;
export type HostChange = Omit<KnowledgeChange, "hosts" | "named">;
/** By the advisory's name. */
export type Verdicts = ReadonlyMap<string, AdvisoryVerdict>;

/** `now` null: nothing can be told any more, and what there is is left as it is: nothing closes for want of knowledge. */
export function compareVerdicts(
	then: Verdicts | null,
	now: Verdicts | null,
	before: AdvisoryBook | null,
	after: AdvisoryBook | null,
): HostChange[] {
	if (now === null) return [];
	const changes: HostChange[] = [];
	for (const [name, verdict] of now) {
		const was = then?.get(name);
		const [old, current] = [was === undefined ? null : wordsOf(was), wordsOf(verdict)];
		if (old === current) continue;
		const why = was === undefined ? whyNew(verdict, before) : "the vendor's record has changed";
		changes.push(changeOf(was === undefined ? "new" : "changed", verdict, old, current, why, after));
	}
	for (const [name, verdict] of then ?? []) {
		if (now.has(name)) continue;
		changes.push(changeOf("gone", verdict, wordsOf(verdict), null, whyGone(verdict, then, now, after), before));
	}
	return changes;
}

function changeOf(
	change: KnowledgeChange["change"],
	verdict: AdvisoryVerdict,
	before: string | null,
	after: string | null,
	why: string,
	book: AdvisoryBook | null,
): HostChange {
	const { advisory, severity, fix } = verdict;
	const signature = book?.signatureOf(advisory).signature;
	const rated = advisory.severity !== null || advisory.cvss.length > 0 ? null : severity;
	return {
		...{ change, advisory: advisory.name, title: advisory.title, cves: [...advisory.cves], fix, before, after, why },
		severity: rated ?? signature?.severity ?? 3,
	};
}

/** A line for each package. */
export function wordsOf({ packages }: AdvisoryVerdict): string {
	return [...new Set(packages.map(lineOf))].join("\n");
}

function whyNew({ advisory }: AdvisoryVerdict, before: AdvisoryBook | null): string {
	const held = before?.base.find(advisory.name).some(({ name }) => name === advisory.name) === true;
	if (held) return "the vendor's record now names this version";
	return `new in ${advisory.feed}`;
}

function whyGone(
	{ advisory }: AdvisoryVerdict,
	then: Verdicts | null,
	now: Verdicts,
	after: AdvisoryBook | null,
): string {
	// What was told before already has not taken its place.
	const instead = [...now.values()].find(
		(other) => !then?.has(other.advisory.name) && other.advisory.cves.some((cve) => advisory.cves.includes(cve)),
	);
	if (instead !== undefined) return `told by ${instead.advisory.name} instead`;
	const held = after?.base.find(advisory.name).find(({ name }) => name === advisory.name);
	if (held === undefined) return `${advisory.feed} does not have it any more`;
	return held.withdrawnAt === null ? "the vendor's record no longer names this version" : "withdrawn by the vendor";
}
