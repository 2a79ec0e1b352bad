/** When an exclusion ends, as a person writes it: a day, a time, or how long from now. */
import { AppError } from "../../../protocol/errors.ts";

const unitMs: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `12h`, `30d`, `8w` from now, a day (to its end, UTC) or a time, as RFC 3339. Throws `invalid`. */
export function parseUntil(text: string, now: number): string {
	const [, amount, unit = ""] = /^(\d{1,4})([hdw])$/.exec(text.trim()) ?? [];
	if (amount !== undefined) return new Date(now + Number(amount) * (unitMs[unit] ?? 0)).toISOString();
	const day = endOfDay(text);
	if (day !== null) return day;
	const time = /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text.trim()) ? Date.parse(text.trim()) : Number.NaN;
	if (Number.isFinite(time)) return new Date(time).toISOString();
	throw new AppError("invalid", `"${text}" is not a day or a time from now.`, {
		hint: "Write 2027-03-31, 2027-03-31T18:00:00Z, or 12h, 30d, 8w.",
	});
}

/** The last moment of a day that is written as 2027-03-31, UTC; null for what is none. */
export function endOfDay(text: string): string | null {
	const day = text.trim();
	const time = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T23:59:59.999Z`) : Number.NaN;
	if (Number.isNaN(time)) return null;
	const end = new Date(time).toISOString();
	// Date.parse makes 3 March of 31 February.
	return end.startsWith(day) ? end : null;
}
