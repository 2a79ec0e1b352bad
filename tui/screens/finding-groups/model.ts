/** The filter that has exactly the findings of a group. Pure. */
import type { FindingGroup } from "../../../protocol/model/finding.ts";

/** Of those that `filter` has; empty: of the open ones. */
export function filterOfGroup({ by, name }: Pick<FindingGroup, "by" | "name">, filter: string): string {
	// Backquotes compare the whole; a name with one in it can only be looked for by its words.
	const own = name.includes("`") ? `${by}:"${name.replaceAll(/["`]/g, " ")}"` : `${by}:\`${name}\``;
	return filter.trim() === "" ? own : `(${filter}) and ${own}`;
}
