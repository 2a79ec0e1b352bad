/** The chain of the audit log: what the hash of an entry covers, and what is signed. The same for database and export. */
import { createHash } from "node:crypto";
import { canonicalJson } from "../canonical-json.ts";
import type { AuditEntry } from "../model/audit.ts";

/** The hash before the first entry. */
export const noHash = "0".repeat(64);

/** What the signature of the head is made for. */
export const auditNamespace = "vedette-audit";

/** SHA-256 over the hash before, a line feed, and the entry without `hash` as canonical JSON. Hexadecimal. */
export function hashOfEntry(before: string, entry: Omit<AuditEntry, "hash">): string {
	return createHash("sha256")
		.update(`${before}\n${canonicalJson(entry)}`)
		.digest("hex");
}

export interface AuditHead {
	/** Number of the newest entry; 0 for none. */
	readonly n: number;
	readonly hash: string;
}

/** What is signed: how many entries there are, and by the hash of the last what each of them says. */
export function headText({ n, hash }: AuditHead): string {
	return `vedette audit head ${n} ${hash}\n`;
}
