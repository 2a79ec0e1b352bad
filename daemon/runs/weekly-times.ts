/** Times of the week as they are written, `Mon-Fri 20:00-06:00, Sat-Sun 00:00-24:00`, by the minute. Pure. */
import { AppError } from "../../protocol/errors.ts";

export const minutesPerWeek = 7 * 1_440;

const dayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** 1 for each minute of the week, from Monday 00:00, that is in it. Throws `invalid` naming what cannot be read. */
export function parseWeekly(text: string): Uint8Array {
	const minutes = new Uint8Array(minutesPerWeek);
	for (const part of text.split(/[,;]/)) {
		if (part.trim() === "") continue;
		const { days, from, to } = readPart(part.trim());
		for (const day of days) {
			// What ends at or before its beginning ends on the next day; Sunday's next day is Monday.
			const length = to > from ? to - from : to + 1_440 - from;
			for (let i = 0; i < length; i++) minutes[(day * 1_440 + from + i) % minutesPerWeek] = 1;
		}
	}
	return minutes;
}

function readPart(part: string): { days: number[]; from: number; to: number } {
	const [, names = "", from, to] = /^(.*?)\s*\b(\d{1,2}:\d\d)\s*-\s*(\d{1,2}:\d\d)$/.exec(part) ?? [];
	if (from === undefined || to === undefined) {
		const hint = /^[a-z\s-]+$/i.test(part) ? `Say from when to when: ${part} 00:00-24:00` : formHint;
		throw wrong(part, "has no times", hint);
	}
	const times = { from: readTime(from, part), to: readTime(to, part) };
	if (times.from === times.to) throw wrong(part, "begins and ends at the same time", "A whole day is 00:00-24:00.");
	return { days: readDays(names.trim(), part), ...times };
}

/** No days are all days. */
function readDays(names: string, part: string): number[] {
	if (names === "" || /^(daily|every day)$/i.test(names)) return dayNames.map((_, day) => day);
	const [first = "", last = first] = names.split("-").map((name) => name.trim());
	const [from, to] = [first, last].map(dayOf);
	if (from === undefined || to === undefined || from < 0 || to < 0 || names.split("-").length > 2)
		throw wrong(part, "names no day of the week", formHint);
	const days: number[] = [];
	for (let day = from; ; day = (day + 1) % 7) {
		days.push(day);
		if (day === to) return days;
	}
}

function dayOf(name: string): number {
	const full = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
	const lower = name.toLowerCase();
	return lower.length < 3
		? -1
		: full.findIndex((day) => day === lower || (lower.length === 3 && day.startsWith(lower)));
}

function readTime(text: string, part: string): number {
	const [hours = 0, minutes = 0] = text.split(":").map(Number);
	if (minutes < 60 && (hours < 24 || (hours === 24 && minutes === 0))) return hours * 60 + minutes;
	throw wrong(part, `has no such time as ${text}`, "Times go from 00:00 to 24:00.");
}

const formHint = 'Write for example "Mon-Fri 20:00-06:00, Sat-Sun 00:00-24:00".';

function wrong(part: string, what: string, hint: string): AppError {
	return new AppError("invalid", `"${part.slice(0, 60)}" ${what}.`, { hint, details: { text: part.slice(0, 100) } });
}
