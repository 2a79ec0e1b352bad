/** A bounded hand-over of targets from discovery to the host lanes. */
import type { Target } from "./journal.ts";

export class TargetQueue {
	readonly #limit: number;
	readonly #items: Target[] = [];
	#takers: (() => void)[] = [];
	#pushers: (() => void)[] = [];
	#ended = false;

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
			if (this.#ended) return null;
			await new Promise<void>((resolve) => this.#takers.push(resolve));
		}
	}

	/** No more will come; what is queued is still taken. */
	end(): void {
		this.#ended = true;
		this.#wake();
	}

	/** Nothing more is taken or pushed. */
	abort(): void {
		this.#items.length = 0;
		this.end();
	}

	#wake(): void {
		for (const wake of [...this.#takers.splice(0), ...this.#pushers.splice(0)]) wake();
	}
}
