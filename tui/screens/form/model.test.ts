import { expect, test } from "vitest";
import type { FormField } from "../view.ts";
import { filledForm, reduceFilled } from "./model.ts";

const target = { name: "target", label: "Host", value: "192.0.2.7", hint: "" } satisfies FormField;
const typed = (field: FormField, text: string) =>
	reduceFilled(filledForm([field]), { kind: "insert", text }).texts[0]?.text;

test("what is typed follows a value, and takes the place of a proposed one", () => {
	expect(typed(target, "0")).toBe("192.0.2.70");
	expect(typed({ ...target, isProposed: true }, "h")).toBe("h");
});
