/**
 * Keys that came before the rows they are about: what acts on rows waits for those that were asked for last, and everything
 * typed after it waits too, so that all of it happens in the order it was typed. Likewise what is typed for a dialog that
 * is still being opened.
 */
import type { View } from "../screens/view.ts";

export interface HeldKeys {
	/** How many wait, and since when; undefined while none does. Unix milliseconds. */
	waiting(): { readonly count: number; readonly since: number } | undefined;
	/**
	 * Holds it if it must wait: something else waits already, or it is about rows that have not come, be it all of them or
	 * the one under the cursor.
	 */
	hold(view: View, about: "nothing" | "rows" | "row", act: () => void): boolean;
	/** What is typed waits until this has opened a view, and is forgotten when it opens none. Never rejects. */
	opens(opening: Promise<unknown>): void;
	/** What was to be opened is there. */
	opened(): void;
	isOpening(): boolean;
	/** Forgets them, and what was to be opened; false when there was neither. */
	drop(): boolean;
	/** To be called when rows may have come. */
	look(): void;
	/** As `look`, after what runs now: from within the change that brings the rows, which what is held changes too. */
	lookSoon(): void;
}

/** Nobody types further ahead than this. */
const mostHeld = 64;

function mustWait(about: "nothing" | "rows" | "row", rows: ReturnType<NonNullable<View["rows"]>> | undefined): boolean {
	if (rows === "row-awaited") return about === "row";
	return rows === "awaited" && about !== "nothing";
}

export function createHeldKeys(top: () => View, now: () => number): HeldKeys {
	/** What is to be opened now. */
	let opening: Promise<unknown> | undefined;
	let held: { readonly view: View; readonly since: number; acts: (() => void)[] } | undefined;
	let willLook = false;

	function drop(): boolean {
		const was = held !== undefined || opening !== undefined;
		held = undefined;
		opening = undefined;
		return was;
	}

	function release(): void {
		const acts = held?.acts ?? [];
		held = undefined;
		// One of them may ask for other rows: those behind it wait again.
		for (const act of acts) act();
	}

	function look(): void {
		if (held === undefined || opening !== undefined) return;
		// Rows that do not come, and a place that was left, are not what they were typed for.
		if (held.view !== top() || held.view.rows?.() === "missing") drop();
		else if (held.view.rows?.() === "here") release();
	}

	return {
		waiting: () => held && { count: held.acts.length, since: held.since },
		hold(view, about, act) {
			if (held === undefined && opening === undefined && !mustWait(about, view.rows?.())) return false;
			held ??= { view, since: now(), acts: [] };
			if (held.acts.length < mostHeld) held.acts.push(act);
			return true;
		},
		opens(next) {
			const before = top();
			opening = next;
			const settled = () => {
				if (opening !== next) return;
				opening = undefined;
				if (top() === before) held = undefined;
				else release();
			};
			next.then(settled, settled);
		},
		opened() {
			opening = undefined;
			release();
		},
		isOpening: () => opening !== undefined,
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
