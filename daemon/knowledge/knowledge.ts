/** What evidence is judged with, as the rest of the daemon sees it: compiled checks by evidence kind, and a version. */

import type { FindingType, FixState } from "../../protocol/model/finding.ts";
import type { KnowledgeStatus } from "../../protocol/model/overview.ts";
import type { Severity } from "../../protocol/model/severity.ts";
import type { Signature } from "../../protocol/model/signature.ts";
import type { EvidenceRecord, Kind, RecordOf } from "../evidence/record.ts";
import type { Urgency } from "./advisories/advisory-signature.ts";
import type { AdvisoryBook } from "./advisories/book.ts";

/** One compiled signature. */
export interface Check {
	readonly signature: Signature;
	readonly kind: Kind;
	/** Of an advisory; a signature's own is looked up by its CVEs. */
	readonly urgency?: Urgency;
	/**
	 * Pure: the same record and `now` always give the same verdict. `matched: null` means the expression could not be
	 * decided (a field it needs was not told): it neither opens nor closes a finding.
	 */
	evaluate(record: EvidenceRecord, now: number): Verdict;
	/** The same where more is known of the host than the record tells; used instead where it is there. */
	onHost?(record: EvidenceRecord, now: number, host: HostFacts | null): Verdict;
	/** The feed it comes from, with date and digest; absent where it comes from a signature file. */
	readonly basis?: string;
	/** A signature file's `values`, and the check with others in their place. */
	readonly values?: Readonly<Record<string, unknown>>;
	withValues?(values: Readonly<Record<string, unknown>>): Check;
}

/** What is known of the host a record is from. */
export interface HostFacts {
	readonly records: readonly EvidenceRecord[];
	newest<K extends "system" | "packages">(kind: K, address: string): RecordOf<K> | null;
}

export interface Verdict {
	readonly matched: boolean | null;
	/** What was seen, one line or several; empty when not matched. Raw target text: escape where it is shown. */
	readonly result: string;
	/** Why it could not be decided; empty otherwise. */
	readonly problem: string;
	/** What the vendor does about it; absent where no vendor was asked. */
	readonly fix?: FixState;
	/** Instead of the signature's, where it is another on this host. */
	readonly severity?: Severity;
	/** Instead of the signature's, where less is sure on this host. */
	readonly type?: FindingType;
}

export interface Knowledge {
	/** Content hash over everything judged with. A different one means: judge again. */
	readonly version: string;
	/** Of the signatures alone; absent where no feed was ever taken in. */
	readonly ownVersion?: string;
	readonly signatures: readonly Signature[];
	/** What feeds say of packages; absent when none was ever taken in. */
	readonly advisories?: AdvisoryBook;
	/** Checks that look at a kind of record. */
	checksFor(kind: Kind): readonly Check[];
	/** By id, QID, alias or CVE; the first that fits. */
	find(name: string): Check | null;
	status(): KnowledgeStatus;
}

/** Changes when a signature does, whatever feeds say. */
export function signaturesVersion({ ownVersion, version }: Knowledge): string {
	return ownVersion ?? version;
}
