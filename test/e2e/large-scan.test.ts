/** A range typed by accident, at a terminal: the size and the time are said, and nothing is sent without a yes. */
import { afterAll, expect } from "vitest";
import { openPty } from "../support/pty.ts";
import { ptyTest } from "../support/pty-test.ts";
import { Household, program } from "../support/vedette.ts";
import "../support/patience.ts";

const household = new Household();
afterAll(() => household.end());

ptyTest.each([
	["no", "n\r"],
	["Enter", "\r"],
	["Ctrl-C", "\u0003"],
	["the end of input", "\u0004"],
])("a /8 and %s", async (_, keys) => {
	const command = [process.execPath, program, "scan", "10.0.0.0/8"];
	const screen = await openPty(command, { columns: 100, rows: 24, env: household.env });
	try {
		const lines = await screen.until((all) => all.some((line) => line.includes("[y/N]")), "the question");
		expect(lines.join(" ")).toContain("16,777,216 addresses");
		screen.type(keys);
		await screen.until((all) => all.join(" ").includes("Nothing was sent."), "what became of it");
		await screen.endsWith(1);
	} finally {
		screen.kill();
	}
	expect(await household.json("scans")).toEqual({ items: [], total: 0 });
});
