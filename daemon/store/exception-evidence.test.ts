import fc from "fast-check";
import { expect, test } from "vitest";
import { harmlessName } from "./exception-evidence.ts";

test.each([
	["report.pdf", "report.pdf"],
	["/etc/passwd", "passwd"],
	["C:\\Users\\a\\shot 1.png", "shot 1.png"],
	["..", "evidence"],
	["../../", "evidence"],
	[".bashrc", "bashrc"],
	["-rf", "rf"],
	["a\nb\u0007.txt", "ab.txt"],
	["$(reboot).txt", "_(reboot).txt"],
	["Prüfbericht März.docx", "Prüfbericht März.docx"],
])("%j is kept as %s", (name, kept) => {
	expect(harmlessName(name)).toBe(kept);
});

const plain = /^[\p{L}\p{M}\p{N} _+@=,()[\].-]{1,100}$/u;
const outermost = /^[.-]|\.$/;

test("any text yields a name without folders, controls or hidden characters", () => {
	fc.assert(
		fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
			const name = harmlessName(text);
			expect(name).toMatch(plain);
			expect(name).not.toMatch(outermost);
			expect(harmlessName(name)).toBe(name);
		}),
	);
});
