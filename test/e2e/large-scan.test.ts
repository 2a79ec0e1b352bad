/** A range typed by accident, at a terminal: the size and the time are said, and nothing is sent without a yes. */
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { openPty } from "../support/pty.ts";
import { Household } from "../support/vedette.ts";
import "../support/patience.ts";

const program = fileURLToPath(new URL("../../dist/vedette.js", import.meta.url));
const hasPty = await import("node-pty").then(
	() => true,
	() => false,
);
const household = new Household();
afterAll(() => household.end());

test.skipIf(!hasPty).each([
	["no", "n\r"],
	["Enter", "\r"],
	["Ctrl-C", "\u0003"],
	["the end of input", "\u0004"],
])("a /8 and %s (needs node-pty)", async (_, keys) => {
	const command = [process.execPath, program, "scan", "10.0.0.0/8"];
	const screen = await openPty(command, { columns: 100, rows: 24, env: household.env });
	if (screen === null) throw new Error("node-pty went away");
	try {
		const lines = await screen.until((all) => all.some((line) => line.includes("[y/N]")), "the question");
		expect(lines.join(" ")).toContain("16,777,216 addresses");
		screen.type(keys);
		await screen.until((all) => all.join(" ").includes("Nothing was sent."), "what became of it");
		expect(await screen.ended).toBe(1);
	} finally {
		screen.kill();
	}
	expect(await household.json("scans")).toEqual({ items: [], total: 0 });
});
