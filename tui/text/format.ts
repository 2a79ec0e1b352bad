/** Numbers, durations and times as the console writes them: short, and of an even width. */
import { count, plural } from "../../protocol/plural.ts";

export { count, plural };

/** At most four characters: 950, 12k, 3.4M, 8e28. */
export function compact(value: number): string {
	if (value >= 1e12) return value.toExponential(0).replace("+", "");
	if (value < 1_000) return String(Math.round(value));
	if (value < 1_000_000) return `${short(value / 1_000)}k`;
	return value < 1_000_000_000 ? `${short(value / 1_000_000)}M` : `${short(value / 1_000_000_000)}G`;
}

function short(value: number): string {
	return value < 10 ? value.toFixed(1) : String(Math.floor(value));
}

/** `00:14:22`, or `3 d 04:10` from a day on. */
export function clock(ms: number): string {
	const seconds = Math.max(0, Math.floor(ms / 1_000));
	const two = (value: number) => String(value).padStart(2, "0");
	const days = Math.floor(seconds / 86_400);
	const hours = Math.floor(seconds / 3_600) % 24;
	const minutes = Math.floor(seconds / 60) % 60;
	return days > 0 ? `${days} d ${two(hours)}:${two(minutes)}` : `${two(hours)}:${two(minutes)}:${two(seconds % 60)}`;
}

/** How long ago, in the largest unit: `4 s`, `12 m`, `3 h`, `9 d`, `14 mo`, `13 y`; at most five characters. */
export function age(since: string | null, now: number): string {
	if (since === null) return "never";
	const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1_000));
	if (Number.isNaN(seconds)) return "?";
	if (seconds < 60) return `${seconds} s`;
	if (seconds < 3_600) return `${Math.floor(seconds / 60)} m`;
	if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h`;
	if (seconds < 8_640_000) return `${Math.floor(seconds / 86_400)} d`;
	const months = Math.floor(seconds / 2_592_000);
	return months < 100 ? `${months} mo` : `${Math.floor(seconds / 31_556_952)} y`;
}

/** A length of time in words: `40 s`, `12 min`, `3.5 h`, `12 days`. */
export function duration(seconds: number): string {
	if (seconds < 1) return "under a second";
	if (seconds < 90) return `${Math.round(seconds)} s`;
	if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
	return seconds < 172_800 ? `${(seconds / 3_600).toFixed(1)} h` : `${count(seconds / 86_400)} days`;
}

/** Date and minute in UTC. */
export function when(timestamp: string | null): string {
	return timestamp === null ? "—" : `${timestamp.slice(0, 10)} ${timestamp.slice(11, 16)}`;
}

/** Time of day in UTC, to the second. */
export function timeOfDay(timestamp: string): string {
	return timestamp.slice(11, 19);
}

export function percent(part: number): string {
	return `${Math.floor(Math.min(1, Math.max(0, part)) * 100)} %`;
}
