import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { TestTerminal } from "../../test/support/terminal.ts";
import { asciiTwin, type LetterWidth } from "../text/letters.ts";
import { setAmbiguousWide } from "../text/width.ts";
import { type Cell, readRow } from "./cells.ts";
import { type ColourDepth, colourDepths, lowerColour } from "./colour.ts";
import { overlayLevel } from "./layers.ts";
import { Painter } from "./painter.ts";
import { attribute, type Colour } from "./style.ts";

const pieces = [
	"a",
	"bc",
	"hello ",
	"   ",
	"│",
	"─",
	"◆",
	"▇",
	"⣿",
	"漢字",
	"한글",
	"ｗ",
	"é",
	"Ж",
	"ąß",
	"λ",
	"e\u0301",
	"🔒",
	"👩‍👩‍👧",
	"🇩🇪",
	"⚠",
	"⚠️",
	"✔",
	"\u001b[31m",
	"\u001b[1;38;2;10;200;30m",
	"\u001b[48;5;60m",
	"\u001b[0m",
	"\u001b[7m",
	"\u001b[4m",
	"\u001b[9m",
	"\u001b[24m",
	"\u001b[22m",
	"x".repeat(30),
];
const line = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join(""));
const size = fc.record({ columns: fc.integer({ min: 20, max: 200 }), rows: fc.integer({ min: 5, max: 60 }) });
const step = fc.oneof(
	fc.record({ kind: fc.constant("lines" as const), at: fc.nat(60), lines: fc.array(line, { maxLength: 12 }) }),
	fc.record({
		kind: fc.constant("scroll" as const),
		by: fc.integer({ min: -9, max: 9 }),
		from: fc.nat(20),
		to: fc.nat(60),
	}),
	fc.record({
		kind: fc.constant("surface" as const),
		x: fc.nat(180),
		y: fc.nat(50),
		width: fc.integer({ min: 1, max: 90 }),
		height: fc.integer({ min: 1, max: 30 }),
		level: fc.constantFrom(0, 1, overlayLevel),
		lines: fc.array(line, { maxLength: 30 }),
	}),
	fc.record({ kind: fc.constant("remove" as const) }),
	// What the same drawer draws next: rows that moved, rows of before, the very same array.
	fc.record({
		kind: fc.constant("redraw" as const),
		by: fc.integer({ min: -3, max: 3 }),
		lines: fc.array(line, { maxLength: 2 }),
	}),
	fc.record({ kind: fc.constant("same" as const) }),
	fc.record({ kind: fc.constant("stale" as const) }),
);

afterEach(() => setAmbiguousWide(false));

test.each([
	["random frames", "narrow", Number.POSITIVE_INFINITY, 300],
	["random frames where ambiguous letters are wide", "wide", Number.POSITIVE_INFINITY, 100],
	["random frames that go out in parts", "narrow", 100, 150],
] as const)(
	"what the terminal shows is what was asked for, cell by cell, over %s",
	async (_, letters, mostAtOnce, numRuns) => {
		await fc.assert(
			fc.asyncProperty(
				size,
				fc.constantFrom(...colourDepths),
				fc.array(line, { minLength: 5, maxLength: 60 }),
				fc.array(step, { maxLength: 12 }),
				async (at, depth, start, steps) => {
					const terminal = new TestTerminal(at, letters === "wide");
					const painter = new Painter({ output: terminal.stdout, depth, rate: { took: () => undefined, mostAtOnce } });
					painter.setLetters(letters);
					painter.start();
					let lines = start;
					let drawn: readonly string[] = [];
					let isStale = false;
					painter.write(lines.join("\n"));
					painter.flush();
					await expectShown(terminal, painter, depth, letters);
					for (const change of steps) {
						if (change.kind === "lines")
							lines = lines.toSpliced(change.at % lines.length, change.lines.length, ...change.lines);
						else if (change.kind === "scroll") lines = scrolled(lines, change.from, change.to, change.by);
						else if (change.kind === "remove") painter.removeSurface("s");
						else if (change.kind === "redraw")
							drawn = [...change.lines, ...scrolled([...drawn], 0, drawn.length, change.by)];
						else if (change.kind === "stale") {
							isStale = !isStale;
							painter.setStale(isStale);
						} else if (change.kind === "surface") {
							drawn = change.lines;
							painter.setSurface("s", change, () => drawn);
						}
						if (lines.length === 0) lines = [""];
						painter.write(lines.join("\n"));
						painter.flush();
						// What is left of a frame meets the next one.
						if (mostAtOnce === Number.POSITIVE_INFINITY) await expectShown(terminal, painter, depth, letters);
					}
					await expectShown(terminal, painter, depth, letters);
					painter.stop();
				},
			),
			{ numRuns },
		);
	},
	120_000,
);

test("a row is exactly as wide as asked, whatever is in it", () => {
	fc.assert(
		fc.property(fc.oneof(line, fc.string({ unit: "binary" })), fc.integer({ min: 1, max: 120 }), (text, columns) => {
			const row = readRow(text, columns);
			expect(row.length).toBe(columns);
			for (const [index, cell] of row.entries()) if (cell.width === 2) expect(row[index + 1]?.width).toBe(0);
			expect(row.map((cell) => cell.text).join("")).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
		}),
	);
});

test("a frame costs little: a cell, a scroll, ten bars", async () => {
	const terminal = new TestTerminal({ columns: 200, rows: 50 });
	const painter = new Painter({ output: terminal.stdout, depth: "truecolor" });
	painter.start();
	const table = Array.from(
		{ length: 80 },
		(_, index) =>
			`\u001b[36m10.0.3.${index}\u001b[0m  web-${index}.example  Debian ${index % 13}  ${"x".repeat(index)}`,
	);
	const paint = (lines: string[]) => {
		painter.write(["head", ...lines.slice(0, 46), "foot"].join("\n"));
		terminal.stdout.written = [];
		painter.flush();
		return terminal.stdout.written.join("").length;
	};
	paint(table);
	expect(paint(table.with(7, (table[7] ?? "").replace("Debian 7", "Debian 8")))).toBeLessThan(60);
	paint(table);
	expect(paint(table.slice(1))).toBeLessThan(600);
	const bars = (full: number) =>
		table.map((text, index) => (index < 10 ? `\u001b[32m${"█".repeat(full + index)}\u001b[0m` : text));
	paint(bars(20));
	expect(paint(bars(21))).toBeLessThan(300);
	expect(paint(bars(21))).toBe(0);
	painter.stop();
});

test("frames wait while the terminal has not taken the last one, and the newest is shown at the end", async () => {
	const terminal = new TestTerminal({ columns: 40, rows: 5 });
	const painter = new Painter({ output: terminal.stdout, depth: "none" });
	painter.start();
	await terminal.settled();
	terminal.stdout.writableLength = 1;
	for (let frame = 0; frame < 20; frame++) {
		painter.write(`frame ${frame}`);
		painter.flush();
	}
	terminal.stdout.writableLength = 0;
	painter.write("frame 20");
	painter.flush();
	await terminal.waitFor(/frame 20/);
	expect(painter.figures.dropped).toBeGreaterThan(10);
	painter.stop();
	await terminal.settled();
	expect(terminal.isRestored).toBe(true);
});

test("a frame that had to wait for something told to the terminal is painted once that is taken", async () => {
	const terminal = new TestTerminal({ columns: 40, rows: 5 });
	const painter = new Painter({ output: terminal.stdout, depth: "none" });
	painter.start();
	await terminal.settled();
	painter.setMouse(true);
	terminal.stdout.writableLength = 1;
	painter.write("of a key");
	await Promise.resolve();
	expect(terminal.stdout.written.join("")).not.toContain("of a key");
	terminal.stdout.writableLength = 0;
	await terminal.waitFor(/of a key/);
	painter.stop();
});

test("the screen is given back behind what the terminal had still to take, and nothing is painted in between", async () => {
	const written: string[] = [];
	const taken: (() => void)[] = [];
	const output = {
		...{ columns: 20, rows: 5, writableLength: 0, on: () => undefined, off: () => undefined },
		write(text: string, done?: () => void) {
			written.push(text);
			if (done) taken.push(done);
			return true;
		},
	};
	const painter = new Painter({ output, depth: "none" });
	painter.start();
	painter.write("a frame");
	painter.flush();
	output.writableLength = 1;
	let isTaken = false;
	const rested = painter.rest().then(() => expect(isTaken).toBe(true));
	painter.write("another");
	painter.flush();
	await Promise.resolve();
	output.writableLength = 0;
	isTaken = true;
	for (const done of taken.splice(0)) done();
	await rested;
	painter.stop();
	expect(written.join("")).not.toContain("another");
	expect(written.at(-1)).toContain("\u001b[?1049l");
	painter.start();
	painter.write("again");
	painter.flush();
	expect(written.join("")).toContain("again");
	painter.stop();
});

test("what is left of a frame waits for a key, and what the key changed does not wait for it", async () => {
	const terminal = new TestTerminal({ columns: 80, rows: 20 });
	const painter = new Painter({
		output: terminal.stdout,
		depth: "none",
		rate: { took: () => undefined, mostAtOnce: 300 },
	});
	painter.start();
	const rows = Array.from({ length: 20 }, () => "old ".repeat(20));
	painter.setSurface("list", { x: 0, y: 0, width: 80, height: 20, level: 0 }, () => [...rows]);
	painter.flush();
	await allWritten(terminal);
	terminal.stdout.written = [];
	rows.fill("new ".repeat(20));
	painter.flush();
	rows[17] = "cursor".padEnd(80);
	painter.act(() => undefined);
	const [part = "", ofKey = ""] = terminal.stdout.written;
	expect(part.length).toBeLessThan(500);
	expect(ofKey.indexOf("cursor")).toBeLessThan(30);
	await allWritten(terminal);
	expect(terminal.lines()).toEqual(rows);
	painter.stop();
});

test("over a slow line colours are those that take fewest bytes, and all of them again when it is fast", async () => {
	const terminal = new TestTerminal({ columns: 40, rows: 5 });
	const painter = new Painter({ output: terminal.stdout, depth: "truecolor", background: "light" });
	painter.start();
	const written = (act: () => void) => {
		terminal.stdout.written = [];
		act();
		return terminal.stdout.written.join("");
	};
	painter.write("\u001b[38;2;10;200;30mgreen\u001b[0m");
	const full = written(() => painter.flush());
	expect(full).toMatch(/38;2;/);
	const thrifty = written(() => painter.setThrifty(true));
	expect(thrifty).toContain("green");
	expect(thrifty).not.toMatch(/38;[25];/);
	expect(painter.background, "what the terminal is has not changed").toBe("light");
	expect(written(() => painter.setThrifty(true))).toBe("");
	expect(written(() => painter.setThrifty(false))).toMatch(/38;2;/);
	painter.stop();
	await terminal.settled();
});

test("over a slow line a dialog costs what it covers", () => {
	const terminal = new TestTerminal({ columns: 100, rows: 40 });
	const painter = new Painter({ output: terminal.stdout, depth: "16" });
	painter.start();
	const text = (width: number, height: number) => Array.from({ length: height }, () => "x".repeat(width));
	painter.setSurface("list", { x: 0, y: 0, width: 100, height: 40, level: 0 }, text);
	const bytesOfDialog = () => {
		painter.flush();
		terminal.stdout.written = [];
		painter.setSurface("dialog", { x: 40, y: 10, width: 20, height: 5, level: overlayLevel }, (width, height) =>
			Array.from({ length: height }, () => "?".repeat(width)),
		);
		painter.flush();
		const bytes = terminal.stdout.written.join("").length;
		painter.removeSurface("dialog");
		return bytes;
	};
	const whole = bytesOfDialog();
	painter.setThrifty(true);
	expect(whole).toBeGreaterThan(3_000);
	expect(bytesOfDialog()).toBeLessThan(300);
	painter.stop();
});

test("a change of size to another and back, seen by nobody, paints all of it again", async () => {
	const terminal = new TestTerminal({ columns: 20, rows: 5 });
	const painter = new Painter({ output: terminal.stdout, depth: "16" });
	painter.start();
	painter.setSurface("list", { x: 0, y: 0, width: 20, height: 5, level: 0 }, (width, height) =>
		Array.from({ length: height }, (_, row) => String(row).repeat(width)),
	);
	painter.flush();
	await terminal.settled();
	const before = terminal.text();
	terminal.stdout.write("\u001b[2J");
	painter.sizeSignalled();
	painter.flush();
	await terminal.settled();
	expect(terminal.text()).toBe(before);
	painter.stop();
});

test("a resize paints all of the new size", async () => {
	const terminal = new TestTerminal({ columns: 40, rows: 5 });
	const painter = new Painter({ output: terminal.stdout, depth: "none" });
	painter.start();
	painter.on("resize", () => painter.write(`${painter.columns}×${painter.rows}`));
	painter.write("before");
	painter.flush();
	terminal.resize({ columns: 60, rows: 9 });
	await terminal.waitFor(/60×9/);
	expect(terminal.text()).not.toContain("before");
	painter.stop();
});

/** A part that is taken has the next one written. */
async function allWritten(terminal: TestTerminal): Promise<void> {
	for (let before = -1; before !== terminal.stdout.written.length; ) {
		before = terminal.stdout.written.length;
		await terminal.settled();
	}
}

function scrolled(lines: string[], from: number, to: number, by: number): string[] {
	const start = Math.min(from, lines.length);
	const block = lines.slice(start, to);
	const moved = by >= 0 ? [...block.slice(by), ...block.slice(0, by)] : [...block.slice(by), ...block.slice(0, by)];
	return [...lines.slice(0, start), ...moved, ...lines.slice(start + block.length)];
}

async function expectShown(
	terminal: TestTerminal,
	painter: Painter,
	depth: ColourDepth,
	letters: LetterWidth,
): Promise<void> {
	await allWritten(terminal);
	const wrong: string[] = [];
	for (const [y, row] of painter.screen().entries()) {
		for (const [x, cell] of row.entries()) {
			const shown = terminal.cell(x, y);
			const text = shown.text === "" ? " " : shown.text;
			const wanted = cell.width === 0 ? " " : letters === "narrow" ? cell.text : asciiTwin(cell.text);
			// On a ground of its own, text is inverse or black where there are few colours.
			const isLowered = cell.style.background !== undefined && (depth === "16" || depth === "none");
			const ink = lowerColour(cell.style.foreground, depth);
			const isBlank = cell.text === " " && cell.style.attributes === 0;
			if (cell.sure && cell.width !== 0 && !isLowered) {
				// A blank has no ink.
				if (!isBlank) expectColour(shown.foreground, ink, `${x},${y}`);
				expectColour(shown.background, lowerColour(cell.style.background, depth), `${x},${y}`);
				if (shown.lines !== linesOf(cell)) wrong.push(`${x},${y}: ${shown.lines} not ${linesOf(cell)}`);
			}
			if (text !== wanted) wrong.push(`${x},${y}: ${JSON.stringify(text)} not ${JSON.stringify(wanted)}`);
		}
	}
	expect(wrong.slice(0, 5)).toEqual([]);
}

function linesOf({ style: { attributes } }: Cell): string {
	const has = (bit: number) => (attributes & bit) !== 0;
	return `${has(attribute.underline) ? "under" : ""}${has(attribute.strike) ? "through" : ""}${has(attribute.inverse) ? "inverse" : ""}`;
}

function expectColour(shown: number, wanted: Colour, where: string): void {
	const code = wanted === undefined ? -1 : "rgb" in wanted ? wanted.rgb : wanted.index;
	if (shown !== code) throw new Error(`colour at ${where}: ${shown} not ${code}`);
}
