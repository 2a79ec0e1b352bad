import { expect, test } from "vitest";
import * as profiles from "../../protocol/methods/profiles.ts";
import { openTestConsole } from "../../test/support/console.ts";
import { createFakeClient } from "../connect/fake-client.test-support.ts";
import { holdAnswers } from "../connect/held-answers.test-support.ts";

/** A daemon that answers which profiles there are only once it is let. */
function slowClient() {
	const client = createFakeClient();
	const line = holdAnswers(client, profiles.list);
	line.hold();
	return {
		client,
		answer() {
			line.letGo();
			line.hold();
		},
	};
}

test("a dialog whose answer comes after another was opened stays away, and the keys are those of the one in sight", async () => {
	const { client, answer } = slowClient();
	const desk = openTestConsole({ client, screen: { to: "findings" } });
	await desk.terminal.waitFor(/1\/731/);
	await desk.press("N", "n", "2");
	await desk.terminal.waitFor(/New scan/);
	answer();
	await desk.press("7");
	// What was typed took the place of the address it proposed.
	const text = await desk.terminal.waitFor(/Targets +27 /);
	expect(text).not.toContain("New map");
	await desk.press("enter");
	await desk.terminal.waitFor(/Live results/);
	expect(client.calls.map(({ name }) => name)).not.toContain("maps.start");
	await desk.close();
});

test("asked for twice, it opens once; waited for, it opens", async () => {
	const { client, answer } = slowClient();
	const desk = openTestConsole({ client, screen: { to: "findings" } });
	await desk.terminal.waitFor(/1\/731/);
	await desk.press("N", "N");
	answer();
	await desk.terminal.waitFor(/New map/);
	await desk.press("esc");
	await desk.terminal.waitFor((text) => !text.includes("New map"));
	await desk.press("N", "j");
	answer();
	await desk.press("k");
	await desk.terminal.waitFor((text) => /1\/731/.test(text) && !text.includes("New map"));
	// A key that means nothing here is not going on.
	await desk.press("N", "~");
	answer();
	await desk.terminal.waitFor(/New map/);
	await desk.close();
});

test("the mouse is going on too", async () => {
	const { client, answer } = slowClient();
	const desk = openTestConsole({ client, screen: { to: "findings" } });
	await desk.terminal.waitFor(/1\/731/);
	await desk.press("N", "\u001b[<65;10;10M");
	await desk.terminal.waitFor(/4\/731/);
	answer();
	// Means nothing here, but by the time it is shown the answer has come.
	await desk.press("~");
	await desk.press("j");
	const text = await desk.terminal.waitFor(/5\/731/);
	expect(text).not.toContain("New map");
	await desk.close();
});
