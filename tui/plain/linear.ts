/** A screen as lines to be read one after the other: boxes one by one, without their frames, bars and turning signs. Pure. */
import { asciiTwin } from "../text/letters.ts";

/** A frame with its edges. */
export interface Box {
	readonly left: number;
	readonly right: number;
	readonly top: number;
	readonly bottom: number;
}

const letters: Readonly<Record<string, string>> = { "◆": "U", "▲": "C", "■": "S", "●": "M", "○": "L" };

/** What stands beside each other in boxes comes one box after the other, each under its title; one may be left out. Lines are one character a column. */
export function linear(lines: readonly string[], without?: Box): string[] {
	const boxes = boxesIn(lines);
	const told: string[] = [];
	for (const [y, line] of lines.entries()) {
		for (const box of boxes) if (box.top === y && !isSame(box, without)) told.push(...readBox(lines, box));
		const outside = [...line].map((sign, x) => (boxes.some((box) => holds(box, x, y)) ? " " : sign)).join("");
		const text = clean(outside);
		if (text !== "") told.push(text);
	}
	return told;
}

/** The box that lies over the middle, as dialogs do: its lines alone. All lines when there is none. */
export function linearDialog(lines: readonly string[]): string[] {
	const width = Math.max(0, ...lines.map(({ length }) => length));
	const [x, y] = [Math.floor(width / 2), Math.floor(lines.length / 2)];
	const area = (box: Box) => (box.right - box.left) * (box.bottom - box.top);
	const [over] = boxesIn(lines)
		.filter((box) => holds(box, x, y))
		.toSorted((one, other) => area(one) - area(other));
	return over ? readBox(lines, over) : linear(lines);
}

export function boxesIn(lines: readonly string[]): Box[] {
	return lines.flatMap((line, top) =>
		[...line.matchAll(/╭[^╭╮]*╮/g)].flatMap(({ index: left, 0: edge }): Box[] => {
			const bottom = lines.findIndex((below, y) => y > top && below[left] === "╰");
			return bottom < 0 ? [] : [{ left, right: left + edge.length - 1, top, bottom }];
		}),
	);
}

export function holds({ left, right, top, bottom }: Box, x: number, y: number): boolean {
	return x >= left && x <= right && y >= top && y <= bottom;
}

function isSame(one: Box, other: Box | undefined): boolean {
	return one.left === other?.left && one.top === other.top;
}

/** The words on the upper edge. */
export function titleOf(lines: readonly string[], { left, right, top }: Box): string {
	return clean((lines[top] ?? "").slice(left + 1, right).replaceAll("─", " "));
}

function readBox(lines: readonly string[], box: Box): string[] {
	const { left, right, top, bottom } = box;
	const title = titleOf(lines, box);
	const inside = lines.slice(top + 1, bottom).map((line) => clean(line.slice(left + 1, right)));
	return [...(title === "" ? [] : [`${title}:`]), ...inside.filter((text) => text !== "").map((text) => `  ${text}`)];
}

/** One line of a screen without what is only there to be looked at. */
export function clean(line: string): string {
	const words = line
		.replace(/[◆▲■●○](?=[UCSML]\d)/gu, "")
		.replace(/[◆▲■●○](?=\d)/gu, (shape) => `${letters[shape]}:`)
		.replace(/[◆▲■●○] (?=\p{L})/gu, "")
		.replace(/[◆▲■●○]/gu, (shape) => letters[shape] ?? "")
		.replace(/[─━╸═\u2581-\u2590░▒▓\u2800-\u28ff]{2,}/gu, " ")
		.replace(/[⠋⠙⠸⠴⠦⠇│┃]/gu, " ")
		.replace(/^(\s*)▌ ?/u, "$1> ")
		.replace(/▌/gu, " ");
	return [...words].map(asciiTwin).join("").replace(/ {3,}/g, "  ").trim();
}
