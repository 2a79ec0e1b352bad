/**
 * Where one is and was: the stack of views on screen, and the stacks that were left for another tab, kept as they were so that
 * going back finds filter, cursor and marks. A few only; the oldest are closed.
 */
import type { Route, View } from "../screens/view.ts";

export type Stack = readonly View[];

/** Each holds its subscriptions while it is kept. */
export const mostKept = 4;

export interface Stacks {
	/** On screen, the lowest first. */
	current(): Stack;
	set(stack: Stack): void;
	/** Takes the view of that route out of whichever stack it is in, and hands it over. */
	take(route: Route): View | undefined;
	/** Leaves the present stack for a new one. */
	leaveFor(stack: Stack): void;
	/** To the stack that was left last; the present one takes its place. False when there is none. */
	swap(): boolean;
	/** Back, and forward again, through the stacks that were left. False when there is none. */
	older(): boolean;
	newer(): boolean;
	hasOlder(): boolean;
	hasNewer(): boolean;
	close(): void;
}

export function createStacks(): Stacks {
	let current: Stack = [];
	let past: readonly Stack[] = [];
	let future: readonly Stack[] = [];

	/** Takes the stack out of `from` that is nearest to the present one. */
	function step(from: readonly Stack[]): { found: Stack; rest: readonly Stack[] } | undefined {
		const found = from.at(-1);
		return found && { found, rest: from.slice(0, -1) };
	}

	return {
		current: () => current,
		set(stack) {
			current = stack;
		},
		take(route) {
			const isIt = (view: View) => view.route === route;
			const found = [current, ...past, ...future].flat().find(isIt);
			const without = (stack: Stack) => (stack.some(isIt) ? stack.filter((view) => !isIt(view)) : stack);
			current = without(current);
			past = past.map(without);
			future = future.map(without);
			return found;
		},
		leaveFor(stack) {
			closeAll(future);
			future = [];
			// What is in a shell goes on being sent to whoever holds it: leaving means letting go.
			const isKept = current.length > 0 && current.every(({ route }) => route.to !== "shell");
			if (!isKept) closeAll([current]);
			const all = isKept ? [...past, current] : past;
			closeAll(all.slice(0, -mostKept));
			past = all.slice(-mostKept);
			current = stack;
		},
		swap() {
			const last = step(past);
			if (!last) return false;
			past = [...last.rest, current];
			current = last.found;
			return true;
		},
		older() {
			const last = step(past);
			if (!last) return false;
			future = [...future, current];
			past = last.rest;
			current = last.found;
			return true;
		},
		newer() {
			const next = step(future);
			if (!next) return false;
			past = [...past, current];
			future = next.rest;
			current = next.found;
			return true;
		},
		hasOlder: () => past.length > 0,
		hasNewer: () => future.length > 0,
		close() {
			closeAll([current, ...past, ...future]);
			current = [];
			past = [];
			future = [];
		},
	};
}

function closeAll(stacks: readonly Stack[]): void {
	for (const stack of stacks) for (const view of stack) view.close();
}
