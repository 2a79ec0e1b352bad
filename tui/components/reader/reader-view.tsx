/** A view that is mostly a text to read: it is loaded, drawn, scrolled, and loaded again when something has changed. */
import { keyOf } from "../../keys/find-binding.ts";
import type { ScreenContext } from "../../screens/view.ts";
import { failureOf } from "../../state/list-loader.ts";
import type { ListFailure } from "../../state/paged-list.ts";
import { plainLines } from "../../text/plain.ts";
import { drawNotice } from "../frame/frame.ts";
import { type Block, drawDocument } from "./document.ts";
import { createScroll, type Scroll } from "./scroll.ts";

export interface Reader<Value> {
	value(): Value | undefined;
	/** Asks again; what is shown stays until the answer comes. */
	reload(): void;
	/** Draws the value as text, or why there is none. */
	draw(width: number, height: number): string[];
	toTop(): void;
	/** The whole text for the clipboard, at a width that reads well anywhere; undefined while there is none. */
	copy(what: string): { readonly what: string; readonly text: string } | undefined;
	/** Of the scopes `reader` and `searching`. */
	readonly handlers: Scroll["handlers"] & Scroll["searching"];
	/** For `View`: keys that come before the text has are kept until it is here. */
	rows(): "here" | "awaited" | "missing";
	close(): void;
}

const copiedWidth = 100;

export function createReader<Value>(
	context: Pick<ScreenContext, "changed" | "open" | "toast" | "isConnected" | "onReconnect">,
	load: () => Promise<Value>,
	describe: (value: Value) => readonly Block[],
): Reader<Value> {
	let value: Value | undefined;
	let failure: ListFailure | undefined;
	let drawn: { value: Value; blocks: readonly Block[] } | undefined;
	let closed = false;
	/** How often it was asked, and which of these answers is shown: a later one may come first. */
	let asked = 0;
	let answered = 0;
	const scroll = createScroll(context);

	function reload(): void {
		drawn = undefined;
		const turn = ++asked;
		load().then(
			(loaded) => {
				if (turn < answered) return;
				answered = turn;
				take(loaded, undefined);
			},
			(err: unknown) => {
				if (turn === asked) take(value, failureOf(err));
			},
		);
	}

	function take(next: Value | undefined, problem: ListFailure | undefined): void {
		if (closed) return;
		value = next;
		failure = problem;
		drawn = undefined;
		context.changed();
	}

	const stopReconnect = context.onReconnect(reload);
	reload();
	return {
		value: () => value,
		reload,
		draw(width, height) {
			if (value !== undefined) {
				if (drawn?.value !== value) drawn = { value, blocks: describe(value) };
				return scroll.draw(drawn.blocks, width, height);
			}
			if (!failure) return drawNotice(width, height, [[["Asking the daemon …", "muted"]]]);
			return drawNotice(width, height, [
				[[failure.message, "bad"]],
				[],
				[[failure.hint ?? "", "muted"]],
				[
					[keyOf("everywhere", "back"), "key"],
					[" goes back", "muted"],
				],
			]);
		},
		copy: (what) =>
			value === undefined ? undefined : { what, text: plainLines(drawDocument([...describe(value)], copiedWidth)) },
		toTop() {
			drawn = undefined;
			scroll.toTop();
		},
		handlers: { ...scroll.handlers, ...scroll.searching },
		rows() {
			if (value !== undefined) return "here";
			return failure === undefined && context.isConnected() ? "awaited" : "missing";
		},
		close() {
			closed = true;
			stopReconnect();
		},
	};
}
