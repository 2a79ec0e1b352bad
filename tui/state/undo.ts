/** What can be taken back, and done again: the last things done in this console, newest first. It knows no screen and no key. */
import { AppError } from "../../protocol/errors.ts";
import type { Action } from "../screens/view.ts";

export interface Undoable {
	/** What was done, as a sentence without its full stop: `Web put on 312 assets`. */
	readonly what: string;
	/** Makes it as it was before. A rejection with `unavailable` leaves it to be tried again; any other is final. */
	undo(): Promise<void>;
	/** Does it again after it was taken back; resolves with what takes that back. */
	redo?(): Promise<Undoable>;
	/** Where there is no `redo`: why what was taken back cannot be done again, as a sentence. */
	readonly final?: string;
}

/** What one call does and another takes back, as often as one likes; `done` is called after each. */
export function reversible(
	what: string,
	{ again, back, done }: { again(): Promise<unknown>; back(): Promise<unknown>; done(): void },
): Undoable {
	const one: Undoable = {
		what,
		async undo() {
			await back();
			done();
		},
		async redo() {
			await again();
			done();
			return one;
		},
	};
	return one;
}

/**
 * Does something that is another thing each time it is done (a purge, an exclusion of another number), and resolves with what
 * takes it back. `isAgain`: it was taken back, so that what was seen before it holds no more. `done` is called after each.
 */
export async function repeatable(
	act: (isAgain: boolean) => Promise<{ readonly what: string; back(): Promise<unknown> }>,
	done: () => void,
	isAgain = false,
): Promise<Undoable> {
	const { what, back } = await act(isAgain);
	done();
	return {
		what,
		async undo() {
			await back();
			done();
		},
		redo: () => repeatable(act, done, true),
	};
}

/** Older things are not offered any more. */
export const mostUndoable = 20;

export interface UndoLedger {
	offer(one: Undoable): void;
	/** Newest first. */
	list(): readonly Undoable[];
	/** Takes one back, the newest when none is named. Resolves with what it was; undefined when there is nothing. */
	undo(one?: Undoable): Promise<Undoable | undefined>;
	/** What was taken back last and can be done again; nothing once something else was done. */
	undone(): Undoable | undefined;
	/** Does that again. Resolves with what it was; undefined when there is nothing. */
	redo(): Promise<Undoable | undefined>;
}

export function createUndoLedger(): UndoLedger {
	let kept: readonly Undoable[] = [];
	let undone: readonly Undoable[] = [];
	/** How much was done: what was taken back before that cannot be done again behind it. */
	let offers = 0;

	function keepForRedo(one: Undoable, offersThen: number): void {
		if (one.redo && offers === offersThen) undone = [one, ...undone].slice(0, mostUndoable);
	}

	return {
		offer(one) {
			offers++;
			undone = [];
			kept = [one, ...kept].slice(0, mostUndoable);
		},
		list: () => kept,
		async undo(one = kept[0]) {
			if (!one || !kept.includes(one)) return undefined;
			const at = kept.indexOf(one);
			const offersThen = offers;
			// Gone before it is done: pressing twice takes two things back, not one thing twice.
			kept = kept.filter((other) => other !== one);
			try {
				await one.undo();
			} catch (err) {
				if (err instanceof AppError && err.code === "unavailable")
					kept = kept.toSpliced(Math.min(at, kept.length), 0, one);
				throw err;
			}
			keepForRedo(one, offersThen);
			return one;
		},
		undone: () => undone[0],
		async redo() {
			const [one, ...rest] = undone;
			if (!one?.redo) return undefined;
			undone = rest;
			const offersThen = offers;
			try {
				kept = [await one.redo(), ...kept].slice(0, mostUndoable);
			} catch (err) {
				if (err instanceof AppError && err.code === "unavailable") keepForRedo(one, offersThen);
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
