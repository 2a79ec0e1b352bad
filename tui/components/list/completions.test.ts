import { expect, test, vi } from "vitest";
import type { Completion } from "../../../protocol/model/query.ts";
import { patience } from "../../../test/support/eventually.ts";
import { textField } from "../../state/text-field.ts";
import { createCompletions } from "./completions.ts";

const found: Completion = {
	...{ from: 0, to: 2, problem: null },
	items: [
		{ text: "status", help: "" },
		{ text: "state", help: "" },
	],
};

test("suggestions are taken one after the other, at the place they were asked for", async () => {
	const changed = vi.fn();
	const completions = createCompletions(() => Promise.resolve(found), changed);
	const typed = { text: "st and name:x", cursor: 2 };
	completions.ask(typed);
	await vi.waitFor(() => expect(changed).toHaveBeenCalled(), patience);
	expect(completions.shown(typed)).toEqual(["status", "state"]);
	const first = completions.next(typed);
	expect(first).toEqual({ text: "status and name:x", cursor: 6 });
	const second = completions.next(first);
	expect(second).toEqual({ text: "state and name:x", cursor: 5 });
	expect(completions.shown(second)).toEqual(["state", "status"]);
	expect(completions.next(second)).toEqual(first);
});

test("what was typed since makes them old; a late answer is not taken", async () => {
	const answers: ((completion: Completion) => void)[] = [];
	const completions = createCompletions(() => new Promise((resolve) => answers.push(resolve)), vi.fn());
	completions.ask(textField("st"));
	const newer = textField("sta");
	completions.ask(newer);
	answers[1]?.({ ...found, to: 3, items: [{ text: "state", help: "" }] });
	answers[0]?.(found);
	await vi.waitFor(() => expect(completions.shown(newer)).toEqual(["state"]), patience);
	expect(completions.next(textField("x"))).toEqual(textField("x"));
	completions.clear();
	expect(completions.shown(newer)).toEqual([]);
});
