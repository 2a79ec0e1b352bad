import { expect, test } from "vitest";
import { TestTerminal } from "../../test/support/terminal.ts";
import { type ColourDepth, detectColourDepth, isColourful, lowerColour, luminance } from "./colour.ts";
import { Painter } from "./painter.ts";
import { internStyle, plainStyle, sgrBetween } from "./style.ts";

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

test("on light paper greys keep their contrast, and hues as much as leaves them told apart", () => {
	const contrast = (one: number, other: number) => {
		const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
		return (high + 0.05) / (low + 0.05);
	};
	for (const rgb of [0xffffff, 0xd5dbe5, 0x8b93a1, 0x6cb6ff, 0xff5c8a, 0xf0c945, 0x57c785, 0x263449]) {
		const lowered = lowerColour({ rgb }, "truecolor light");
		const light = lowered && "rgb" in lowered ? lowered.rgb : -1;
		const wanted = isColourful({ rgb }) ? Math.min(5.4, contrast(rgb, 0x11131a)) : contrast(rgb, 0x11131a);
		expect(contrast(light, 0xfdfdfa) / wanted, rgb.toString(16)).toBeGreaterThan(0.93);
		expect(contrast(light, 0xfdfdfa) / wanted, rgb.toString(16)).toBeLessThan(1.08);
	}
});

test.each(["none", "16"] as const)(
	"at depth %s what stands on a tint is shown inverse, without a colour of its own",
	(depth) => {
		const tinted = internStyle({ rgb: 0x8b93a1 }, { rgb: 0x263449 }, 0);
		expect(sgrBetween(plainStyle, tinted, depth)).toBe("\u001b[7m");
	},
);

test("among sixteen no text is white, black or grey on the grey of something else", () => {
	const brand = internStyle({ rgb: 0x0f1720 }, { rgb: 0x6cb6ff }, 0);
	expect(sgrBetween(plainStyle, brand, "16")).toMatch(/^\u001b\[30;(4[1-6]|10[1-6])m$/);
	for (const rgb of [0xffffff, 0xd5dbe5]) expect(lowerColour({ rgb }, "16")).toBeUndefined();
	const address = lowerColour({ rgb: 0x9fc9f3 }, "16");
	expect(address && "index" in address ? address.index : -1).toBeOneOf([9, 10, 11, 12, 13, 14, 1]);
});
