import { describe, expect, test } from "vitest";
import { AppError } from "../../../protocol/errors.ts";
import * as groups from "../../../protocol/methods/groups.ts";
import * as purges from "../../../protocol/methods/purges.ts";
import { openTestConsole } from "../../../test/support/console.ts";
import { createFakeClient } from "../../connect/fake-client.test-support.ts";
import { holdAnswers } from "../../connect/held-answers.test-support.ts";
import { sampleNow } from "../../connect/sample-data.test-support.ts";
import type { Form } from "../view.ts";

const longForm: Form = {
	...{ title: "Long", verb: "saves", submit: () => Promise.resolve(undefined) },
	fields: [
		{
			name: "one",
			label: "One",
			value: "",
			hint: `${"as long as it must be to be understood, ".repeat(4)}and no more.`,
		},
	],
};

test.each(["n", "N"])(
	"what enter does is told by the same word in the dialog of %s and in the hint line",
	async (key) => {
		const desk = openTestConsole({ screen: { to: "findings" } });
		await desk.terminal.waitFor(/1\/731/);
		await desk.press(key);
		const text = await desk.terminal.waitFor((shown) => shown.split("Enter starts").length === 3);
		expect(text).not.toContain("go on");
		await desk.close();
	},
);

test("a form of one field tells of no next one", async () => {
	const desk = openTestConsole({ screen: { to: "form", form: longForm } });
	expect(await desk.terminal.waitFor(/Enter saves/)).not.toContain("next field");
	await desk.close();
});

test("what a field takes is read whole, on as many lines as it needs", async () => {
	const desk = openTestConsole({ screen: { to: "form", form: longForm } });
	await desk.terminal.waitFor(/more\./);
	expect(desk.terminal.text()).not.toContain("…");
	await desk.close();
});

test("fields that have no room beside an error are told of, and reached", async () => {
	const fields = Array.from({ length: 16 }, (_, n) => ({
		name: `f${n}`,
		label: `Field ${n}`,
		value: "",
		hint: "text",
	}));
	const submit = () => Promise.reject(new AppError("invalid", "It cannot be so.", { hint: "Write it otherwise." }));
	const desk = openTestConsole({ screen: { to: "form", form: { title: "Many", verb: "saves", fields, submit } } });
	await desk.terminal.waitFor(/Field 0/);
	await desk.press("enter");
	const text = await desk.terminal.waitFor(/✗ It cannot be so/);
	const told = Number(/▼ (\d+) more fields/.exec(text)?.[1]);
	expect(text).toContain(`Field ${15 - told}`);
	expect(text).not.toContain(`Field ${16 - told}`);
	await desk.press(...Array.from({ length: 15 }, () => "tab"));
	const end = await desk.terminal.waitFor(/▸ Field 15/);
	expect(end).toMatch(/▲ \d+ more fields?/);
	expect(end).not.toContain("▼");
	await desk.close();
});

test("who goes back from a question finds the form as it was, and yes closes both", async () => {
	let now = sampleNow;
	const desk = openTestConsole({ screen: { to: "purges" }, now: () => now });
	await desk.terminal.waitFor(/1\/7/);
	await desk.press("a");
	await desk.terminal.waitFor(/Purge assets from the inventory/);
	await desk.press("tab", ..."returned", "enter");
	await desk.terminal.waitFor(/Purge \d+ assets?\?/);
	await desk.press("esc");
	const form = await desk.terminal.waitFor(/Purge assets from the inventory/);
	expect(form).toMatch(/▸ Why +returned/);
	await desk.press("!", "enter");
	await desk.terminal.waitFor(/Purge \d+ assets?\?/);
	now += 1_000;
	await desk.press("y");
	await desk.terminal.waitFor((text) => !text.includes("from the inventory"));
	expect(desk.client.calls.findLast(({ name }) => name === purges.run.name)?.params).toMatchObject({
		reason: "returned!",
	});
	await desk.close();
});

test("what goes wrong after the form was left is told all the same", async () => {
	const client = createFakeClient();
	const line = holdAnswers(client, groups.create);
	line.hold();
	client.answer(groups.create, () => {
		throw new AppError("conflict", "There is a group Shop already.");
	});
	const desk = openTestConsole({ client, screen: { to: "groups" } });
	await desk.terminal.waitFor(/Web 2/);
	await desk.press("a");
	await desk.terminal.waitFor(/A new asset group/);
	await desk.press(..."Shop", "tab", ..."10.0.9.0/24", "enter");
	await desk.terminal.waitFor(/Asking the daemon/);
	await desk.press("esc");
	await desk.terminal.waitFor((text) => !text.includes("A new asset group"));
	line.letGo();
	await desk.terminal.waitFor(/✗ There is a group Shop already/);
	await desk.close();
});

describe("what is agreed to and fails", () => {
	/** A form that asks, and does what it asked only when the test lets it. */
	function openAsking() {
		const outcome = Promise.withResolvers<void>();
		const question = { title: "Sure?", effect: [], yes: "Do it", no: "Leave", run: () => outcome.promise };
		const form: Form = {
			...{ title: "Asking", verb: "asks", submit: async () => ({ to: "confirm", question }) },
			fields: [{ name: "why", label: "Why", value: "", hint: "a reason" }],
		};
		let now = sampleNow;
		const desk = openTestConsole({ screen: { to: "form", form }, now: () => now });
		const agree = async () => {
			await desk.terminal.waitFor(/Asking/);
			await desk.press(..."returned", "enter");
			await desk.terminal.waitFor(/Sure\?/);
			now += 1_000;
			await desk.press("y");
			await desk.terminal.waitFor((text) => text.includes("Asking the daemon") && !text.includes("Sure?"));
		};
		return { ...outcome, ...desk, agree };
	}
	const refusal = new AppError("conflict", "Somebody was faster.", { hint: "Look again." });

	test("leaves the form with what was typed, and says why in it", async () => {
		const { terminal, agree, reject, press } = openAsking();
		await agree();
		reject(refusal);
		const text = await terminal.waitFor(/✗ Somebody was faster\.[\s\S]*Look again\./);
		expect(text).toMatch(/▸ Why +returned/);
		await press("!");
		await terminal.waitFor(/▸ Why +returned!/);
	});

	test("is said as a message where the form was left meanwhile", async () => {
		const client = createFakeClient();
		const line = holdAnswers(client, purges.run);
		client.answer(purges.run, () => {
			throw refusal;
		});
		let now = sampleNow;
		const desk = openTestConsole({ client, screen: { to: "purges" }, now: () => now });
		await desk.terminal.waitFor(/1\/7/);
		await desk.press("a");
		await desk.terminal.waitFor(/Purge assets from the inventory/);
		await desk.press("tab", ..."returned", "enter");
		await desk.terminal.waitFor(/Purge \d+ assets?\?/);
		now += 1_000;
		line.hold();
		await desk.press("y");
		await desk.terminal.waitFor(/Asking the daemon/);
		await desk.press("esc");
		await desk.terminal.waitFor((text) => !text.includes("from the inventory"));
		line.letGo();
		await desk.terminal.waitFor(/Somebody was faster\./);
	});
});
