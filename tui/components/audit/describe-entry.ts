/** An entry of the audit log as a text to read, with what was before and what came of it. */
import type { AuditEntry } from "../../../protocol/model/audit.ts";
import { when } from "../../text/format.ts";
import type { Block } from "../reader/document.ts";

export function describeEntry(entry: AuditEntry): Block[] {
	return [
		{ kind: "field", name: "when", pieces: [[when(entry.at)]] },
		{ kind: "field", name: "who", pieces: [[entry.who]] },
		{ kind: "field", name: "what", pieces: [[entry.action, "strong"]] },
		{ kind: "field", name: "to what", pieces: [[entry.object]] },
		...(entry.reason === null ? [] : [{ kind: "field", name: "why", pieces: [[entry.reason]] } as const]),
		...valueBlocks("Before", entry.before),
		...valueBlocks("After", entry.after),
		{ kind: "heading", text: "Hash" },
		{ kind: "text", text: entry.hash, token: "faint" },
	];
}

function valueBlocks(title: string, value: unknown): Block[] {
	if (value === null || value === undefined) return [];
	return [
		{ kind: "heading", text: title },
		{ kind: "captured", text: typeof value === "string" ? value : JSON.stringify(value, null, 2) },
	];
}
