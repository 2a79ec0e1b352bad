/** Long work in short turns, so that the event loop gets its own. */
import { setImmediate } from "node:timers/promises";

/** Milliseconds of a turn: below what anybody would feel. */
const turnMs = 6;

export class Turns {
	readonly #signal: AbortSignal | undefined;
	#until = performance.now() + turnMs;

	constructor(signal?: AbortSignal) {
		this.#signal = signal;
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
		this.#signal?.throwIfAborted();
		this.#until = performance.now() + turnMs;
	}
}
