/** Without a daemon, what only asks one says so, ends with 3, and makes nothing. */
import { readdirSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { Household } from "../support/vedette.ts";
import "../support/patience.ts";

const household = new Household();
afterAll(() => household.end());

test.each([
	"status",
	"scans",
	"assets",
	"findings --json",
	"why 1",
	"call daemon.status",
	"stop-all",
	"daemon stop",
	"signature list",
])("vedette %s", async (words) => {
	const outcome = await household.run(words.split(" "));
	expect(outcome).toEqual({
		code: 3,
		stdout: "",
		stderr: `vedette: No daemon is running on ${household.home}.\nStart one with: vedette daemon start   (or open the console with: vedette)\n`,
	});
	expect(readdirSync(household.home)).toEqual([]);
});

test("what that says works as typed", async () => {
	expect((await household.run(["daemon", "start"])).code).toBe(0);
	expect((await household.run(["daemon", "start"])).code, "a second time does nothing").toBe(0);
	expect((await household.run(["status"])).stdout).toContain(household.home);
});
