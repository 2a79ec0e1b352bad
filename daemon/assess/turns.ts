/** Long work in short turns, so that the event loop gets its own. */
import { setImmediate } from "node:timers/promises";

/** Milliseconds of a turn: below what anybody would feel. */
const turnMs = 6;

export class Turns {
	readonly #signal: AbortSignal | undefined;
	readonly #between: () => Promise<void>;
	#until = performance.now() + turnMs;

	/** `between` any two turns there may be something to wait for. */
	constructor(signal?: AbortSignal, between = async () => {}) {
		this.#signal = signal;
		this.#between = between;
	}

	get isOver(): boolean {
		return performance.now() >= this.#until;
	}

	/** Lets the others have their turn when this one is over. Throws when the work was aborted. */
	async pause(): Promise<void> {
		if (!this.isOver) return;
		await this.next();
	}

	/** Lets the others have their turn now. */
	async next(): Promise<void> {
		await setImmediate();
		await this.#between();
		this.#signal?.throwIfAborted();
		this.#until = performance.now() + turnMs;
	}
}
