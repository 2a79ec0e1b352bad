import { expect, test } from "vitest";
import { insertText } from "../../state/text-field.ts";
import { emptyForm, reduceForm, requestOf } from "./model.ts";

const estimate = {
	addresses: 1,
	excluded: 0,
	ports: 1_000,
	probes: 1_000,
	seconds: 2,
	needsConfirmation: false,
	warnings: [],
};

test("targets are separated by blanks, commas or semicolons; what is left empty has a default", () => {
	const form = emptyForm("127.0.0.1, ::1;web-01  127.0.0.0/30", " ");
	expect(requestOf(form)).toEqual({
		targets: ["127.0.0.1", "::1", "web-01", "127.0.0.0/30"],
		profile: "Initial",
	});
	expect(requestOf(emptyForm("::1", " 22,80 "))?.ports).toBe("22,80");
	expect(requestOf(emptyForm("  ", "22"))).toBeUndefined();
});

test("an estimate for what was typed before is not taken", () => {
	let form = reduceForm(reduceForm(emptyForm("127.0.0.1", "22"), { kind: "asked" }), { kind: "asked" });
	form = reduceForm(form, { kind: "estimate", asked: 1, estimate });
	expect(form.estimate).toBeUndefined();
	expect(reduceForm(form, { kind: "estimate", asked: 2, estimate }).estimate).toBe(estimate);
});

test("a refusal stays until something is typed, and the form can be sent again", () => {
	const failure = { code: "invalid", message: "“x” is no target.", hint: undefined, at: undefined };
	let form = reduceForm(emptyForm("x", "22"), { kind: "starting" });
	form = reduceForm(form, { kind: "failed", asked: 0, failure });
	expect(form).toMatchObject({ failure, isStarting: false });
	form = reduceForm(form, { kind: "edit", field: insertText(form.fields.targets, "y") });
	expect(form.failure).toBeUndefined();
	expect(reduceForm(form, { kind: "step", by: -1 }).active).toBe("window");
});
