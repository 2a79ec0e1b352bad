/**
 * Times as cron writes them, `minute hour day month weekday` (crontab(5) of POSIX and Vixie cron), by the clock on the wall of a
 * time zone. On a day on which that clock is put forward an hour is missing, on one on which it is put back one comes twice. Pure.
 */
import { AppError } from "../../protocol/errors.ts";

export interface CronTimes {
	readonly zone: string;
	readonly minutes: ReadonlySet<number>;
	readonly hours: ReadonlySet<number>;
	readonly days: ReadonlySet<number>;
	readonly months: ReadonlySet<number>;
	readonly weekdays: ReadonlySet<number>;
	/** Both days and weekdays are said: either is enough. */
	readonly either: boolean;
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const short: ReadonlyMap<string, string> = new Map([
	["@hourly", "0 * * * *"],
	["@daily", "0 0 * * *"],
	["@weekly", "0 0 * * 0"],
	["@monthly", "0 0 1 * *"],
]);
const minuteMs = 60_000;
/** The 29th of February may be eight years away. */
const longestMs = 9 * 366 * 86_400_000;
const form = 'Write minute, hour, day of the month, month and weekday, such as "0 3 * * 1" for Mondays at three.';

/** Throws `invalid` with what is wrong. `zone`: an IANA name; empty: the machine's. */
export function parseCron(text: string, zone: string): CronTimes {
	const words = (short.get(text.trim().toLowerCase()) ?? text).trim().split(/\s+/);
	const [minute = "", hour = "", day = "", month = "", weekday = ""] = words;
	if (words.length !== 5) throw wrong(text, "has not five fields");
	checkZone(zone);
	const read = (word: string, from: number, to: number, names: readonly string[] = []) => {
		const found = readField(word, from, to, names);
		if (found === null) throw wrong(text, `has no such time as ${JSON.stringify(word.slice(0, 40))}`);
		return found;
	};
	return {
		zone,
		minutes: read(minute, 0, 59),
		hours: read(hour, 0, 23),
		days: read(day, 1, 31),
		months: read(month, 1, 12, ["", ...months]),
		// Seven is Sunday too.
		weekdays: new Set([...read(weekday, 0, 7, weekdays)].map((one) => one % 7)),
		either: !day.startsWith("*") && !weekday.startsWith("*"),
	};
}

/** The first minute after `now` that fits, in milliseconds; null when none ever does. */
export function nextTime(times: CronTimes, now: number): number | null {
	const wall = wallClock(times.zone);
	let at = Math.floor(now / minuteMs) * minuteMs + minuteMs;
	while (at <= now + longestMs) {
		const { minute, hour, day, month, weekday } = wall(at);
		const isDay = times.days.has(day);
		const isWeekday = times.weekdays.has(weekday);
		const fitsDay = times.months.has(month) && (times.either ? isDay || isWeekday : isDay && isWeekday);
		if (fitsDay && times.hours.has(hour) && times.minutes.has(minute)) return at;
		// Zones are put forward and back by whole quarters of an hour.
		const toHour = (60 - minute) * minuteMs;
		at +=
			!fitsDay && hour < 20
				? Math.max(minuteMs, (20 - hour) * 60 * minuteMs - minute * minuteMs)
				: fitsDay && times.hours.has(hour)
					? minuteMs
					: toHour;
	}
	return null;
}

function readField(text: string, from: number, to: number, names: readonly string[]): Set<number> | null {
	const found = new Set<number>();
	for (const part of text.toLowerCase().split(",")) {
		const [, range = "", step] = /^([^/]+)(?:\/(\d{1,2}))?$/.exec(part) ?? [];
		const ends = range === "*" ? [from, to] : range.split("-").map((word) => numberOf(word, names));
		const [first = Number.NaN, last = step === undefined ? first : to] = ends;
		const by = step === undefined ? 1 : Number(step);
		if (ends.length > 2 || !(first >= from && first <= last && last <= to) || by < 1) return null;
		for (let value = first; value <= last; value += by) found.add(value);
	}
	return found;
}

function numberOf(word: string, names: readonly string[]): number {
	const named = word === "" ? -1 : names.indexOf(word);
	if (named !== -1) return named;
	return /^\d{1,2}$/.test(word) ? Number(word) : Number.NaN;
}

interface Wall {
	readonly minute: number;
	readonly hour: number;
	readonly day: number;
	readonly month: number;
	/** 0 is Sunday. */
	readonly weekday: number;
}

function wallClock(zone: string): (at: number) => Wall {
	const format = new Intl.DateTimeFormat("en-US", {
		...{ minute: "2-digit", hour: "2-digit", hourCycle: "h23", day: "numeric", month: "numeric", weekday: "short" },
		...(zone === "" ? {} : { timeZone: zone }),
	});
	return (at) => {
		const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
		const number = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
		const weekday = weekdays.indexOf((parts.get("weekday") ?? "").slice(0, 3).toLowerCase());
		return { minute: number("minute"), hour: number("hour"), day: number("day"), month: number("month"), weekday };
	};
}

function checkZone(zone: string): void {
	if (zone === "") return;
	try {
		new Intl.DateTimeFormat("en-US", { timeZone: zone });
	} catch (cause) {
		throw new AppError("invalid", `There is no time zone ${JSON.stringify(zone.slice(0, 100))}.`, {
			hint: "Write an IANA name, such as Europe/Berlin.",
			cause,
		});
	}
}

function wrong(text: string, what: string): AppError {
	return new AppError("invalid", `"${text.slice(0, 60)}" ${what}.`, { hint: form });
}
