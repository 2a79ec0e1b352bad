/**
 * Which key led to what: an answer that comes after the user has gone on is of a turn that is past, however many promises
 * lie between the key and it.
 */
import { AsyncLocalStorage } from "node:async_hooks";

export interface Turns {
	/** Runs what a key does as a turn of its own, and all that follows from it. False from `act`: the key meant nothing. */
	take(act: () => boolean): boolean;
	/** The user has gone on without a key: pasted, or was taken elsewhere. */
	goOn(): void;
	/** What runs now follows from a key after which the user has gone on. */
	isPast(): boolean;
	/** The key from which what runs now follows, as a number of its own; undefined: from none. */
	current(): number | undefined;
}

export function createTurns(): Turns {
	const storage = new AsyncLocalStorage<number>();
	let begun = 0;
	let latest = 0;
	return {
		take(act) {
			const before = latest;
			const turn = ++begun;
			latest = turn;
			const isTaken = storage.run(turn, act);
			if (!isTaken && latest === turn) latest = before;
			return isTaken;
		},
		goOn() {
			latest = ++begun;
		},
		isPast() {
			const turn = storage.getStore();
			return turn !== undefined && turn !== latest;
		},
		current: () => storage.getStore(),
	};
}
