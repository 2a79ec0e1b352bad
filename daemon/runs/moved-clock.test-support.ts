/** A clock for tests that moves when it is told to, with timers that fall due on the way. */

const minuteMs = 60_000;

export class MovedClock {
	#now: number;
	readonly #timers = new Set<{ at: number; call: () => void }>();

	constructor(start: string) {
		this.#now = Date.parse(start);
	}

	readonly now = (): number => this.#now;

	readonly setTimer = (ms: number, call: () => void): (() => void) => {
		const timer = { at: this.#now + ms, call };
		this.#timers.add(timer);
		return () => this.#timers.delete(timer);
	};

	/** Calls what falls due on the way. */
	readonly pass = (minutes: number): void => {
		const until = this.#now + minutes * minuteMs;
		for (;;) {
			const [next] = [...this.#timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
			if (next === undefined) break;
			this.#timers.delete(next);
			this.#now = Math.max(this.#now, next.at);
			next.call();
		}
		this.#now = until;
	};

	/** Goes on while nothing runs: timers are gone. */
	readonly sleep = (minutes: number): void => {
		this.#timers.clear();
		this.#now += minutes * minuteMs;
	};
}
