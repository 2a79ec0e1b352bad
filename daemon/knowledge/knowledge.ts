/** What evidence is judged with, as the rest of the daemon sees it: compiled checks by evidence kind, and a version. */
import type { KnowledgeStatus } from "../../protocol/model/overview.ts";
import type { Signature } from "../../protocol/model/signature.ts";
import type { EvidenceRecord, Kind } from "../evidence/record.ts";

/** One compiled signature. */
export interface Check {
	readonly signature: Signature;
	readonly kind: Kind;
	/**
	 * Pure: the same record and `now` always give the same verdict. `matched: null` means the expression could not be
	 * decided (a field it needs was not told): it neither opens nor closes a finding.
	 */
	evaluate(record: EvidenceRecord, now: number): Verdict;
}

export interface Verdict {
	readonly matched: boolean | null;
	/** What was seen, one line or several; empty when not matched. Raw target text: escape where it is shown. */
	readonly result: string;
	/** Why it could not be decided; empty otherwise. */
	readonly problem: string;
}

export interface Knowledge {
	/** Content hash over everything judged with. A different one means: judge again. */
	readonly version: string;
	readonly signatures: readonly Signature[];
	/** Checks that look at a kind of record. */
	checksFor(kind: Kind): readonly Check[];
	/** By id, QID, alias or CVE; the first that fits. */
	find(name: string): Check | null;
	status(): KnowledgeStatus;
}
