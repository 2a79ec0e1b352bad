/**
 * The console as a conversation: a line is a command, the answer is lines. It stands on the same screens and the same actions as
 * the one with a picture, which is drawn on a screen nobody sees and read out.
 */
import { hintsOf } from "../components/chrome/chrome.ts";
import { cursorMark, moveToRow } from "../pointer.ts";
import type { View } from "../screens/view.ts";
import { readTyped, splitTyped } from "../state/commands.ts";
import type { Desk } from "../state/desk.ts";
import { type Box, boxesIn, holds, linear, linearDialog, titleOf } from "./linear.ts";

export interface PlainParts {
	readonly desk: Desk;
	/** What the unseen screen shows, one character a column. */
	screen(): readonly string[];
	/** Resolves when what was asked for has come. */
	settled(): Promise<void>;
	say(line: string): void;
	quit(): void;
}

/** Lines of the frame above and below the view itself. */
const [rowsAbove, rowsBelow] = [2, 2];
/** More fields or choices than any form has. */
const mostSteps = 40;

/** What the number of a row may follow, whatever is marked, besides the actions of the place. */
const rowWords: ReadonlySet<string> = new Set(["why", "ticket", "asset", "finding", "request", "watch", "mark"]);
/** What takes something of its own. */
const ownWords: ReadonlySet<string> = new Set(["filter", "sort", "open", "go-to"]);

const words = [
	["list", "say again what is here, rows with their numbers"],
	["show N", "open row N"],
	[
		"why N, ticket N …",
		"any action of row N where rows are shown, of the open one without a number; why #7 means number 7 itself",
	],
	["mark N", "mark row N, or take the mark off"],
	["sort COLUMN", "by that column: down, up, off"],
	["next, previous", "the next page of rows, the one before"],
	["filter QUERY", "narrow the list; without a query: all of it again"],
	["set FIELD VALUE", "fill in a field of a form"],
	["do ACTION", "one of the actions below; the name alone does as well"],
	["press KEY …", "keys, as vedette keys writes them"],
	["back", "leave this; never quits"],
	["quit", "leave the console; scans go on"],
] as const;

export interface PlainSession {
	/** Says where one is. */
	begin(): Promise<void>;
	take(line: string): Promise<void>;
}

export function createPlainSession({ desk, screen, settled, say, quit }: PlainParts): PlainSession {
	/** Where the cursor is: the box around it, or the whole body; undefined where there is none. */
	function pane(): { box: Box | undefined; column: number; ys: number[] } | undefined {
		const lines = body();
		const at = lines.findIndex((line) => line.includes(cursorMark));
		if (at < 0) return undefined;
		const column = lines[at]?.indexOf(cursorMark) ?? 0;
		const box = boxesIn(lines).find((one) => holds(one, column, at));
		const isRow = (y: number) => textAt(y, column, box).trim() !== "" && y !== box?.top && y !== box?.bottom;
		let first = at;
		while (isRow(first - 1)) first--;
		let last = at;
		while (isRow(last + 1)) last++;
		first += headings(box);
		return { box, column, ys: Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index) };
	}

	/** A list has its headings above its rows. */
	function headings(box: Box | undefined): number {
		return box === undefined && desk.top().scopes.includes("list") ? 1 : 0;
	}

	function textAt(y: number, column: number, box: Box | undefined): string {
		return (body()[y] ?? "").slice(column, box?.right);
	}

	function body(): readonly string[] {
		const lines = screen();
		return lines.map((line, y) => (y < rowsAbove || y >= lines.length - rowsBelow ? "" : line));
	}

	function present(): void {
		const view = desk.top();
		if (view.isDialog === true) for (const line of linearDialog(body())) say(line);
		else {
			const here = pane();
			for (const line of linear(screen().slice(1, rowsAbove))) say(line);
			if (here?.box !== undefined || here === undefined) for (const line of linear(body(), here?.box)) say(line);
			if (here) sayRows(here);
		}
		const problem = view.input?.()?.problem;
		if (problem) say(`Wrong: ${problem.message} ${problem.hint ?? ""}`.trim());
		say(nextWords(view));
	}

	function sayRows({ box, column, ys }: NonNullable<ReturnType<typeof pane>>): void {
		if (box) say(`${titleOf(body(), box)}:`);
		else if (headings(box) > 0) for (const line of linear([textAt((ys[0] ?? 1) - 1, column, box)])) say(`    ${line}`);
		for (const [index, y] of ys.entries()) {
			const line = textAt(y, column, box);
			const isMarked = desk.top().scopes.includes("marks") && line[1] === "●";
			const [text = ""] = linear([isMarked ? `${line[0]} ${line.slice(2)}` : line]);
			say(`${String(index + 1).padStart(3)} ${isMarked ? "marked " : ""}${text}`);
		}
		const position = desk.top().position?.() ?? "";
		if (position !== "") say(`At ${position}.`);
	}

	function nextWords(view: View): string {
		if (view.scopes.includes("form")) return "Now: set FIELD VALUE, submit, back.";
		if (view.scopes.includes("choice")) return "Now: yes or no.";
		const own = hintsOf(view, desk).map(({ action }) => action);
		const rows = pane() ? ["show N"] : [];
		return `Now: ${[...new Set(["list", ...rows, ...own.filter((name) => name !== "help"), "back", "help", "quit"])].join(", ")}.`;
	}

	function help(): void {
		for (const [word, about] of words) say(`${word.padEnd(18)} ${about}`);
		const said = new Set(words.flatMap(([word]) => word.split(", ")));
		for (const { name, takes, about, reason } of desk.commands()) {
			if (said.has(name)) continue;
			const why = reason?.();
			const typed = takes === undefined ? name : `${name} ${takes}`;
			say(`${typed.padEnd(18)} ${about}${why === undefined ? "" : ` (not now: ${why})`}`);
		}
	}

	function show(rest: string): string | undefined {
		const number = Number(rest);
		const here = pane();
		const y = here?.ys[number - 1];
		if (here === undefined || y === undefined)
			return rest === "" ? "Which row? show 1" : `There is no row ${rest} here; list says those there are.`;
		const view = desk.top();
		moveToRow(view, here.column, y, body());
		const open = view.handlers.open ?? view.handlers.submit;
		const reason = open?.disabled?.();
		if (reason !== undefined) return reason;
		open?.run();
		return undefined;
	}

	/** Words that a row's number may follow; undefined: what was typed is none of these. */
	function onRow(text: string): { wrong: string | undefined } | undefined {
		const { word: typed, rest } = splitTyped(text);
		const word = typed.toLowerCase();
		const here = pane();
		const view = desk.top();
		const isAboutRow = rowWords.has(word) || (Object.hasOwn(view.handlers, word) && !ownWords.has(word));
		if (!isAboutRow || !/^\d+$/.test(rest) || here === undefined) return undefined;
		const y = here.ys[Number(rest) - 1];
		if (y === undefined) return { wrong: `There is no row ${rest} here; list says those there are.` };
		if (view.handlers[word] === undefined) {
			if (view.route.to === `${word}s`) return { wrong: show(rest) };
			return { wrong: `The rows here have no ${word}; ${word} #${rest} is the one of that number.` };
		}
		const [, marked] = /●([\d,]+)/.exec(view.position?.() ?? "") ?? [];
		if (marked !== undefined && !rowWords.has(word)) {
			const are = marked === "1" ? "1 row is" : `${marked} rows are`;
			return { wrong: `${are} marked, and ${word} is about those: ${word} does it, mark N takes a mark off.` };
		}
		moveToRow(view, here.column, y, body());
		return { wrong: run(word) };
	}

	/** By the column whose heading begins so. */
	function sort(rest: string): string | undefined {
		const view = desk.top();
		const targets = view.scopes.includes("list") ? (view.targets?.() ?? []) : [];
		const typed = rest.toLowerCase();
		const isMeant = (title: string) => title.startsWith(typed) || typed.startsWith(title);
		const meant = typed === "" ? undefined : targets.find(({ text }) => isMeant(text.toLowerCase()));
		if (targets.length === 0) return "Nothing here is sorted.";
		if (!meant) return `By which column? ${targets.map(({ text }) => `sort ${text.toLowerCase()}`).join(", ")}`;
		meant.run();
		return undefined;
	}

	function filter(rest: string): string | undefined {
		const handler = desk.top().handlers.filter;
		if (!handler) return "Nothing here takes a filter.";
		handler.run();
		for (const key of ["end", "ctrl-u"]) desk.press(key);
		desk.paste(rest);
		desk.press("enter");
		return undefined;
	}

	/** Goes to the field whose name begins so, and fills it in. */
	async function set(rest: string): Promise<string | undefined> {
		const { word, rest: value } = splitTyped(rest);
		if (!desk.top().scopes.includes("form")) return "There is no form to fill in here.";
		const active = () => body().find((line) => line.includes("▸ ")) ?? "";
		const isThere = () => active().split("▸ ")[1]?.toLowerCase().startsWith(word.toLowerCase()) === true;
		for (let step = 0; step < mostSteps && !isThere(); step++) {
			desk.press("tab");
			await settled();
		}
		if (!isThere()) return `There is no field ${word}; list says those there are.`;
		if (!active().includes("‹")) {
			for (const key of ["end", "ctrl-u"]) desk.press(key);
			desk.paste(value);
			return undefined;
		}
		for (let step = 0; step < mostSteps; step++) {
			if (/‹ (.*) ›/.exec(active())?.[1]?.trim().toLowerCase() === value.toLowerCase()) return undefined;
			desk.press("right");
			await settled();
		}
		return `${word} does not take ${value}.`;
	}

	function run(text: string): string | undefined {
		const act = readTyped(desk.commands(), text);
		if (typeof act === "string") return act.replace("Tab shows", "help says");
		act();
		return undefined;
	}

	async function doLine(text: string): Promise<string | undefined> {
		const row = onRow(text);
		if (row) return row.wrong;
		const { word, rest } = splitTyped(text);
		switch (word.toLowerCase()) {
			case "list":
			case "where":
				return undefined;
			case "show":
			case "open":
				return show(rest);
			case "next":
			case "previous": {
				const handler = desk.top().handlers[word === "next" ? "page-down" : "page-up"];
				handler?.run();
				return handler ? undefined : "There are no pages here.";
			}
			case "filter":
				return filter(rest);
			case "sort":
				return sort(rest);
			case "set":
				return set(rest);
			case "press":
				for (const key of rest.split(/\s+/).filter(Boolean)) desk.press(key);
				return undefined;
			case "back":
				desk.press("esc");
				return undefined;
			case "do":
				return run(rest);
			default:
				return run(text);
		}
	}

	return {
		async begin() {
			await settled();
			say("vedette, read out line by line. help says what can be typed.");
			present();
		},
		async take(line) {
			const text = line.trim();
			if (/^(quit|exit|q)$/i.test(text)) return quit();
			if (/^(help|\?)$/i.test(text)) return help();
			const wrong = text === "" ? undefined : await doLine(text);
			await settled();
			if (wrong === undefined) present();
			else say(wrong);
		},
	};
}
