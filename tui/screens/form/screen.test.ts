import { expect, test } from "vitest";
import { openTestConsole } from "../../../test/support/console.ts";

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
