/** What can be taken back: the last things done in this console, newest first. It knows no screen and no key. */
import { AppError } from "../../protocol/errors.ts";
import type { Action } from "../screens/view.ts";

export interface Undoable {
	/** What was done, as a sentence without its full stop: `Web put on 312 assets`. */
	readonly what: string;
	/** Makes it as it was before. A rejection with `unavailable` leaves it to be tried again; any other is final. */
	undo(): Promise<void>;
}

/** Older things are not offered any more. */
export const mostUndoable = 20;

export interface UndoLedger {
	offer(one: Undoable): void;
	/** Newest first. */
	list(): readonly Undoable[];
	/** Takes one back, the newest when none is named. Resolves with what it was; undefined when there is nothing. */
	undo(one?: Undoable): Promise<Undoable | undefined>;
}

export function createUndoLedger(): UndoLedger {
	let kept: readonly Undoable[] = [];
	return {
		offer(one) {
			kept = [one, ...kept].slice(0, mostUndoable);
		},
		list: () => kept,
		async undo(one = kept[0]) {
			if (!one || !kept.includes(one)) return undefined;
			const at = kept.indexOf(one);
			// Gone before it is done: pressing twice takes two things back, not one thing twice.
			kept = kept.filter((other) => other !== one);
			try {
				await one.undo();
			} catch (err) {
				if (err instanceof AppError && err.code === "unavailable")
					kept = kept.toSpliced(Math.min(at, kept.length), 0, one);
				throw err;
			}
			return one;
		},
	};
}

/** What was done, as lines of the palette. */
export function undoActions(all: readonly Undoable[], undo: (one: Undoable) => void): Action[] {
	return all.map((one) => ({
		binding: { action: "undo", keys: [], description: one.what },
		scope: "everywhere",
		reason: () => undefined,
		run: () => undo(one),
	}));
}
