/** An entry of the audit log as a text to read, with what was before and what came of it. */
import type { AuditEntry } from "../../../protocol/model/audit.ts";
import { plural, when } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import type { Block } from "../reader/document.ts";

export function describeEntry(entry: AuditEntry): Block[] {
	return [
		{ kind: "field", name: "when", pieces: [[when(entry.at)]] },
		{
			kind: "field",
			name: "who",
			pieces: [
				[personName(entry.who)],
				...(personName(entry.who) === entry.who ? [] : [[`  ${entry.who}`, "muted"] as const]),
			],
		},
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
	const [was, is] = [fieldsOf(before), fieldsOf(after)];
	const names = [...new Set([...was.keys(), ...is.keys()])];
	const differing = names.filter((name) => was.get(name) !== is.get(name));
	const same = names.length - differing.length;
	return [
		{ kind: "heading", text: "Changed" },
		...differing.map((name) => itemOf(`${name}: ${was.get(name) ?? nothing} → ${is.get(name) ?? nothing}`)),
		...(same === 0 ? [] : [{ kind: "text", text: `${plural(same, "field")} as before.`, token: "muted" } as const]),
	];
}

function valueBlocks(title: string, value: unknown): Block[] {
	if (value === null || value === undefined) return [];
	const heading: Block = { kind: "heading", text: title };
	if (isPlain(value)) return [heading, ...[...fieldsOf(value)].map(([name, one]) => itemOf(`${name}: ${one}`))];
	return [heading, { kind: "captured", text: typeof value === "string" ? value : JSON.stringify(value, null, 2) }];
}

const nothing = "—";

function itemOf(text: string): Block {
	return { kind: "item", mark: ["·", "faint"], text };
}

/** Every value by its path: `performance.level`. */
function fieldsOf(value: Record<string, unknown>, path = ""): Map<string, string> {
	return new Map(
		Object.entries(value).flatMap(([name, one]): [string, string][] =>
			isPlain(one) ? [...fieldsOf(one, `${path}${name}.`)] : [[`${path}${name}`, wordOf(one)]],
		),
	);
}

function isPlain(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wordOf(value: unknown): string {
	if (value === undefined || value === null || value === "") return nothing;
	return typeof value === "string" ? value : JSON.stringify(value);
}
