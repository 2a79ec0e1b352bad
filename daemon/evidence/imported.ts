/** What only another scanner's file tells of, and how what such a scanner judged by itself is graded here. Pure. */

import type { FindingType } from "../../protocol/model/finding.ts";
import type { Severity } from "../../protocol/model/severity.ts";
import type { Kind } from "./record.ts";

/** No protocol of a port, so that nothing that answers there disproves them. */
const imported: ReadonlySet<string> = new Set<Kind>(["nessus", "nmap"]);

export function isImportedKind(kind: string): boolean {
	return imported.has(kind);
}

/** Beginning of the ids of signatures that are Nessus' plugins; the plugin's number follows. */
export const nessusFolder = "nessus/";

const severities: readonly Severity[] = [1, 2, 3, 4, 5];

/** Nessus counts from 0, information. */
export function severityOfReport(severity: number): Severity {
	return severities[severity] ?? 1;
}

/** What rests on a version that a service told is no more than a suspicion, whoever says it. */
export function typeOfReport({ severity, byVersion }: { severity: number; byVersion: boolean }): FindingType {
	return severity === 0 ? "information" : byVersion ? "potential" : "confirmed";
}
