import fc from "fast-check";
import { expect, test } from "vitest";
import * as purges from "../protocol/methods/purges.ts";
import { openTestConsole, type TestConsole } from "../test/support/console.ts";
import { wordsAt } from "./pointer.ts";
import { readMouse } from "./terminal/mouse.ts";

/** Presses and lets go where a text stands on the screen. */
async function click(desk: TestConsole, text: string, row?: RegExp): Promise<void> {
	const lines = desk.terminal.lines();
	const y = lines.findIndex((line) => line.includes(text) && (row === undefined || row.test(line)));
	const x = lines[y]?.indexOf(text) ?? -1;
	expect(x, `${text} is on the screen:\n${lines.join("\n")}`).toBeGreaterThanOrEqual(0);
	desk.terminal.type(`\u001b[<0;${x + 1};${y + 1}M\u001b[<0;${x + 1};${y + 1}m`);
	await desk.terminal.settled();
}

test.each([
	["\u001b[<0;10;5M", { kind: "press", x: 9, y: 4 }],
	["\u001b[<64;1;1M", { kind: "wheel", x: 0, y: 0, by: -1 }],
	["\u001b[<65;200;50M", { kind: "wheel", x: 199, y: 49, by: 1 }],
	["\u001b[<0;10;5m", { kind: "release", x: 9, y: 4 }],
	["\u001b[<32;10;5M", { kind: "drag", x: 9, y: 4 }],
	["\u001b[<1;10;5m", undefined],
	["\u001b[<4;10;5M", undefined],
	["\u001b[<0;0;5M", undefined],
	["\u001b[M !!", undefined],
] as const)("%j is read as %j", (sequence, expected) => {
	expect(readMouse(sequence)).toEqual(expected);
});

test("no sequence is too odd to be read", () => {
	fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void readMouse(`\u001b[<${text}`)));
});

test("words are clicked as a whole, the longest first, and not inside of others", () => {
	const log: string[] = [];
	const targets = ["p pause", "pause", "SEV"].map((text) => ({ text, run: () => log.push(text) }));
	wordsAt("  p pause  SEVEN", 5, targets)?.run();
	expect(log).toEqual(["p pause"]);
	expect(wordsAt("  p pause  SEVEN", 12, targets)).toBeUndefined();
	expect(wordsAt("", 3, targets)).toBeUndefined();
});

test("tab, row, heading, hint and wheel; a second click opens", async () => {
	const open = openTestConsole({
		screen: { to: "dashboard" },
		size: { columns: 120, rows: 30 },
		likings: { first: { mouse: true }, keep: () => undefined },
	});
	await open.terminal.waitFor(/Top weaknesses/);
	expect(open.terminal.stdout.written.join("")).toContain("\u001b[?1000h\u001b[?1002h\u001b[?1006h");
	await click(open, "Assets");
	await open.terminal.waitFor(/1\/250/);
	const fourth = open.terminal.lines()[7] ?? "";
	const address = /\d+\.\d+\.\d+\.\d+/.exec(fourth)?.[0] ?? "";
	await click(open, address);
	await open.terminal.waitFor(/ 5\/250| 4\/250/);
	open.terminal.type("\u001b[<65;10;10M");
	await open.terminal.waitFor(/ [78]\/250/);
	await click(open, "ADDRESS");
	await open.terminal.waitFor(/ADDRESS▼/);
	await click(open, "ADDRESS");
	await open.terminal.waitFor(/ADDRESS▲/);
	const second = /\d+\.\d+\.\d+\.\d+/.exec(open.terminal.lines()[5] ?? "")?.[0] ?? "";
	await click(open, second, /^│/);
	await click(open, second, /^│/);
	await open.terminal.waitFor(/ Overview .* Ports /);
	await click(open, "Findings", / Overview /);
	await open.terminal.waitFor(/Enter open/);
	await click(open, "? help");
	await open.terminal.waitFor(/Esc closes/);
});

test("the answers of a question are clicked; beside them nothing happens", async () => {
	const open = openTestConsole({
		screen: { to: "purges" },
		likings: { first: { mouse: true }, keep: () => undefined },
	});
	await open.terminal.waitFor(/returned to t/);
	await open.press("u");
	await open.terminal.waitFor(/Undo purge 7\?/);
	await click(open, "come back as they were");
	await click(open, "Dashboard");
	await click(open, "Leave");
	await open.terminal.waitFor((text) => !text.includes("Undo purge 7?"));
	expect(open.client.calls.some(({ name }) => name === purges.undo.name)).toBe(false);
	await open.press("u");
	await open.terminal.waitFor(/Undo purge 7\?/);
	await click(open, "Undo", /Leave/);
	await open.terminal.waitFor((text) => !text.includes("Undo purge 7?"));
	expect(open.client.calls.some(({ name }) => name === purges.undo.name)).toBe(true);
});

test("fields of a form are clicked, and the words at its foot", async () => {
	const open = openTestConsole({
		screen: { to: "exclusions" },
		likings: { first: { mouse: true }, keep: () => undefined },
	});
	await open.terminal.waitFor(/1\/\d/);
	await open.press("a");
	await open.terminal.waitFor(/Enter excludes/);
	await click(open, "Until ");
	await open.press("3", "0", "d");
	await open.terminal.waitFor(/▸ Until +30d/);
	await click(open, "Tab next field");
	await open.terminal.waitFor(/▸ Targets/);
	await click(open, "Esc leaves");
	await open.terminal.waitFor((text) => !text.includes("Enter excludes"));
	await open.press("n");
	await open.terminal.waitFor(/Enter starts {3}Tab/);
	await click(open, "Without");
	await open.terminal.waitFor(/▸ Without/);
});

test("a form over a list is clicked where it stands, whatever frames stand beside it", async () => {
	const size = { columns: 160, rows: 45 };
	const open = openTestConsole({
		...{ size, screen: { to: "findings" } },
		likings: { first: { mouse: true }, keep: () => undefined },
	});
	await open.terminal.waitFor(/1\/\d/);
	await open.press("e");
	await open.terminal.waitFor(/▸ Covers/);
	await click(open, "Kind ", /│ {3}Kind/);
	await open.terminal.waitFor(/▸ Kind/);
});

test("what a click opens after an answer opens, though the button is let go before that", async () => {
	const open = openTestConsole({
		...{ size: { columns: 160, rows: 45 }, screen: { to: "tickets" } },
		likings: { first: { mouse: true }, keep: () => undefined },
	});
	await open.terminal.waitFor(/1\/12/);
	await click(open, "a assign");
	await open.terminal.waitFor(/Enter does it/);
});

test("M takes the mouse and gives it back, remembered; leaving gives back every mode", async () => {
	const kept: unknown[] = [];
	const desk = openTestConsole({
		screen: { to: "scans" },
		likings: { first: { toured: true }, keep: (change) => kept.push(change) },
	});
	await desk.terminal.waitFor(/dmz weekly/);
	expect(desk.terminal.stdout.written.join("")).not.toContain("\u001b[?1000h");
	await desk.press("M");
	await desk.terminal.waitFor(/Shift and drag selects text/);
	expect(desk.terminal.stdout.written.join("")).toContain("\u001b[?1000h\u001b[?1002h\u001b[?1006h");
	await desk.press("M");
	expect(kept).toEqual([{ mouse: true }, { mouse: false }]);
	await desk.close();
	const written = desk.terminal.stdout.written.join("");
	for (const mode of ["1000", "1006", "1004", "2004", "1049"])
		expect(written.lastIndexOf(`\u001b[?${mode}l`), mode).toBeGreaterThan(written.lastIndexOf(`\u001b[?${mode}h`));
	expect(written.lastIndexOf("\u001b[?1007r")).toBeGreaterThan(written.lastIndexOf("\u001b[?1007h"));
});
