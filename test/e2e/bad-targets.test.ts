/** Targets and ports that cannot be meant: a sentence, the next step, the exit code, and nothing is started. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { Household } from "../support/vedette.ts";
import "../support/patience.ts";

const household = new Household();
beforeAll(async () => {
	await household.run(["daemon", "start"]);
});
afterAll(() => household.end());

const wrongUsage = 2;
const refused = 4;

test.each([
	[["nowhere.invalid"], wrongUsage, 'The host name "nowhere.invalid" does not resolve', "Check the spelling"],
	[["300.1.2.3"], wrongUsage, '"300.1.2.3" is not an IPv4 address', "Write an address"],
	[["127.0.0.0/33"], wrongUsage, "wrong prefix length: it must be 0 to 32", "Write an address"],
	[["127.0.0.9-127.0.0.1"], wrongUsage, "runs backwards", "Did you mean 127.0.0.1-127.0.0.9?"],
	[["127.0.0.1-300"], wrongUsage, "the end is not an address", "Write an address"],
	[["http://127.0.0.1/"], wrongUsage, "is a URL, not a host", "Write an address"],
	[[""], wrongUsage, "A target is empty.", "Write an address"],
	[[`${"a".repeat(300)}`], wrongUsage, "is too long", ""],
	[["224.0.0.1"], wrongUsage, "special address", "Name the hosts"],
	[["10.0.0.0/8"], wrongUsage, "16,777,216 addresses", "add --yes"],
	[["0.0.0.0/0"], wrongUsage, "too many for one scan", "Scan it in parts"],
	[["127.0.0.1", "--ports", "http"], wrongUsage, '"http" is not a port', "Write light"],
	[["127.0.0.1", "--ports", "70000"], wrongUsage, "outside the ports 1 to 65535", "Write light"],
	[["127.0.0.1", "--ports", "90-80"], wrongUsage, "did you mean 80-90?", "Write light"],
	[["127.0.0.1", "--ports", ""], wrongUsage, "The port list is empty.", "Write light"],
	[["127.0.0.1", "--profile", "Nope"], wrongUsage, 'no option profile "Nope"', "Initial"],
	[["127.0.0.1", "--exclude", "127.0.0.0/8"], refused, "Every target is excluded", "Take it out"],
])("scan %j ends with %i", async (words, code, sentence, next) => {
	const outcome = await household.run(["scan", ...words]);
	expect(outcome.stdout).toBe("");
	expect(outcome.stderr).toContain(sentence);
	expect(outcome.stderr).toContain(next);
	expect(outcome.stderr.split("\n").some((line) => line.startsWith("vedette: "))).toBe(true);
	expect(outcome.stderr, "no stack trace, no parser's words").not.toMatch(/\n\s+at |Too small|Invalid input/);
	expect(outcome.code).toBe(code);
});

test("a /8 says how many addresses and how long before it is refused", async () => {
	const { stderr } = await household.run(["scan", "10.0.0.0/8"]);
	expect(stderr).toMatch(/^vedette: This would ask 16,777,216 addresses × [\d,]+ ports, about \d+ (days|years) /);
	expect(stderr.trimEnd().split("\n")).toHaveLength(2);
});

test("not one scan came of all this", async () => {
	expect(await household.json("scans")).toEqual({ items: [], total: 0 });
});
