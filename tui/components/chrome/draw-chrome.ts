/** The lines around every screen: tabs, breadcrumb, the line for input or messages, and the status line. Pure. */

import type { InputLine, View } from "../../screens/view.ts";
import { visibleText } from "../../state/text-field.ts";
import type { Toast } from "../../state/toaster.ts";
import type { TourStand } from "../../state/tour.ts";
import { wrap } from "../../text/fit.ts";
import { fitting, line, type Piece, spread, widthOfPieces } from "../../theme/line.ts";
import { createMemory } from "../frame/memory.ts";

export interface Tab {
	readonly key: string;
	readonly title: string;
	readonly isActive: boolean;
}

/** What stands at the right keeps its room. Where there is none for all titles, the last tabs are their keys alone; the active one keeps its name. */
export function drawTabs(width: number, tabs: readonly Tab[], right: readonly Piece[]): string {
	for (let named = tabs.length; named >= 0; named--) {
		const pieces: Piece[] = [
			[" vedette ", "brand"],
			[" "],
			...tabs.flatMap((tab, index) => tabPieces(tab, index < named)),
		];
		if (widthOfPieces(pieces) + widthOfPieces(right) <= width || named === 0) return spread(width, pieces, right);
	}
	return line(width, []);
}

function tabPieces({ key, title, isActive }: Tab, isNamed: boolean): Piece[] {
	if (isActive) return [[` ${key} ${title} `, "tabActive"], [" "]];
	return [
		[" ", "tab"],
		[key, "faint"],
		[isNamed ? ` ${title}  ` : " ", "tab"],
	];
}

/** The figures keep their room: first the way here is cut from its start, then the name of the place itself. */
export function drawCrumbs(width: number, crumbs: ReturnType<View["crumbs"]>): string {
	const chips: Piece[] = (crumbs.chips ?? []).flatMap((chip): Piece[] => [["  "], [` ${chip} `, "chip"]]);
	const figures: Piece[] = [["  "], ...(crumbs.figures ?? []), [" "]];
	const room = width - widthOfPieces(figures);
	const last = crumbs.path.length - 1;
	for (let first = 0; first <= last; first++) {
		const left = [...pathPieces(crumbs.path, first), ...chips];
		if (widthOfPieces(left) <= room) return line(room, left) + line(width - room, figures);
	}
	const left = [...pathPieces(crumbs.path, last), ...chips];
	return room < leastCrumb ? line(width, left) : line(room, left) + line(width - room, figures);
}

/** With less room than this for the name of the place, the figures beside it go. Columns. */
const leastCrumb = 18;

function pathPieces(path: readonly string[], first: number): Piece[] {
	const pieces: Piece[] = first > 0 ? [[" … › ", "faint"]] : [[" "]];
	for (const [index, word] of path.slice(first).entries()) {
		if (index > 0) pieces.push([" › ", "faint"]);
		pieces.push([word, first + index === path.length - 1 ? "title" : "muted"]);
	}
	return pieces;
}

const toastLook = { good: ["✓", "good"], info: ["›", "accent"], bad: ["✗", "bad"] } as const;

/** A message that is longer than a line takes so many at most, the last of them cut. */
const mostToastLines = 4;

/** One line at least: what does not fit stands on further ones. */
export function drawToast(width: number, toast: Pick<Toast, "kind" | "text"> | undefined): string[] {
	if (!toast) return [line(width, [])];
	const [mark, token] = toastLook[toast.kind];
	const words = wrap(toast.text, width - 4);
	const kept = words.slice(0, mostToastLines - 1);
	const rest = words.slice(mostToastLines - 1).join(" ");
	return [...kept, ...(rest === "" ? [] : [rest])].map((text, index) =>
		line(width, [[" "], [index === 0 ? mark : " ", token], [" "], [text, toast.kind === "bad" ? "bad" : "text"]]),
	);
}

/** A step of the tour, where messages stand; how it goes on and ends gives way first. */
export function drawTour(
	width: number,
	{ step, of, words }: TourStand,
	[next, end]: readonly [string, string],
): string {
	const left: Piece[] = [[" "], [` Tour ${step}/${of} `, "chip"], [" "], [words]];
	const keys: Piece[] = [
		[next, "key"],
		[" next ", "muted"],
		[end, "key"],
		[" end", "muted"],
	];
	return spread(width, left, keys);
}

/** The input line and the column its cursor stands in; -1 when it is not being typed in. */
export function drawInput(width: number, input: InputLine): { text: string; column: number } {
	const label: Piece[] = [[" "], [input.label, "key"], [" "]];
	const start = widthOfPieces(label);
	const note = notePieces(input);
	const least = leastField(width, input);
	const room = Math.max(10, least, width - start - Math.min(widthOfPieces(note) + 2, width - start - least));
	const isTyping = input.cursor >= 0;
	const shown = visibleText({ text: input.text, cursor: Math.max(0, input.cursor) }, room);
	const field = line(start + room, [
		...label,
		...markProblem(shown.text, input, input.text.length - shown.text.length),
	]);
	return {
		text: field + line(width - start - room, [["  "], ...note]),
		column: isTyping ? start + shown.column : -1,
	};
}

/** Beside the text: what is wrong with it, else what may be typed. */
function notePieces({ problem, hint, isToldAbove }: InputLine): Piece[] {
	if (!problem) return [[hint ?? "", "faint"], [" "]];
	if (isToldAbove) return [];
	return [["✗ ", "bad"], [problemText(problem), "bad"], [" "], [problem.hint ?? "", "muted"], [" "]];
}

/** Of the text so much is seen whatever stands beside it. Columns. */
function leastField(width: number, { text }: InputLine): number {
	return Math.min(widthOfPieces([[text]]) + 1, Math.floor(width * 0.4));
}

/** All of what is wrong, and what to do about it, can be read beside the text. */
export function hasRoomForProblem(width: number, input: InputLine): boolean {
	const label = widthOfPieces([[" "], [input.label], [" "]]);
	return label + Math.max(10, leastField(width, input)) + 2 + widthOfPieces(notePieces(input)) <= width;
}

/** The same where there is more room: lines of that width. */
export function drawProblem(width: number, problem: NonNullable<InputLine["problem"]>): string[] {
	const words = wrap(`${problemText(problem)} ${problem.hint ?? ""}`.trim(), width - 4);
	return words.map((text, index) =>
		line(
			width,
			[
				[index === 0 ? " ✗ " : "   ", "bad"],
				[text, "bad"],
			],
			"panel",
		),
	);
}

/** Where the mistake is, unless the sentence says so already. */
function problemText({ message, at }: NonNullable<InputLine["problem"]>): string {
	return at === undefined || message.includes("position") ? message : `${message} (position ${at + 1})`;
}

/** The character the mistake is at stands out; past the end there is nothing to mark. */
function markProblem(text: string, input: InputLine, cutOff: number): Piece[] {
	const at = input.problem?.at === undefined ? -1 : input.problem.at - cutOff;
	if (at < 0 || at >= text.length) return [[text, "input"]];
	return [
		[text.slice(0, at), "input"],
		[text.slice(at, at + 1), "bad"],
		[text.slice(at + 1), "input"],
	];
}

export interface StatusParts {
	readonly connection: readonly Piece[];
	/** What the line to the terminal carries. */
	readonly line: readonly Piece[];
	/** What keeps the screen from going on as it would: held still, led by somebody else. */
	readonly held: readonly (readonly Piece[])[];
	/** Who else is here. */
	readonly company: readonly Piece[];
	readonly daemon: string;
	readonly role: readonly Piece[];
	readonly scans: readonly Piece[];
	readonly position: string;
	readonly pending: string;
	readonly hints: readonly { readonly key: string; readonly word: string }[];
}

/** State at the left, hints at the right; the hints keep their room first, as they say what to do. */
export function drawStatus(width: number, parts: StatusParts): string {
	const bar: Piece = [" │ ", "faint"];
	const groups: Piece[][] = [[[" "], ...parts.connection]];
	for (const pieces of parts.held) groups.push([bar, ...pieces]);
	// Before the figures: what one may not do here must not be what goes first.
	if (parts.role.length > 0) groups.push([bar, ...parts.role]);
	if (parts.position !== "") groups.push([bar, [parts.position, "number"]]);
	if (parts.scans.length > 0) groups.push([bar, ...parts.scans]);
	if (parts.company.length > 0) groups.push([bar, ...parts.company]);
	if (parts.line.length > 0) groups.push([bar, ...parts.line]);
	if (parts.daemon !== "" && width >= 120) groups.push([bar, [parts.daemon, "muted"]]);
	if (parts.pending !== "") groups.push([bar, [`${parts.pending} …`, "key"]]);
	const least = Math.min(width - 20, Math.floor(width * 0.45));
	const left = fitting(Math.max(20, width - least), groups, 0);
	const room = width - widthOfPieces(left) - 3;
	const [hints] = hintsMemory([room, ...parts.hints.flatMap(({ key, word }) => [key, word])], () => {
		const pieces = hintPieces(parts, room);
		const taken = widthOfPieces(pieces);
		return [{ text: line(taken, pieces), taken }];
	});
	return hints ? line(width - hints.taken, left) + hints.text : line(width, left);
}

const hintsMemory = createMemory<{ readonly text: string; readonly taken: number }>();

/** The last hint is help: it is kept first, and stands last. */
function hintPieces({ hints }: StatusParts, room: number): Piece[] {
	const groups = hints.map(({ key, word }): readonly [Piece, Piece] => [
		[key, "key"],
		[` ${word}`, "muted"],
	]);
	const kept = fitting(room, [groups.at(-1) ?? [], ...groups.slice(0, -1)], 2);
	const out: Piece[] = [];
	for (const [key, word] of groups) {
		if (!kept.includes(key)) continue;
		if (out.length > 0) out.push(["  "]);
		out.push(key, word);
	}
	return [...out, [" "]];
}
