/** Times: milliseconds in the database, RFC 3339 in the protocol. */

export function isoOf(ms: number): string {
	return new Date(ms).toISOString();
}

export function isoOrNull(ms: number | null): string | null {
	return ms === null ? null : isoOf(ms);
}

export function msOrNull(iso: string | null): number | null {
	return iso === null ? null : Date.parse(iso);
}
