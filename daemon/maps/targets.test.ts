/** How map targets are read: every accepted form, and every slip with its reason. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { AppError } from "../../protocol/errors.ts";
import { parseDomain, parseMapTargets, parseNetblock } from "./targets.ts";

test.each<[string[], [string, string[] | null][]]>([
	[["none:[10.0.0.0/24]"], [["none", ["10.0.0.0/24"]]]],
	[["none:[10.0.0.1-10.0.0.254, 10.0.1.0/24]"], [["none", ["10.0.0.1-10.0.0.254", "10.0.1.0/24"]]]],
	[["none:[10.0.0.1-10.0.0.254,", "10.0.1.0/24]"], [["none", ["10.0.0.1-10.0.0.254", "10.0.1.0/24"]]]],
	[["NONE:[10.0.0.1 - 10.0.0.9]"], [["none", ["10.0.0.1-10.0.0.9"]]]],
	[["10.0.0.0/24", "10.0.1.7"], [["none", ["10.0.0.0/24", "10.0.1.7"]]]],
	[["10.0.0.1-20,10.0.0.30"], [["none", ["10.0.0.1-20", "10.0.0.30"]]]],
	[["2001:db8::/120"], [["none", ["2001:db8::/120"]]]],
	[["none:[2001:db8::1-2001:db8::9]"], [["none", ["2001:db8::1-2001:db8::9"]]]],
	[["Example.ORG."], [["example.org", null]]],
	[
		["example.org:[10.0.0.1]", "example.net"],
		[
			["example.org", ["10.0.0.1"]],
			["example.net", null],
		],
	],
	[["example.org", "example.org:[10.0.0.1]", "example.org:[10.0.0.2]"], [["example.org", ["10.0.0.1", "10.0.0.2"]]]],
	[["corp."], [["corp", null]]],
	[["corp:[10.0.0.1]"], [["corp", ["10.0.0.1"]]]],
	[["none"], [["none", null]]],
])("%j", (texts, expected) => {
	expect(parseMapTargets(texts).map(({ domain, netblock }) => [domain, netblock])).toEqual(expected);
});

test.each([
	["none:{10.0.0.0/24}", '"{" where a square bracket belongs', "none:[192.0.2.0/24]"],
	["none:(10.0.0.0/24)", '"(" where a square bracket belongs', "none:["],
	["none:[10.0.0.0/24", 'never closed with a "]"', "quote"],
	["none:10.0.0.0/24]", 'has a "]" without', "none:["],
	["none:10.0.0.0/24", "lacks the brackets", 'Write "none:[10.0.0.0/24]".'],
	["example.org:10.0.0.1-9", "lacks the brackets", 'Write "example.org:[10.0.0.1-9]".'],
	["none[10.0.0.0/24]", 'lacks the ":"', 'Write "none:[10.0.0.0/24]".'],
	["[10.0.0.0/24]", "no domain in front", 'Write "none:[10.0.0.0/24]".'],
	["none:[]", "empty netblock", "none:["],
	["none:[ , ]", "empty netblock", "none:["],
	["none:[10.0.0.0/24}]", '"}" inside the brackets', "none:["],
	["none:[[10.0.0.0/24]]", '"[" inside the brackets', "none:["],
	["none:[10.0.0.0/24]x", "right after a bracket", "blank"],
	["none:", "no netblock after the colon", "none:["],
	["lits", "neither an address nor a full domain name", 'write "lits."'],
	["10.0.0.300", "not an IPv4 address", ""],
	["exa mple..org", "neither", 'write "exa."'],
	["exa..org", "neither a domain nor an address", "none:["],
	["https://example.org/", "URL", ""],
	["", "no target", "none:["],
])("refuses %j", (text, reason, hint) => {
	const failure = refusal(() => parseMapTargets([text]));
	expect(failure.code).toBe("invalid");
	expect(failure.message).toContain(reason);
	expect(failure.hint).toContain(hint);
});

test("a netblock holds addresses and nothing else", () => {
	expect(parseNetblock(["10.0.0.0/30", "10.0.0.2-10.0.0.5"]).size).toBe(6);
	expect(refusal(() => parseNetblock(["web.example.org"])).message).toContain("is not an address, block or range");
	expect(refusal(() => parseNetblock(["224.0.0.0/8"])).message).toContain("special addresses");
	expect(refusal(() => parseNetblock([])).message).toContain("empty");
	expect(refusal(() => parseNetblock(["2001:db8::/64"])).message).toContain("too large");
});

test("no text does anything but parse or be refused with a hint", () => {
	const piece = fc.constantFrom(
		"none",
		":",
		"[",
		"]",
		"{",
		",",
		" ",
		"-",
		"10.0.0.1",
		"/24",
		"example.org",
		"::1",
		"\u001b",
	);
	fc.assert(
		fc.property(
			fc.oneof(
				fc.string(),
				fc.array(piece, { maxLength: 12 }).map((parts) => parts.join("")),
			),
			(text) => {
				try {
					for (const { domain } of parseMapTargets([text])) expect(parseDomain(domain)).toBe(domain);
				} catch (err) {
					expect(err).toMatchObject({ code: "invalid" });
					expect((err as AppError).hint).toBeTruthy();
				}
			},
		),
		{ numRuns: 20_000 },
	);
});

function refusal(act: () => unknown): AppError {
	try {
		act();
	} catch (err) {
		if (err instanceof AppError) return err;
	}
	throw new Error("it was not refused");
}
