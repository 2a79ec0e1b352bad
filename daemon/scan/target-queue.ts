/** A bounded hand-over of targets from discovery to the host lanes. */
import type { Target } from "./journal.ts";

export class TargetQueue {
	readonly #limit: number;
	readonly #items: Target[] = [];
	#takers: (() => void)[] = [];
	#pushers: (() => void)[] = [];
	#ended = false;
	/** Taken, and to be put back. */
	#parked = 0;

	constructor(limit: number) {
		this.#limit = limit;
	}

	/** Waits while the queue is full; does nothing once it was aborted. */
	async push(target: Target): Promise<void> {
		while (this.#items.length >= this.#limit && !this.#ended)
			await new Promise<void>((resolve) => this.#pushers.push(resolve));
		if (this.#ended) return;
		this.#items.push(target);
		this.#takers.shift()?.();
	}

	/** The next target; null when there will be no more. */
	async take(): Promise<Target | null> {
		for (;;) {
			const target = this.#items.shift();
			if (target !== undefined) {
				this.#pushers.shift()?.();
				return target;
			}
			if (this.#ended && this.#parked === 0) return null;
			await new Promise<void>((resolve) => this.#takers.push(resolve));
		}
	}

	/** A target that was taken will be put back: until then nobody is told that there will be no more. */
	park(): void {
		this.#parked++;
	}

	/** Puts a parked target first in line, also when no more come. */
	putBack(target: Target): void {
		if (this.#parked === 0) return;
		this.#parked--;
		this.#items.unshift(target);
		this.#takers.shift()?.();
		if (this.#ended && this.#parked === 0) this.#wake();
	}

	/** No more will come; what is queued is still taken. */
	end(): void {
		this.#ended = true;
		this.#wake();
	}

	/** Nothing more is taken or pushed. */
	abort(): void {
		this.#items.length = 0;
		this.#parked = 0;
		this.end();
	}

	#wake(): void {
		for (const wake of [...this.#takers.splice(0), ...this.#pushers.splice(0)]) wake();
	}
}
