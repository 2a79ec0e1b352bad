/** A moment of the past as a person writes it. */
import { AppError } from "../../../protocol/errors.ts";
import { parseUntil } from "../exclusion/parse-until.ts";

/** `2026-11-01` (to its end, UTC), a time, or `12h`, `30d`, `8w` ago, as RFC 3339; never later than now. Throws `invalid`. */
export function parseMoment(text: string, now: number): string {
	const isAgo = /^\d{1,4}[hdw]$/.test(text.trim());
	const read = Date.parse(readOr(text, now));
	return new Date(Math.min(now, isAgo ? now - (read - now) : read)).toISOString();
}

function readOr(text: string, now: number): string {
	try {
		return parseUntil(text, now);
	} catch (cause) {
		throw new AppError("invalid", `"${text}" is no moment of the past.`, {
			hint: "Write 2026-11-01, 2026-11-01T18:00:00Z, or 12h, 30d, 8w for so long ago.",
			cause,
		});
	}
}
