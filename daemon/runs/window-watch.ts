/** Keeps an eye on the windows of scans and maps: says whether one may run now, and calls when that may have changed. */
import type { Scan } from "../../protocol/model/scan.ts";
import { WindowClock } from "./window.ts";

/** What has a window: a scan, or a map. */
export type Windowed = Pick<Scan, "window" | "ignoreWindow" | "startedAt">;

export interface WindowWatchDependencies {
	readonly now: () => number;
	/** Calls once after so many milliseconds; returns the way out of it. */
	readonly setTimer?: ((ms: number, call: () => void) => () => void) | undefined;
	/** A window may have opened or closed. Must not throw. */
	readonly onTime: () => void;
}

/** A clock may be set and a machine may sleep: the windows are looked at again after this at the latest. Milliseconds. */
const lookAgainMs = 30_000;

export class WindowWatch {
	readonly #deps: WindowWatchDependencies;
	readonly #clocks = new Map<string, WindowClock>();
	#stopTimer: (() => void) | null = null;

	constructor(deps: WindowWatchDependencies) {
		this.#deps = deps;
	}

	/** True for a scan without a window, and for one that is told to ignore it. */
	isOpen(scan: Windowed): boolean {
		const clock = this.#clockOf(scan);
		return clock === null || clock.isOpen(this.#deps.now(), startOf(scan));
	}

	/** When a scan whose window is closed goes on. */
	opensAt(scan: Windowed): string | null {
		const next = this.#clockOf(scan)?.nextChange(this.#deps.now(), startOf(scan)) ?? null;
		return next === null ? null : new Date(next).toISOString();
	}

	/** True when it has run as long as it was to run before somebody resumes it. `since`: when it last began. */
	isSpent(scan: Windowed, since: number): boolean {
		const ends = this.#spentAt(scan);
		return ends !== null && since < ends && this.#deps.now() >= ends;
	}

	/** From now on `onTime` is called when the window of one of these may have changed. */
	follow(scans: readonly Windowed[]): void {
		this.#stopTimer?.();
		this.#stopTimer = null;
		const now = this.#deps.now();
		const times = scans.flatMap((scan) => [
			this.#clockOf(scan)?.nextChange(now, startOf(scan)) ?? null,
			this.#spentAt(scan),
		]);
		const next = times.filter((time) => time !== null && time > now).sort((a, b) => (a ?? 0) - (b ?? 0))[0] ?? null;
		if (next === null) return;
		const setTimer = this.#deps.setTimer ?? realTimer;
		this.#stopTimer = setTimer(Math.min(lookAgainMs, next - now), this.#deps.onTime);
	}

	close(): void {
		this.#stopTimer?.();
		this.#stopTimer = null;
	}

	#spentAt({ window, ignoreWindow, startedAt }: Windowed): number | null {
		if (window == null || ignoreWindow === true || startedAt === null) return null;
		if (window.pauseAfterMinutes === null || window.resumeInMinutes !== null) return null;
		return Date.parse(startedAt) + window.pauseAfterMinutes * 60_000;
	}

	#clockOf({ window, ignoreWindow }: Windowed): WindowClock | null {
		if (window == null || ignoreWindow === true) return null;
		const key = JSON.stringify(window);
		const known = this.#clocks.get(key) ?? new WindowClock(window);
		this.#clocks.set(key, known);
		return known;
	}
}

function startOf({ startedAt }: Windowed): number | null {
	return startedAt === null ? null : Date.parse(startedAt);
}

function realTimer(ms: number, call: () => void): () => void {
	const timer = setTimeout(call, ms).unref();
	return () => clearTimeout(timer);
}
