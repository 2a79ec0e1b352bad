/** How targets and exclusions are read: every accepted form, every refusal with its reason. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AppError } from "../../protocol/errors.ts";
import { parseExclusions, parseRange, parseTargets } from "./targets.ts";

const names: Record<string, string[]> = {
	"web.example": ["192.0.2.7", "192.0.2.7", "2001:db8::7"],
	"www.example": ["192.0.2.7"],
	"odd.example": ["not an address", "224.0.0.1"],
};
const resolve = async (name: string) => {
	const found = names[name];
	if (found === undefined) throw new Error("ENOTFOUND");
	return found;
};
const read = (...texts: string[]) => parseTargets(texts, { resolve });

test.each([
	["10.0.0.1", ["10.0.0.1"]],
	["10.0.0.0/30", ["10.0.0.0", "10.0.0.1", "10.0.0.2", "10.0.0.3"]],
	["10.0.0.3/31", ["10.0.0.2", "10.0.0.3"]],
	["10.0.0.254-10.0.1.1", ["10.0.0.254", "10.0.0.255", "10.0.1.0", "10.0.1.1"]],
	["10.0.0.7 - 10.0.0.8", ["10.0.0.7", "10.0.0.8"]],
	["10.0.0.7-9", ["10.0.0.7", "10.0.0.8", "10.0.0.9"]],
	["10.0.0.1, 10.0.0.1,10.0.0.2", ["10.0.0.1", "10.0.0.2"]],
	["::1", ["::1"]],
	["2001:DB8:0:0::5", ["2001:db8::5"]],
	["2001:db8::/127", ["2001:db8::", "2001:db8::1"]],
	["2001:db8::1-2001:db8::2", ["2001:db8::1", "2001:db8::2"]],
	["::ffff:10.0.0.9", ["10.0.0.9"]],
	["::ffff:10.0.0.8/127", ["10.0.0.8", "10.0.0.9"]],
])("%s", async (text, expected) => {
	const { addresses, warnings } = await read(text);
	expect([...addresses]).toEqual(expected);
	expect(warnings).toEqual([]);
});

test.each([
	["10.0.0.0/33", "prefix length"],
	["2001:db8::/129", "prefix length"],
	["10.0.0.0/", "prefix length"],
	["10.0.0.0/a", "prefix length"],
	["10.0.0.9-10.0.0.1", "backwards"],
	["10.0.0.9-3", "backwards"],
	["10.0.0.1-300", "not a range"],
	["10.0.0.1-::1", "not a range"],
	["256.1.1.1", "not an IPv4"],
	["10.0.0", "not an IPv4"],
	["010.0.0.1", "not an IPv4"],
	["fe80::1%eth0", "zone"],
	["2001:db8::/64", "too large"],
	["https://web.example/", "URL"],
	["web.example/24", "not an address or block"],
	["-web.example", "host name"],
	["we b!", "host name"],
	["a".repeat(300), "host name"],
	["0.0.0.0", "special"],
	["224.0.0.0/4", "special"],
	["255.255.255.255", "special"],
	["ff02::1", "special"],
	["", "empty"],
	[" , ", "empty"],
	["nowhere.example", "does not resolve"],
])("refuses %j", async (text, reason) => {
	const failure = await read("10.0.0.1", text).catch((err: unknown) => err);
	expect(failure).toBeInstanceOf(AppError);
	expect(failure).toMatchObject({ code: "invalid", message: expect.stringContaining(reason) });
	expect((failure as AppError).hint).toBeTruthy();
});

test("no target at all is refused", async () => {
	await expect(read()).rejects.toMatchObject({ code: "invalid" });
});

test("names are resolved once, remembered per address, and doubled ones are told", async () => {
	const { addresses, names: found, warnings } = await read("web.example", "WEB.example.", "www.example");
	expect([...addresses]).toEqual(["192.0.2.7", "2001:db8::7"]);
	expect(Object.fromEntries(found)).toEqual({ "192.0.2.7": "web.example", "2001:db8::7": "web.example" });
	expect(warnings).toHaveLength(1);
	expect(warnings[0]).toContain("www.example and web.example");
});

test("a name that leads to multicast is refused, whatever the name server says", async () => {
	await expect(read("odd.example")).rejects.toMatchObject({ message: expect.stringContaining("special") });
});

test("special blocks inside a larger target are left out with a warning", async () => {
	const { addresses, warnings } = await read("223.255.255.0-224.0.0.9");
	expect(addresses.size).toBe(256);
	expect(warnings[0]).toContain("10 special");
});

test("a /8 stays one range", async () => {
	const { addresses } = await read("10.0.0.0/8");
	expect(addresses.ranges).toHaveLength(1);
	expect(addresses.size).toBe(2 ** 24);
});

describe("exclusions", () => {
	test("take blocks of any size and may be none", async () => {
		const set = await parseExclusions(["2001:db8::/32", "10.0.0.0/8"], { resolve });
		expect(set.has("2001:db8:ffff::1")).toBe(true);
		expect((await parseExclusions([], { resolve })).size).toBe(0);
	});
	test("a name that does not resolve is refused: what was meant to be spared would be hit", async () => {
		await expect(parseExclusions(["nowhere.example"], { resolve })).rejects.toMatchObject({ code: "invalid" });
	});
});

test("any text is read, refused with an AppError, or may be a name", () => {
	const text = fc.oneof(
		fc.string({ maxLength: 40 }),
		fc.stringMatching(/^[0-9a-f.:/\-% ]{0,30}$/),
		fc.ipV4(),
		fc.ipV6(),
	);
	fc.assert(
		fc.property(text, (input) => {
			try {
				const range = parseRange(input);
				if (range !== null) expect(range.first <= range.last).toBe(true);
			} catch (err) {
				expect(err).toBeInstanceOf(AppError);
			}
		}),
		{ numRuns: 20_000 },
	);
});
