/**
 * When a scan may run: a weekly pattern by the clock on the wall of a time zone, and one pause counted from its start. Pure
 * but for the zone data of the runtime.
 */
import { AppError } from "../../protocol/errors.ts";
import { noWindow, type ScanWindow } from "../../protocol/model/scan-window.ts";
import { minutesPerWeek, parseWeekly } from "./weekly-times.ts";

const minuteMs = 60_000;
/** 1970-01-01 was a Thursday. */
const epochMinute = 3 * 1_440;

/** Null when it says nothing. The zone is filled in, so that it stays the same wherever the daemon runs next. Throws `invalid`. */
export function checkWindow(window: ScanWindow): ScanWindow | null {
	const { during, notDuring, pauseAfterMinutes, resumeInMinutes } = window;
	const timeZone = window.timeZone.trim() || new Intl.DateTimeFormat().resolvedOptions().timeZone;
	if (resumeInMinutes !== null && (pauseAfterMinutes === null || resumeInMinutes <= pauseAfterMinutes)) {
		throw new AppError("invalid", "It would go on before it pauses: both are counted from the scan's start.", {
			hint: "Give a pause and a longer time until it goes on, for example a pause after 8 hours and on in 24.",
		});
	}
	const read = new WindowClock({ ...window, timeZone });
	if (!read.everOpens) {
		throw new AppError("invalid", "With these windows the scan could never run.", {
			hint: "Leave some of the week to it.",
		});
	}
	if (during.trim() === "" && notDuring.trim() === "" && pauseAfterMinutes === null) return null;
	return { ...window, during: during.trim(), notDuring: notDuring.trim(), timeZone };
}

/** One window, read. `startedAt` is when the scan first ran, milliseconds; null before that. */
export class WindowClock {
	readonly #open = new Uint8Array(minutesPerWeek);
	readonly #zone: Intl.DateTimeFormat;
	readonly #window: ScanWindow;

	/** Throws `invalid`. */
	constructor(window: ScanWindow) {
		this.#window = window;
		this.#zone = zoneOf(window.timeZone);
		const during = window.during.trim() === "" ? null : parseWeekly(window.during);
		const notDuring = parseWeekly(window.notDuring);
		for (let minute = 0; minute < minutesPerWeek; minute++)
			this.#open[minute] = Number((during === null || during[minute] === 1) && notDuring[minute] === 0);
	}

	get everOpens(): boolean {
		return this.#open.includes(1);
	}

	isOpen(at: number, startedAt: number | null = null): boolean {
		const pause = this.#pause(startedAt);
		if (pause !== null && at >= pause.from && at < pause.to) return false;
		return this.#isOpenWeekly(at);
	}

	/** The next moment at which it opens or closes; null when it stays as it is. */
	nextChange(at: number, startedAt: number | null = null): number | null {
		const isOpen = this.isOpen(at, startedAt);
		const pause = this.#pause(startedAt);
		const ends = pause === null ? [] : [pause.from, pause.to].filter((end) => end > at && Number.isFinite(end));
		// A pause covers a few changes of the week at most; each step is one of them.
		for (let now = at; ; ) {
			const next = Math.min(this.#nextWeekly(now) ?? Number.POSITIVE_INFINITY, ...ends.filter((end) => end > now));
			if (!Number.isFinite(next)) return null;
			if (this.isOpen(next, startedAt) !== isOpen) return next;
			now = next;
		}
	}

	/** Between its first and its last moment the scan pauses, whatever the week says. */
	#pause(startedAt: number | null): { from: number; to: number } | null {
		const { pauseAfterMinutes, resumeInMinutes } = this.#window;
		if (startedAt === null || pauseAfterMinutes === null || resumeInMinutes === null) return null;
		return { from: startedAt + pauseAfterMinutes * minuteMs, to: startedAt + resumeInMinutes * minuteMs };
	}

	#isOpenWeekly(at: number): boolean {
		return this.#open[this.#minuteOfWeek(at, this.#offset(at))] === 1;
	}

	#nextWeekly(at: number): number | null {
		const isOpen = this.#isOpenWeekly(at);
		// Each turn ends at a change or at a change of the clock, of which there are a few a year.
		for (let now = at, turns = 0; turns < 8; turns++) {
			const offset = this.#offset(now);
			const minutes = this.#minutesUntil(!isOpen, this.#minuteOfWeek(now, offset));
			if (minutes === null) return null;
			const next = (Math.floor(now / minuteMs) + minutes) * minuteMs;
			if (this.#offset(next) === offset) return next;
			const turn = this.#changeOfClock(now, next, offset);
			if (this.#isOpenWeekly(turn) !== isOpen) return turn;
			now = turn;
		}
		return null;
	}

	#minutesUntil(open: boolean, from: number): number | null {
		for (let ahead = 1; ahead <= minutesPerWeek; ahead++)
			if ((this.#open[(from + ahead) % minutesPerWeek] === 1) === open) return ahead;
		return null;
	}

	/** The first minute after `from` with another offset than there; `to` has another. */
	#changeOfClock(from: number, to: number, offset: number): number {
		let [before, after] = [Math.floor(from / minuteMs), Math.floor(to / minuteMs)];
		while (after - before > 1) {
			const middle = Math.floor((before + after) / 2);
			if (this.#offset(middle * minuteMs) === offset) before = middle;
			else after = middle;
		}
		return after * minuteMs;
	}

	#minuteOfWeek(at: number, offset: number): number {
		const minute = (Math.floor(at / minuteMs) + offset + epochMinute) % minutesPerWeek;
		return minute < 0 ? minute + minutesPerWeek : minute;
	}

	/** What the wall's clock is ahead of UTC. Whole minutes. */
	#offset(at: number): number {
		const parts: Record<string, number> = {};
		for (const { type, value } of this.#zone.formatToParts(at)) parts[type] = Number(value);
		const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
		return Date.UTC(year, month - 1, day, hour, minute) / minuteMs - Math.floor(at / minuteMs);
	}
}

const zones = new Map<string, Intl.DateTimeFormat>();

function zoneOf(timeZone: string): Intl.DateTimeFormat {
	const known = zones.get(timeZone);
	if (known !== undefined) return known;
	const numbers = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" } as const;
	try {
		const zone = new Intl.DateTimeFormat("en-US", { timeZone, hourCycle: "h23", ...numbers });
		zones.set(timeZone, zone);
		return zone;
	} catch {
		throw new AppError("invalid", `There is no time zone "${timeZone.slice(0, 60)}".`, {
			hint: "Use an IANA name, such as Europe/Berlin, America/New_York or UTC.",
		});
	}
}

export { noWindow };
