/** Reads values out of somebody else's JSON without trusting its shape. */

/** Text longer than this is cut: it is shown, never judged by. */
export const longestText = 4_096;

export function record(value: unknown): Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

export function list(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}

/** Null for what is no text, or an empty one. */
export function text(value: unknown): string | null {
	if (typeof value !== "string") return null;
	const trimmed = value.trim();
	return trimmed === "" ? null : trimmed.slice(0, longestText);
}

/** RFC 3339 or a date alone, to milliseconds; null for anything else. */
export function time(value: unknown): number | null {
	if (typeof value !== "string" || !/^[0-9]{4}-[0-9]{2}-[0-9]{2}/.test(value)) return null;
	const parsed = Date.parse(value);
	return Number.isNaN(parsed) ? null : parsed;
}
