/** Dates as a filter writes them: 2026, 2026-03, 2026-03-01, 2026-03-01T10:00, now, now-90d. All in UTC. */

/** Milliseconds since 1970, `to` left out. An instant is one millisecond long. */
export interface Period {
	readonly from: number;
	readonly to: number;
}

const literal = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?)?)?)?)?Z?$/i;
const unitMs: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Null when `text` is not a date. A partial date is the whole period: 2026-03 is all of March. */
export function parsePeriod(text: string, now: number): Period | null {
	const relative = /^now((?:\s?[+-]\s?\d{1,6}\s?[smhdwMy])*)$/i.exec(text);
	const period = relative ? shifted(now, relative[1] ?? "") : written(text);
	return period && Number.isFinite(period.from) && Number.isFinite(period.to) && isPlausible(period.from)
		? period
		: null;
}

/** Years 0 to 9999: what RFC 3339 can write. */
function isPlausible(ms: number): boolean {
	return ms >= -62_167_219_200_000 && ms < 253_402_300_800_000;
}

/** Units are s m h d w M y; only minute and month need their case. */
function shifted(now: number, steps: string): Period | null {
	const date = new Date(now);
	for (const [, sign, count, unit = ""] of steps.matchAll(/([+-])\s?(\d{1,6})\s?([smhdwMy])/gi)) {
		const amount = (sign === "-" ? -1 : 1) * Number(count);
		if (unit === "M") date.setUTCMonth(date.getUTCMonth() + amount);
		else if (unit.toLowerCase() === "y") date.setUTCFullYear(date.getUTCFullYear() + amount);
		else date.setTime(date.getTime() + amount * (unitMs[unit.toLowerCase()] ?? 0));
	}
	return { from: date.getTime(), to: date.getTime() + 1 };
}

function written(text: string): Period | null {
	const parts = literal.exec(text)?.slice(1);
	if (!parts) return null;
	const given = parts.filter((part) => part !== undefined).length;
	const numbers = parts.map((part, index) =>
		index === 6 ? Number((part ?? "0").padEnd(3, "0")) : Number(part ?? "0"),
	);
	const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0] = numbers;
	const from = instant(year, given > 1 ? month : 1, given > 2 ? day : 1, hour, minute, second, ms);
	if (from === null) return null;
	const end = new Date(from);
	if (given === 1) end.setUTCFullYear(year + 1);
	else if (given === 2) end.setUTCMonth(month);
	else end.setTime(from + ([86_400_000, 3_600_000, 60_000, 1_000, 1][given - 3] ?? 1));
	return { from, to: end.getTime() };
}

/** Null when there is no such moment, as on 30 February. */
function instant(year: number, month: number, day: number, ...time: [number, number, number, number]): number | null {
	const date = new Date(0);
	date.setUTCFullYear(year, month - 1, day);
	date.setUTCHours(...time);
	const same =
		date.getUTCFullYear() === year &&
		date.getUTCMonth() === month - 1 &&
		date.getUTCDate() === day &&
		date.getUTCHours() === time[0] &&
		date.getUTCMinutes() === time[1] &&
		date.getUTCSeconds() === time[2];
	return same ? date.getTime() : null;
}
