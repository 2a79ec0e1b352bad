import { expect, test } from "vitest";
import { AppError } from "../../../protocol/errors.ts";
import * as findings from "../../../protocol/methods/findings.ts";
import { openTestConsole } from "../../../test/support/console.ts";

test("enter on a filter that cannot be read stays in it, so that letters are letters; escape leaves it as before", async () => {
	const desk = openTestConsole({ screen: { to: "findings" } });
	await desk.terminal.waitFor(/1\/731/);
	// Taken before the daemon has answered: it is being typed again once it has, and no screen's keys are told.
	const isTyping = (text: string) => text.includes("There is no field “nonsense”") && !text.includes("? help");
	await desk.press("/", "nonsense:1", "enter");
	await desk.terminal.waitFor(isTyping);
	await desk.press("enter", "w");
	await desk.terminal.waitFor(/nonsense:1w/);
	await desk.press("esc");
	await desk.terminal.waitFor((text) => !text.includes("nonsense") && /1\/731/.test(text));
	await desk.press("j");
	await desk.terminal.waitFor(/2\/731/);
	await desk.close();
});

test("a message is read also where a filter stands that cannot be read, which is shown again after it", async () => {
	let clock = Date.parse("2026-03-01T12:00:00Z");
	const desk = openTestConsole({ screen: { to: "findings", filter: "nonsense:1" }, now: () => clock });
	await desk.terminal.waitFor(/✗ There is no field “nonsense”/);
	await desk.press("ctrl-c");
	await desk.terminal.waitFor(/Press ctrl-c again to leave/);
	clock += 60_000;
	await desk.press("j");
	await desk.terminal.waitFor((text) => !text.includes("Press ctrl-c again"));
	await desk.terminal.waitFor(/\/ nonsense:1/);
	await desk.close();
});

test("escape leads from what is set apart, of which there is nothing, back to what is open", async () => {
	const desk = openTestConsole({ screen: { to: "findings" } });
	await desk.terminal.waitFor(/1\/731/);
	desk.client.answer(findings.list, () => ({ items: [], total: 0, next: null }));
	await desk.press("o");
	await desk.terminal.waitFor(/Nothing matches \(excepted:true/);
	await desk.terminal.waitFor(/Esc clears the filter/);
	await desk.press("esc");
	await desk.terminal.waitFor(/Nothing is open\./);
	await desk.close();
});

test("what a list was opened with is not said to be cleared by escape", async () => {
	const desk = openTestConsole({ screen: { to: "findings", filter: "nothing" } });
	const text = await desk.terminal.waitFor(/Nothing matches nothing/);
	expect(text).not.toMatch(/Esc clears/);
	await desk.close();
});

test.each([60, 80, 120])("at %i columns what is wrong with a filter and what to do is read whole", async (columns) => {
	const desk = openTestConsole({ size: { columns, rows: 24 }, screen: { to: "findings" } });
	await desk.terminal.waitFor(/1\/731/);
	desk.client.answer(findings.list, () => {
		throw new AppError("invalid", "Two conditions stand side by side (position 13).", {
			hint: "Put and, or, or and not between them.",
			details: { at: 12 },
		});
	});
	await desk.press("/", "severity:5  port:443");
	const whole = /Two conditions stand side by side \(position 13\)\. Put and, or, or and not between them\./;
	await desk.terminal.waitFor((text) => whole.test(text.replaceAll(/[│\s]+/g, " ")));
	await desk.terminal.waitFor(/\/ severity:5 {2}port:443/);
	await desk.close();
});
