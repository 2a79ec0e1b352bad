import { stripVTControlCharacters } from "node:util";
import xterm from "@xterm/headless";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hostileStrings } from "../../text/hostile-strings.test-support.ts";
import { widthOf } from "../../text/width.ts";
import { createTerminalRows } from "./terminal-rows.ts";

function drawn(text: string, columns = 40, rows = 6): Promise<string[]> {
	const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, logLevel: "off" });
	const out = createTerminalRows(terminal);
	return new Promise((resolve) => terminal.write(text, () => resolve(out.draw())));
}
const plain = (rows: readonly string[]) => rows.map((row) => stripVTControlCharacters(row).trimEnd());

test("text, looks and wide characters stand where the terminal has them", async () => {
	const rows = await drawn("one \u001b[1;31mred\u001b[0m\r\n\u001b[48;2;1;2;3m漢字\u001b[m end");
	expect(plain(rows).slice(0, 2)).toEqual(["one red", "漢字 end"]);
	expect(rows[0]).toContain("\u001b[0;1;38;5;1mred");
	expect(rows[1]).toContain(";48;2;1;2;3m漢字");
});

test("nothing of what a host prints steers the terminal outside: no sequence but looks, no row too wide", async () => {
	const allowed = /^(?:\u001b\[[\d;]*m|[^\u0000-\u001f\u007f-\u009f])*$/u;
	const check = async (text: string) => {
		for (const row of await drawn(text)) {
			expect(row).toMatch(allowed);
			expect(widthOf(stripVTControlCharacters(row))).toBeLessThanOrEqual(40);
		}
	};
	for (const [, text] of hostileStrings) await check(text);
	await fc.assert(
		fc.asyncProperty(fc.string({ unit: "binary", maxLength: 400 }), (text) => check(text)),
		{ numRuns: 200 },
	);
});

test("a host that names ever new colours gets the sixteen in the end", async () => {
	const colours = Array.from({ length: 2_000 }, (_, i) => `\u001b[38;2;${i >> 8};${i & 255};9mx`).join("");
	const rows = await drawn(colours, 100, 24);
	const looks = new Set(rows.join("").match(/\u001b\[[\d;]*m/g));
	expect(looks.size).toBeLessThan(1_600);
});
