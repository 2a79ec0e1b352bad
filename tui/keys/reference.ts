/** Every key there is, as rows: what `vedette keys` prints and the reference page holds. From the registry, in its order. */
import type { Access } from "../../protocol/define.ts";
import type { Binding } from "./binding.ts";
import { keyLabel } from "./find-binding.ts";
import type { Keymap } from "./in-force.ts";
import { keymap, type Scope } from "./keymap.ts";
import { scopeTitles } from "./scope-titles.ts";

export interface KeyRow {
	/** As keys.json names it: `scans.pause`. */
	readonly name: string;
	readonly scope: Scope;
	/** As keys.json writes them. */
	readonly keys: readonly string[];
	readonly description: string;
	readonly needs: Access | null;
	/** It has other keys than those of the keymap. */
	readonly isChanged: boolean;
}

export function keyRows(inForce: Keymap): KeyRow[] {
	const scopes = Object.keys(keymap) as Scope[];
	return scopes.flatMap((scope) =>
		inForce[scope].map(({ action, keys, description, needs }) => {
			const before = (keymap[scope] as readonly Binding[]).find((one) => one.action === action)?.keys ?? [];
			const isChanged = before.join("\n") !== keys.join("\n");
			return { name: `${scope}.${action}`, scope, keys, description, needs: needs ?? null, isChanged };
		}),
	);
}

/** One block a place: a heading, then a line an action. */
export function keyText(rows: readonly KeyRow[]): string[] {
	const width = Math.max(...rows.map(({ keys }) => labelOf(keys).length));
	const lines: string[] = [];
	let scope: Scope | undefined;
	for (const row of rows) {
		if (row.scope !== scope) lines.push(...(scope === undefined ? [] : [""]), scopeTitles[row.scope]);
		scope = row.scope;
		const notes = [row.name, ...(row.isChanged ? ["yours"] : [])].join(", ");
		lines.push(`  ${labelOf(row.keys).padEnd(width)}  ${row.description}  (${notes})`);
	}
	return lines;
}

/** The same as a page of tables. */
export function keyPage(rows: readonly KeyRow[]): string {
	const lines = [
		"# Keys of the console",
		"",
		"Written by `vedette keys --markdown`.",
		"The names in the last column are those of `keys.json`.",
	];
	let scope: Scope | undefined;
	for (const row of rows) {
		if (row.scope !== scope)
			lines.push("", `## ${scopeTitles[row.scope]}`, "", "| keys | what it does | name |", "|---|---|---|");
		scope = row.scope;
		const keys = row.keys.map((key) => `\`${keyLabel(key)}\``).join(" ");
		lines.push(`| ${keys.replaceAll("|", "\\|")} | ${row.description.replaceAll("|", "\\|")} | \`${row.name}\` |`);
	}
	return `${lines.join("\n")}\n`;
}

function labelOf(keys: readonly string[]): string {
	return keys.length === 0 ? "-" : keys.map(keyLabel).join(" ");
}
