import fc from "fast-check";
import { expect, test } from "vitest";
import { fitted, truncate, wrap } from "./fit.ts";
import { harmless, harmlessLines } from "./harmless.ts";
import { hostileStrings } from "./hostile-strings.test-support.ts";
import { widthOf } from "./width.ts";

const anything = fc.oneof(
	fc.string({ unit: "binary" }),
	fc.string({ unit: "grapheme" }),
	fc.constantFrom(...hostileStrings.map(([, text]) => text)),
);
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

test("there are at least sixty hostile strings, each with its own name", () => {
	expect(new Set(hostileStrings.map(([what]) => what)).size).toBeGreaterThanOrEqual(60);
});

test.each(hostileStrings)("%s is made harmless", (_, text) => {
	expect(harmless(text)).not.toMatch(unsafe);
});

test("no text keeps a control, a direction or a hidden character", () => {
	fc.assert(
		fc.property(anything, (text) => {
			expect(harmless(text)).not.toMatch(unsafe);
			for (const line of harmlessLines(text)) expect(line).not.toMatch(unsafe);
		}),
		{ numRuns: 2_000 },
	);
});

test("what is known to be plain is what a closer look would leave as it is", () => {
	const unit = fc.integer({ min: 0x20, max: 0xffff }).map((code) => String.fromCharCode(code));
	const joining = fc.constantFrom("e", "\u0301", "ᄀ", "ᅡ", "ᆨ", "가", "K", "\u037e", "─", "◆", "é", "漢");
	fc.assert(
		fc.property(fc.array(fc.oneof(unit, joining), { maxLength: 12 }), (parts) => {
			const text = parts.join("");
			// A line end takes the longer way, and stands for itself.
			expect(harmless(text)).toBe(harmless(`${text}\n`).slice(0, -2));
		}),
		{ numRuns: 3_000 },
	);
});

test("what is taken out is shown", () => {
	expect(harmless("a\u001b[31mb\r\nc\u202ed\u0000")).toBe("a\\e[31mb\\r\\nc\\u{202e}d\\0");
	expect(harmless("Grüße, 漢字")).toBe("Grüße, 漢字");
});

test("text fits exactly, cut or padded", () => {
	fc.assert(
		fc.property(anything, fc.integer({ min: 0, max: 90 }), (text, width) => {
			expect(widthOf(fitted(text, width))).toBe(width);
			expect(widthOf(fitted(text, width, "right"))).toBe(width);
			expect(widthOf(truncate(text, width))).toBeLessThanOrEqual(width);
		}),
	);
});

test("wrapped lines are never too wide, and no word is lost", () => {
	fc.assert(
		fc.property(anything, fc.integer({ min: 2, max: 90 }), (text, width) => {
			for (const line of wrap(text, width)) expect(widthOf(line)).toBeLessThanOrEqual(width);
		}),
	);
	expect(wrap("one two three four", 9)).toEqual(["one two", "three", "four"]);
	expect(wrap("  indented text here", 12)).toEqual(["  indented", "  text here"]);
});
