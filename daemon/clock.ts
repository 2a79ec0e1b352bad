/** The one clock. Whatever needs the time is handed this, so that a test can hold it still. */

export interface Clock {
	/** Milliseconds since the epoch. */
	now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** For durations: never steps back. Milliseconds, whole as the protocol tells them. */
export const steadyMs = () => Math.floor(performance.now());
