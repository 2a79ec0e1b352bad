import { expect, test } from "vitest";
import type { FormField } from "../view.ts";
import { type FormState, filledForm, reduceFilled } from "./model.ts";

const target = { name: "target", label: "Host", value: "192.0.2.7", hint: "" } satisfies FormField;
const typed = (field: FormField, text: string) =>
	reduceFilled(filledForm([field]), { kind: "insert", text }).texts[0]?.text;

test("what is typed follows a value, and takes the place of a proposed one", () => {
	expect(typed(target, "0")).toBe("192.0.2.70");
	expect(typed({ ...target, isProposed: true }, "h")).toBe("h");
});

const scope = {
	...{ name: "scope", label: "Covers", value: "this finding", hint: "" },
	choices: ["this finding", "this host", "everywhere"],
} satisfies FormField;
const pressed = (state: FormState, keys: string) =>
	[...keys].reduce((now, text) => reduceFilled(now, { kind: "insert", text }), state);

test("a sentence typed where something is to be chosen chooses nothing, and says so", () => {
	const typed = pressed(filledForm([scope, target]), "tried by hand, it is fine");
	expect(typed.texts[0]?.text).toBe("this finding");
	expect(typed.failure?.message).toMatch(/nothing to type/i);
	const next = reduceFilled(typed, { kind: "step", by: 1 });
	expect(next.failure).toBeUndefined();
});

test("a space by itself goes to the next choice, also after text once it was chosen by an arrow", () => {
	const form = filledForm([scope]);
	expect(pressed(form, "  ").texts[0]?.text).toBe("everywhere");
	const back = reduceFilled(pressed(form, "no"), { kind: "edit", action: "right" });
	expect(back.failure).toBeUndefined();
	expect(pressed(back, " ").texts[0]?.text).toBe("everywhere");
});
