/** What a list is sorted by: one field or several, each among the equals of those before it. Pure. */

export interface SortKey {
	readonly field: string;
	readonly descending: boolean;
}

/** `-severity,port` and the like; undefined: the list's own order. */
export function parseSort(text: string | undefined): readonly SortKey[] {
	const parts = (text ?? "").split(",").map((part) => part.trim());
	return parts
		.filter((part) => part !== "" && part !== "-")
		.map((part) => ({ field: part.replace(/^[-+]/, ""), descending: part.startsWith("-") }));
}

export function sortText(keys: readonly SortKey[]): string | undefined {
	if (keys.length === 0) return undefined;
	return keys.map(({ field, descending }) => (descending ? "-" : "") + field).join(",");
}

/** By this field alone: down, up, and then no longer. */
export function turnSort(text: string | undefined, field: string): string | undefined {
	const keys = parseSort(text);
	return sortText(turned(keys.length === 1 ? keys : [], field));
}

/** By this field too, as the last key; where it is one already it turns up, and then goes. */
export function addSort(text: string | undefined, field: string): string | undefined {
	return sortText(turned(parseSort(text), field));
}

function turned(keys: readonly SortKey[], field: string): readonly SortKey[] {
	const at = keys.findIndex((key) => key.field === field);
	if (at < 0) return [...keys, { field, descending: true }];
	return keys[at]?.descending ? keys.with(at, { field, descending: false }) : keys.toSpliced(at, 1);
}

/** `▼`, or `2▲` where there are several; empty for a field that decides nothing. */
export function sortMark(keys: readonly SortKey[], field: string | undefined): string {
	const at = keys.findIndex((key) => key.field === field);
	if (at < 0) return "";
	return `${keys.length > 1 ? at + 1 : ""}${keys[at]?.descending ? "▼" : "▲"}`;
}
