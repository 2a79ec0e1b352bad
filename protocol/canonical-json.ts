/** JSON in one spelling, so that a hash or a signature over a value is the same wherever it is made. */

/**
 * JSON with the keys of every object in the order of their code units and no blanks: the same text for the same value,
 * whoever writes it (RFC 8785, for values that came through JSON).
 */
export function canonicalJson(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`;
	if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
	const members = Object.entries(value)
		.filter(([, member]) => member !== undefined)
		.sort(([a], [b]) => (a < b ? -1 : 1));
	return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join()}}`;
}
