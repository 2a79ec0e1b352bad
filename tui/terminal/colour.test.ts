import { expect, test } from "vitest";
import { TestTerminal } from "../../test/support/terminal.ts";
import { type ColourDepth, detectColourDepth } from "./colour.ts";
import { Painter } from "./painter.ts";

test.each([
	[{ NO_COLOR: "1", COLORTERM: "truecolor" }, "none"],
	[{ NO_COLOR: "", COLORTERM: "truecolor" }, "truecolor"],
	[{ TERM: "xterm-256color" }, "256"],
	[{ TERM: "xterm-256color", COLORTERM: "24bit" }, "truecolor"],
	[{ TERM: "xterm-direct" }, "truecolor"],
	[{ TERM: "linux" }, "16"],
	[{ TERM: "dumb" }, "none"],
	[{ FORCE_COLOR: "0", COLORTERM: "truecolor" }, "none"],
	[{ FORCE_COLOR: "3" }, "truecolor"],
] as const)("%o has depth %s", (env, depth) => {
	expect(detectColourDepth(env)).toBe(depth);
});

test.each([
	["truecolor", /\u001b\[1;38;2;255;92;138m/],
	["256", /\u001b\[1;38;5;\d+m/],
	["16", /\u001b\[1;\d\dm/],
	["none", /\u001b\[1mx/],
] as const satisfies readonly (readonly [ColourDepth, RegExp])[])(
	"at depth %s a colour is written as such",
	(depth, expected) => {
		const terminal = new TestTerminal({ columns: 20, rows: 3 });
		const painter = new Painter({ output: terminal.stdout, depth });
		painter.start();
		terminal.stdout.written = [];
		painter.write("\u001b[1;38;2;255;92;138mx\u001b[0m");
		painter.flush();
		expect(terminal.stdout.written.join("")).toMatch(expected);
		painter.stop();
	},
);
