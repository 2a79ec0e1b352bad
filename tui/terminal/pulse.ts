/**
 * When the console looks whether something has changed by itself, such as an age or a message that has stood long enough:
 * once a second while anything moves, and once a minute, with the clock, on a screen where nothing does.
 */

export interface PulseOptions {
	/** Paints what has changed by itself; true when anything had. */
	tick(): boolean;
	/** Unix milliseconds. */
	now(): number;
}

export interface Pulse {
	/** Somebody did something, or something came in: what follows from it changes by the second. */
	wake(): void;
	stop(): void;
}

const quickMs = 1_000;
const slowMs = 60_000;
/** Longer than messages stand, ages of seconds keep still and consoles that dropped are waited for. Milliseconds. */
const quietMs = 16_000;

export function createPulse({ tick, now }: PulseOptions): Pulse {
	let movedAt = performance.now();
	/** What comes next; `look`: a second after a minute's beat, whether anything goes by the second. */
	let next: "quick" | "slow" | "look" = "quick";
	let timer = setTimeout(beat, quickMs);
	let isStopped = false;

	function beat(): void {
		const isMinute = next === "slow";
		// What it looks at may wake it: the beat after this one is set below and nowhere else.
		next = "quick";
		const isMoved = tick();
		if (isStopped) return;
		// With the minute the clock moves at least.
		if (isMoved && !isMinute) movedAt = performance.now();
		const isQuiet = performance.now() - movedAt >= quietMs;
		next = !isQuiet ? "quick" : isMinute ? "look" : "slow";
		timer = setTimeout(beat, next === "slow" ? slowMs - (now() % slowMs) : quickMs);
	}

	return {
		wake() {
			movedAt = performance.now();
			if (isStopped || next !== "slow") return;
			next = "quick";
			clearTimeout(timer);
			timer = setTimeout(beat, quickMs);
		},
		stop() {
			isStopped = true;
			clearTimeout(timer);
		},
	};
}
