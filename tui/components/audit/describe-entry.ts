/** An entry of the audit log as a text to read, with what was before and what came of it. */
import type { AuditEntry } from "../../../protocol/model/audit.ts";
import { plural, when } from "../../text/format.ts";
import type { Block } from "../reader/document.ts";

export function describeEntry(entry: AuditEntry): Block[] {
	return [
		{ kind: "field", name: "when", pieces: [[when(entry.at)]] },
		{ kind: "field", name: "who", pieces: [[entry.who]] },
		{ kind: "field", name: "what", pieces: [[entry.action, "strong"]] },
		{ kind: "field", name: "to what", pieces: [[entry.object]] },
		...(entry.reason === null ? [] : [{ kind: "field", name: "why", pieces: [[entry.reason]] } as const]),
		...changeBlocks(entry),
		{ kind: "heading", text: "Hash" },
		{ kind: "text", text: entry.hash, token: "faint" },
	];
}

/** Of two states of one thing what differs, field by field; else each state as it is. */
function changeBlocks({ before, after }: AuditEntry): Block[] {
	if (!isPlain(before) || !isPlain(after)) return [...valueBlocks("Before", before), ...valueBlocks("After", after)];
	const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
	const differing = names.filter((name) => wordOf(before[name]) !== wordOf(after[name]));
	const same = names.length - differing.length;
	const rest =
		same === 0 ? [] : [{ kind: "text", text: `${plural(same, "field")} as before.`, token: "muted" } as const];
	return [
		{ kind: "heading", text: "Changed" },
		...differing.map((name): Block => {
			const [was, is] = [wordOf(before[name]), wordOf(after[name])];
			return {
				kind: "field",
				name,
				pieces: [
					[was, "muted"],
					[" → ", "muted"],
					[is, "strong"],
				],
			};
		}),
		...rest,
	];
}

function valueBlocks(title: string, value: unknown): Block[] {
	if (value === null || value === undefined) return [];
	if (isPlain(value)) {
		const fields = Object.entries(value).map(([name, one]): Block => {
			return { kind: "field", name, pieces: [[wordOf(one)]] };
		});
		return [{ kind: "heading", text: title }, ...fields];
	}
	return [
		{ kind: "heading", text: title },
		{ kind: "captured", text: typeof value === "string" ? value : JSON.stringify(value, null, 2) },
	];
}

function isPlain(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A dash for what is not there. */
function wordOf(value: unknown): string {
	if (value === undefined || value === null || value === "") return "—";
	return typeof value === "string" ? value : JSON.stringify(value);
}
