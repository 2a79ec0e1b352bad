import fc from "fast-check";
import { expect, test } from "vitest";
import { type EditingAction, editingKeys } from "../keys/editing-keys.ts";
import { widthOf } from "../text/width.ts";
import { editText, insertText, proposedText, textField, visibleText } from "./text-field.ts";

test("typing, moving and deleting do what they say", () => {
	let field = insertText(textField("os:debian"), " and port:22");
	field = editText(field, "word");
	expect(field.text).toBe("os:debian and ");
	field = editText(editText(field, "start"), "delete");
	expect(field).toEqual({ text: "s:debian and ", cursor: 0 });
	expect(editText({ text: "a漢b", cursor: 2 }, "backspace")).toEqual({ text: "ab", cursor: 1 });
	expect(insertText(textField(), "one\r\ntwo\u001b[31m").text).toBe("one two[31m");
});

test("the cursor stays in the text, and what is shown fits", () => {
	const actions = Object.keys(editingKeys) as EditingAction[];
	const step = fc.oneof(
		fc.constantFrom(...actions),
		fc.string({ unit: "grapheme" }).map((text) => ({ text })),
	);
	fc.assert(
		fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 3, max: 40 }), (steps, width) => {
			let field = textField();
			for (const one of steps) field = typeof one === "string" ? editText(field, one) : insertText(field, one.text);
			expect(field.cursor).toBeGreaterThanOrEqual(0);
			expect(field.cursor).toBeLessThanOrEqual(field.text.length);
			const shown = visibleText(field, width);
			expect(shown.column).toBeLessThan(width);
			expect(shown.column).toBeLessThanOrEqual(widthOf(shown.text));
		}),
	);
});

test("what is proposed gives way to what is typed first, and stays where it is edited", () => {
	expect(insertText(proposedText("127.0.0.1"), "10.0.0.7").text).toBe("10.0.0.7");
	expect(insertText(insertText(proposedText("127.0.0.1"), "1"), "0").text).toBe("10");
	expect(insertText(editText(proposedText("127.0.0.1"), "end"), "/30").text).toBe("127.0.0.1/30");
	expect(editText(proposedText("127.0.0.1"), "backspace").text).toBe("127.0.0.");
});
