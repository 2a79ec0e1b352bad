/**
 * What a click means, read from the screen itself: the tab, hint, heading or answer whose words are under it, else the row it
 * is on, to which the cursor is moved. So whatever can be seen can be clicked, and no screen keeps its places in mind.
 */
import { type ChromeSource, hintsOf } from "./components/chrome/chrome.ts";
import type { Target, View } from "./screens/view.ts";
import type { Row } from "./terminal/cells.ts";
import type { MouseEvent } from "./terminal/mouse.ts";

/** A second click on the same row within this opens it. Milliseconds. */
const doubleMs = 500;
/** Rows the wheel moves at once. */
const wheelRows = 3;
/** What marks the row of the cursor, wherever there is one. */
export const cursorMark = "▌";

type Border = NonNullable<ReturnType<NonNullable<View["border"]>>>;

export interface Pointer {
	take(event: MouseEvent, screen: readonly Row[]): void;
}

export function createPointer(source: Pick<ChromeSource, "desk" | "tabs">, now: () => number): Pointer {
	const { desk } = source;
	/** The border beside a list, while it is being drawn. */
	let drawn: Border | undefined;
	let last = { at: Number.NEGATIVE_INFINITY, y: -1 };

	function press(keys: string): void {
		for (const key of keys.split(" ")) desk.press(key);
	}

	function click(x: number, y: number, lines: readonly string[]): void {
		const view = desk.top();
		const isDouble = last.y === y && now() - last.at < doubleMs;
		last = { at: isDouble ? Number.NEGATIVE_INFINITY : now(), y };
		const line = lines[y] ?? "";
		const hit =
			wordsAt(line, x, chromeTargets(view, y, lines.length)) ?? rowTarget(line, x, view) ?? lineTarget(line, x, view);
		if (hit) {
			hit.run();
			return;
		}
		const moved = moveToRow(view, x, y, lines);
		if (moved && isDouble) (view.handlers.open ?? view.handlers.submit)?.run();
	}

	/** The first and the last line belong to the console. */
	function chromeTargets(view: View, y: number, rows: number): Target[] {
		if (y === 0 && view.isDialog !== true)
			return source.tabs.flatMap(({ key, title }) => {
				const run = () => press(key);
				return [
					{ text: `${key} ${title}`, run },
					{ text: key, run },
				];
			});
		if (y !== rows - 1) return [];
		return hintsOf(view, desk).map(({ key, word, keys }) => ({ text: `${key} ${word}`, run: () => press(keys) }));
	}

	/** What stands there, if it is the border beside a list: the first two and the last two lines are none of a view. */
	function borderAt(x: number, y: number, rows: number): Border | undefined {
		const border = y > 1 && y < rows - 2 ? desk.top().border?.() : undefined;
		return border && (x === border.at || x === border.at - 1) ? border : undefined;
	}

	function draw(event: MouseEvent): void {
		const isEnd = event.kind === "release";
		drawn?.move(event.x, isEnd);
		if (isEnd) drawn = undefined;
	}

	function act(event: MouseEvent, screen: readonly Row[]): void {
		const { handlers } = desk.top();
		if (event.kind === "wheel") {
			const handler = event.by > 0 ? handlers.down : handlers.up;
			for (let row = 0; row < wheelRows; row++) handler?.run();
			return;
		}
		drawn = borderAt(event.x, event.y, screen.length);
		if (!drawn) click(event.x, event.y, screen.map(lineOf));
	}

	return {
		take(event, screen) {
			// What a press asks for may be on its way when the button is let go: that is no going on.
			if (event.kind === "drag" || event.kind === "release") draw(event);
			else desk.point(() => act(event, screen));
		},
	};
}

/** One character a column, so that places in the text are places on the screen. */
export function lineOf(row: Row): string {
	return row.map(({ text }) => (text.length === 1 ? text : text === "" ? " " : "?")).join("");
}

/** The longest of the words that stand at a place, as words of their own. */
export function wordsAt(line: string, x: number, targets: readonly Target[]): Target | undefined {
	let best: Target | undefined;
	for (const target of targets) {
		for (let at = line.indexOf(target.text); at >= 0; at = line.indexOf(target.text, at + 1)) {
			const end = at + target.text.length;
			if (x < at || x >= end || !isEdge(line[at - 1]) || !isEdge(line[end])) continue;
			if (target.text.length > (best?.text.length ?? 0)) best = target;
		}
	}
	return best;
}

function isEdge(character: string | undefined): boolean {
	return character === undefined || !/[\p{L}\p{N}]/u.test(character);
}

/** Headings and answers stand beside each other: a line with one of their words alone is about something else. */
function rowTarget(line: string, x: number, view: View): Target | undefined {
	const targets = view.targets?.() ?? [];
	const there = targets.filter(({ text }) => line.includes(text));
	return there.length >= Math.min(2, targets.length) ? wordsAt(line, x, there) : undefined;
}

/** What is in the frame at a place begins so, whatever marks stand before it: beside a form stands what it covers. */
function lineTarget(line: string, x: number, view: View): Target | undefined {
	const words = line.slice(line.lastIndexOf("│", x) + 1).replace(/^[\s▸▌]+/, "");
	return view.lineTargets?.().find(({ text }) => words.startsWith(text) && isEdge(words[text.length]));
}

/** Moves the cursor to the row at a place. True when it was one of those the cursor goes through. */
export function moveToRow(view: View, x: number, y: number, lines: readonly string[]): boolean {
	const { up, down } = view.handlers;
	const from = lines.findIndex((line) => {
		const at = line.lastIndexOf(cursorMark, x);
		return at >= 0 && !line.slice(at, x).includes("│");
	});
	if (!up || !down || from < 0) return false;
	const column = lines[from]?.lastIndexOf(cursorMark, x) ?? 0;
	const between = lines.slice(Math.min(from, y), Math.max(from, y) + 1).map((line) => line.slice(column));
	if (between.some((line) => /^\s*(│|$)|^[─╰╯╭╮]/.test(line))) return false;
	for (let step = Math.abs(y - from); step > 0; step--) (y > from ? down : up).run();
	return true;
}
