/** When a scan may run, in words. Pure. */
import type { ScanWindow } from "../../protocol/model/scan-window.ts";

/** `Mon-Fri 20:00-06:00, not Wed 12:00-13:00 (Europe/Berlin); pauses after 8 h, goes on after 24 h`. */
export function windowWords({ during, notDuring, timeZone, pauseAfterMinutes, resumeInMinutes }: ScanWindow): string {
	const times = [during === "" ? "at any time" : during, ...(notDuring === "" ? [] : [`not ${notDuring}`])].join(", ");
	const zone = during === "" && notDuring === "" ? "" : ` (${timeZone})`;
	if (pauseAfterMinutes === null) return times + zone;
	const on = resumeInMinutes === null ? "" : `, goes on after ${lengthOf(resumeInMinutes)}`;
	return `${times}${zone}; pauses after ${lengthOf(pauseAfterMinutes)}${on}`;
}

function lengthOf(minutes: number): string {
	return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}
