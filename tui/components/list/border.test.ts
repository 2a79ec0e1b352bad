import fc from "fast-check";
import { expect, test } from "vitest";
import { openTestConsole } from "../../../test/support/console.ts";
import type { Liking } from "../../terminal/appearance.ts";
import { detailColumns, partOf, stepped } from "./border.ts";

const part = fc.double({ min: 0, max: 1, noNaN: true });
const width = fc.integer({ min: 90, max: 400 });

test("neither side gets less than it needs, and what was drawn is what is seen", () => {
	fc.assert(
		fc.property(part, width, (wished, all) => {
			const own = detailColumns(wished, all);
			if (own > 0) expect(own >= 24 && all - own >= 44).toBe(true);
			expect(detailColumns(partOf(own, all), all)).toBe(own);
			expect(detailColumns(stepped(wished, 1, all), all)).toBeGreaterThanOrEqual(own);
			expect(detailColumns(stepped(wished, -1, all), all)).toBeLessThanOrEqual(own);
		}),
	);
});

/** Where the details of a list begin. */
const borderIn = (text: string) => text.split("\n")[2]?.lastIndexOf("╮╭") ?? -1;
const framesIn = (text: string) => text.split("\n")[2]?.split("╭").length ?? 0;

test.each([
	[120, 40],
	[160, 45],
])("at %i×%i keys and the mouse move the border, on every screen and in the next run", async (columns, rows) => {
	let kept: Liking = { mouse: true };
	const likings = () => ({
		first: kept,
		keep(change: Liking) {
			kept = { ...kept, ...change };
		},
	});
	const size = { columns, rows };
	const desk = openTestConsole({ screen: { to: "assets" }, size, likings: likings() });
	const before = borderIn(await desk.terminal.waitFor(/1\/250/));
	await desk.press("(", "(");
	const wider = borderIn(await desk.terminal.waitFor((text) => borderIn(text) < before));
	// Pressed on the border, drawn ten columns to the right, and let go.
	const mouse = (button: number, x: number, end: string) => `\u001b[<${button};${x + 1};12${end}`;
	await desk.press(mouse(0, wider, "M"), mouse(32, wider + 5, "M"));
	expect(kept.details).toBeLessThan(0.5);
	await desk.press(mouse(32, wider + 10, "M"), mouse(0, wider + 10, "m"));
	const drawn = borderIn(await desk.terminal.waitFor((text) => borderIn(text) > wider + 7));
	await desk.press("4");
	await desk.terminal.waitFor((text) => text.includes("1/731") && borderIn(text) === drawn);
	await desk.close();
	const next = openTestConsole({ screen: { to: "tickets" }, size, likings: likings() });
	const frames = framesIn(await next.terminal.waitFor((text) => text.includes("1/12") && borderIn(text) !== -1));
	for (let step = 0; step < 12; step++) await next.press(")");
	await next.terminal.waitFor((text) => framesIn(text) === frames - 1);
	expect(kept.details).toBe(0);
	await next.press("(");
	await next.terminal.waitFor((text) => framesIn(text) === frames && borderIn(text) > columns - 30);
	await next.close();
});

test("a border that is let go beside the list is kept where it was let go", async () => {
	const kept: Liking[] = [];
	const likings = { first: { mouse: true, toured: true }, keep: (change: Liking) => kept.push(change) };
	const size = { columns: 120, rows: 40 };
	const desk = openTestConsole({ screen: { to: "assets" }, size, likings });
	const at = borderIn(await desk.terminal.waitFor(/1\/250/));
	await desk.press(`\u001b[<0;${at + 1};12M`, `\u001b[<32;${at + 6};12M`, `\u001b[<0;${at + 9};${size.rows}m`);
	await desk.terminal.waitFor((text) => borderIn(text) > at + 6);
	expect(kept).toHaveLength(1);
});

test("where there is no room for details that is said", async () => {
	const desk = openTestConsole({ screen: { to: "assets" }, size: { columns: 80, rows: 24 } });
	await desk.terminal.waitFor(/1\/250/);
	await desk.press("(");
	await desk.terminal.waitFor(/no room for details/);
	await desk.close();
});
