/**
 * When the console looks whether something has changed by itself, such as an age or a message that has stood long enough:
 * once a second while anything moves, and once a minute, with the clock, on a screen where nothing does.
 */

export interface PulseOptions {
	tick(): void;
	/** Written to the terminal so far: what a tick adds to it moves. */
	written(): number;
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
/** Quick beats behind a slow one, which tell whether anything goes by the second. */
const looks = 1;
/** Longer than messages stand, ages of seconds keep still and consoles that dropped are waited for. Milliseconds. */
const quietMs = 16_000;

export function createPulse({ tick, written, now }: PulseOptions): Pulse {
	let movedAt = performance.now();
	let bytes = written();
	/** Quick beats since the last slow one; undefined: all are quick. */
	let sinceSlow: number | undefined;
	let timer = setTimeout(beat, quickMs);

	function beat(): void {
		// What the tick before has led to is on the screen by now. Behind a slow one that is the clock at least.
		if (written() !== bytes && sinceSlow !== 0) movedAt = performance.now();
		bytes = written();
		tick();
		if (sinceSlow !== undefined) sinceSlow++;
		next();
	}

	function next(): void {
		if (performance.now() - movedAt < quietMs) sinceSlow = undefined;
		else if (sinceSlow === undefined || sinceSlow > looks) sinceSlow = -1;
		timer = setTimeout(beat, sinceSlow === -1 ? slowMs - (now() % slowMs) : quickMs);
	}

	return {
		wake() {
			movedAt = performance.now();
			if (sinceSlow !== -1) return;
			clearTimeout(timer);
			next();
		},
		stop: () => clearTimeout(timer),
	};
}
