import fc from "fast-check";
import { expect, test } from "vitest";
import { backgroundOfEnv, backgroundOfReply } from "./background.ts";

test.each([
	["\u001b]11;rgb:ffff/ffff/ffff\u001b\\", "light"],
	["\u001b]11;rgb:fd/f6/e3\u0007", "light"],
	["\u001b]11;rgb:0000/2b2b/3636\u001b\\", "dark"],
	["\u001b]11;rgba:1111/1313/1a1a/ffff\u001b\\", "dark"],
	["\u001b]11;rgb:f/f/f\u001b\\", "light"],
	["\u001b]10;rgb:ffff/ffff/ffff\u001b\\", undefined],
	["\u001b[?62;22c", undefined],
	["\u001b]11;?\u001b\\", undefined],
])("%j is %s", (reply, expected) => {
	expect(backgroundOfReply(reply)).toBe(expected);
});

test("no answer is too odd to be read", () => {
	fc.assert(
		fc.property(fc.string({ unit: "binary" }), (text) => {
			expect([undefined, "light", "dark"]).toContain(backgroundOfReply(`\u001b]11;${text}`));
		}),
	);
});

test.each([
	[{ COLORFGBG: "0;15" }, "light"],
	[{ COLORFGBG: "15;default;0" }, "dark"],
	[{ COLORFGBG: "12;8" }, "dark"],
	[{}, undefined],
] as const)("%o is %s", (env, expected) => {
	expect(backgroundOfEnv(env)).toBe(expected);
});
