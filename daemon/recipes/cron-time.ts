/**
 * Times as cron writes them, `minute hour day month weekday` (OCPS 1.4, by croner), by the clock on the wall of a time zone. A time
 * that is left out when that clock is put forward comes an hour later, one that comes twice when it is put back comes once. Pure.
 */
import { Cron } from "croner";
import { AppError } from "../../protocol/errors.ts";

export type CronTimes = Pick<Cron, "nextRun">;

const form = 'Write minute, hour, day of the month, month and weekday, such as "0 3 * * 1" for Mondays at three.';

/** Throws `invalid` with what is wrong. `zone`: an IANA name; empty: the machine's. */
export function parseCron(text: string, zone: string): CronTimes {
	checkZone(zone);
	const words = text.trim();
	// Croner would also take seconds, years and single dates.
	if (!words.startsWith("@") && words.split(/\s+/).length !== 5) throw wrong(text, "has not five fields", undefined);
	try {
		return new Cron(words, { mode: "5-part", paused: true, ...(zone === "" ? {} : { timezone: zone }) });
	} catch (cause) {
		const why = cause instanceof Error ? cause.message.replace(/^CronPattern: /, "").replace(/\.$/, "") : String(cause);
		throw wrong(text, `is no time of cron: ${why.slice(0, 200)}`, cause);
	}
}

/** The first minute after `now` that fits, in milliseconds; null when none ever does. */
export function nextTime(times: CronTimes, now: number): number | null {
	return times.nextRun(new Date(now))?.getTime() ?? null;
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

function wrong(text: string, what: string, cause: unknown): AppError {
	return new AppError("invalid", `"${text.trim().slice(0, 60)}" ${what}.`, { hint: form, cause });
}
