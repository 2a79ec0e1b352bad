import fc from "fast-check";
import { expect, test } from "vitest";
import { partsOf, splitRows, splitStepped, typedInPane } from "./model.ts";

const plain = { applicationCursorKeysMode: false, bracketedPasteMode: false };

const leaves = ["ctrl-]"];

test("ctrl-] leaves, however the terminal spells it; every other key goes through", () => {
	for (const key of ["\u001d", "\u001b[93;5u", "\u001b[27;5;93~"]) expect(typedInPane(key, plain, leaves)).toBeNull();
	for (const key of ["q", "\u0003", "\u001b", "\u001b[A", "\u001b[15~", "\t", "漢"])
		expect(typedInPane(key, plain, leaves)).toBe(key);
});

test("where another key leaves, ctrl-] is typed", () => {
	for (const key of ["\u0011", "\u001b[113;5u"]) expect(typedInPane(key, plain, ["ctrl-q"])).toBeNull();
	expect(typedInPane("\u001d", plain, ["ctrl-q"])).toBe("\u001d");
});

test("cursor keys are spelled as the program there has asked for", () => {
	expect(typedInPane("\u001b[A", { ...plain, applicationCursorKeysMode: true }, leaves)).toBe("\u001bOA");
	expect(typedInPane("\u001b[1;5A", { ...plain, applicationCursorKeysMode: true }, leaves)).toBe("\u001b[1;5A");
});

test("a paste is one for programs that know of them, typing for others, and never more than a paste", () => {
	const pasted = "\u001b[200~one\ntwo\u001b[201~";
	expect(typedInPane(pasted, plain, leaves)).toBe("one\rtwo");
	expect(typedInPane(pasted, { ...plain, bracketedPasteMode: true }, leaves)).toBe(pasted);
	fc.assert(
		fc.property(fc.string({ unit: "binary" }), (text) => {
			const sent = typedInPane(`\u001b[200~${text}\u001b[201~`, { ...plain, bracketedPasteMode: true }, leaves) ?? "";
			expect(sent.split("\u001b[201~").length).toBe(2);
		}),
	);
});

test("split, both halves and the line between them fill the pane", () => {
	for (let rows = 8; rows < 60; rows++) {
		for (const part of [0, 0.38, 1]) {
			const { beside, shell } = splitRows(rows, part);
			expect(beside + shell + 1).toBe(rows);
		}
	}
});

test("a key moves the line by a row, and no further than either half needs", () => {
	let part = 0.38;
	const before = splitRows(20, part).beside;
	part = splitStepped(part, 1, 20);
	expect(splitRows(20, part).beside).toBe(before + 1);
	for (let n = 0; n < 40; n++) part = splitStepped(part, 1, 20);
	expect(splitRows(20, part)).toEqual({ beside: 15, shell: 4 });
	for (let n = 0; n < 40; n++) part = splitStepped(part, -1, 20);
	expect(splitRows(20, part)).toEqual({ beside: 3, shell: 16 });
});

test("a large paste goes in parts, and no character is cut in two", () => {
	const text = `${"x".repeat(65_535)}😀${"y".repeat(70_000)}`;
	const parts = partsOf(text);
	expect(parts.join("")).toBe(text);
	expect(parts.length).toBe(3);
	for (const part of parts) {
		expect(part.length).toBeLessThanOrEqual(65_536);
		expect(part).toBe(part.toWellFormed());
	}
	expect(partsOf("")).toEqual([]);
});
