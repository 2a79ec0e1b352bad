/** Leaving the console: at once, or by a key that asks to be pressed again. Scans go on without it. */
import { keyOf } from "../keys/find-binding.ts";

export interface Leaving {
	/** At once, without a question. */
	leave(): void;
	/** At the second time within a moment. */
	leaveAtSecond(): void;
	hasLeft(): boolean;
}

/** Twice ctrl-c within this quits. Milliseconds. */
const quitMs = 2_000;

export function createLeaving(quit: () => void, say: (text: string) => void, now: () => number): Leaving {
	let hasLeft = false;
	let askedAt = Number.NEGATIVE_INFINITY;

	function leave(): void {
		hasLeft = true;
		quit();
	}

	return {
		leave,
		leaveAtSecond() {
			const isSecond = now() - askedAt < quitMs;
			askedAt = now();
			if (isSecond) leave();
			else say(`Press ${keyOf("everywhere", "quit")} again to leave. Scans go on.`);
		},
		hasLeft: () => hasLeft,
	};
}
