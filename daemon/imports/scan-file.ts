/** What a scanner's file comes to, host by host: evidence and coverage, as of when that scanner saw it. */
import type { Signature } from "../../protocol/model/signature.ts";
import type { HostCoverage } from "../evidence/coverage.ts";
import type { EvidenceRecord } from "../evidence/record.ts";
import type { XmlEvent } from "../xml/reader.ts";

export interface ImportedHost {
	/** What the file calls it. */
	readonly name: string;
	/** Canonical. */
	readonly address: string;
	/** Name the scanner was told to scan; null when it was told an address. */
	readonly hostname: string | null;
	/** Milliseconds, by the clock of whoever scanned. */
	readonly startedAt: number;
	readonly finishedAt: number;
	readonly records: readonly EvidenceRecord[];
	readonly coverage: HostCoverage;
	readonly openPorts: number;
	/** What the scanner's own findings rest on; null: it makes none. */
	readonly reported: Reported | null;
}

/** How a scanner that judges by itself went about it. */
export interface Reported {
	/** The scan of the host ended and all of its reports are here, in a part of the file that is not damaged: only then may what it does not report be over. */
	readonly isWhole: boolean;
	readonly credentialed: boolean;
	readonly portRange: string | null;
	/** Of the scan that this host was one of. Milliseconds. */
	readonly scanStartedAt: number;
	/** Texts of plugins that no host before this one in the file was told of. */
	readonly signatures: readonly Omit<Signature, "qid">[];
}

export type FromScanFile =
	| { readonly kind: "host"; readonly host: ImportedHost }
	/** Not taken in; `reason` completes "it was left out: …". */
	| { readonly kind: "refused"; readonly host: string; readonly reason: string }
	/** The scanner found nobody there. */
	| { readonly kind: "down" }
	/** Numbers of the plugins that ran. */
	| { readonly kind: "plugins"; readonly plugins: readonly number[] };

/** One format. Pure, and never throws on any events. */
export interface ScanFileFormat {
	/** What this event completes. `damage`: in how many places the file was damaged before it; more of them: also within it. */
	take(event: XmlEvent, damage: number): FromScanFile[];
	/** Product and version, e.g. `nmap 7.94`. */
	readonly scanner: string;
	/** Things of more than is kept: names for the reader, with how many. */
	readonly leftOut: ReadonlyMap<string, number>;
}

/** Longest output of a script or plugin that is kept. Characters. */
export const longestOutput = 16_384;
export const longestText = 1_000;

/** A moment a file tells, in milliseconds; null for what cannot be one. Nobody scans in the future. */
export function momentOf(seconds: string | null | undefined, now: number): number | null {
	const at = seconds == null || !/^\d{9,11}$/.test(seconds.trim()) ? null : Number(seconds) * 1_000;
	return at === null ? null : Math.min(at, now);
}

/** Six pairs, lower case; null for what is no adapter's address. */
export function macOf(text: string): string | null {
	const mac = text.trim().toLowerCase().replaceAll("-", ":");
	return /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(mac) ? mac : null;
}
