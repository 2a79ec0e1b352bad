/**
 * Keys that came before the rows they are about: what acts on rows waits for those that were asked for last, and everything
 * typed after it waits too, so that all of it happens in the order it was typed.
 */
import type { View } from "../screens/view.ts";

export interface HeldKeys {
	/** How many wait, and since when; undefined while none does. Unix milliseconds. */
	waiting(): { readonly count: number; readonly since: number } | undefined;
	/** Holds it if it must wait: something else waits already, or it is about rows that have not come. */
	hold(view: View, isAboutRows: boolean, act: () => void): boolean;
	/** Forgets them; false when there were none. */
	drop(): boolean;
	/** To be called when rows may have come. */
	look(): void;
	/** As `look`, after what runs now: from within the change that brings the rows, which what is held changes too. */
	lookSoon(): void;
}

/** Nobody types further ahead than this. */
const mostHeld = 64;

export function createHeldKeys(top: () => View, now: () => number): HeldKeys {
	let held: { readonly view: View; readonly since: number; acts: (() => void)[] } | undefined;
	let willLook = false;

	function drop(): boolean {
		const was = held !== undefined;
		held = undefined;
		return was;
	}

	function look(): void {
		if (held === undefined) return;
		// Rows that do not come, and a place that was left, are not what they were typed for.
		if (held.view !== top() || held.view.rows?.() === "missing") drop();
		else if (held.view.rows?.() === "here") {
			const { acts } = held;
			held = undefined;
			// One of them may ask for other rows: those behind it wait again.
			for (const act of acts) act();
		}
	}

	return {
		waiting: () => held && { count: held.acts.length, since: held.since },
		hold(view, isAboutRows, act) {
			if (held === undefined && !(isAboutRows && view.rows?.() === "awaited")) return false;
			held ??= { view, since: now(), acts: [] };
			if (held.acts.length < mostHeld) held.acts.push(act);
			return true;
		},
		drop,
		look,
		lookSoon() {
			if (willLook || held === undefined) return;
			willLook = true;
			queueMicrotask(() => {
				willLook = false;
				look();
			});
		},
	};
}
