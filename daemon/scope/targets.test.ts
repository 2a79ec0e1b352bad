/** How targets and exclusions are read: every accepted form, every refusal with its reason. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AppError } from "../../protocol/errors.ts";
import { AddressSet } from "./address-set.ts";
import { parseExclusions, parseRange, parseTargets, splitTargets } from "./targets.ts";

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
])("refuses %j", async (text, reason) => {
	const failure = await read("10.0.0.1", text).catch((err: unknown) => err);
	expect(failure).toBeInstanceOf(AppError);
	expect(failure).toMatchObject({ code: "invalid", message: expect.stringContaining(reason) });
	expect((failure as AppError).hint).toBeTruthy();
});

test("no target at all is refused", async () => {
	await expect(read()).rejects.toMatchObject({ code: "invalid" });
});

test("a name stands for all of its addresses, whatever it is written like", async () => {
	const { addresses, names: found, shared } = await read("web.example", "WEB.example.");
	expect([...addresses]).toEqual(["192.0.2.7", "2001:db8::7"]);
	expect(Object.fromEntries(found)).toEqual({ "192.0.2.7": "web.example", "2001:db8::7": "web.example" });
	expect(shared.size).toBe(0);
});

test("a name in other letters is looked up by what the DNS calls it", async () => {
	const asked: string[] = [];
	await parseTargets(["Bücher.example"], { resolve: async (name) => [`192.0.2.${asked.push(name)}`] });
	expect(asked).toEqual(["xn--bcher-kva.example"]);
});

test("two names on one address are refused by name, or each a target of its own when they are split", async () => {
	await expect(read("web.example", "www.example")).rejects.toMatchObject({
		code: "invalid",
		message: "Some names share an address: web.example and www.example are both 192.0.2.7.",
		hint: expect.stringContaining("--split"),
	});
	const both = await parseTargets(["web.example, www.example"], { resolve, split: true });
	expect([...both.addresses]).toEqual(["192.0.2.7", "2001:db8::7"]);
	expect([...both.names]).toEqual([["2001:db8::7", "web.example"]]);
	expect([...both.shared]).toEqual([["192.0.2.7", ["web.example", "www.example"]]]);
});

test("at most 500 names are split", async () => {
	const many = Array.from({ length: 501 }, (_, i) => `n${i}.example`);
	const sources = { resolve: async () => ["192.0.2.7"] };
	await expect(parseTargets(many, { ...sources, split: true })).rejects.toMatchObject({ code: "too-large" });
	expect((await parseTargets(many.slice(1), { ...sources, split: true })).shared.get("192.0.2.7")).toHaveLength(500);
});

test("names that lead nowhere are told, and refused only when nothing else is left", async () => {
	const { addresses, notScanned } = await read("10.0.0.1", "nowhere.example", "odd.example");
	expect([...addresses]).toEqual(["10.0.0.1"]);
	expect(notScanned).toEqual([
		{ target: "nowhere.example", why: "It does not resolve to any address." },
		{ target: "odd.example", why: expect.stringContaining("special addresses") },
	]);
	await expect(read("nowhere.example")).rejects.toMatchObject({ message: expect.stringContaining("does not resolve") });
	await expect(read("nowhere.example", "gone.example")).rejects.toMatchObject({
		message: "None of the 2 host names can be scanned: nowhere.example and gone.example.",
	});
});

test("when no name server answers, it is not asked for each of a thousand names", async () => {
	let asked = 0;
	const silent = async () => {
		asked++;
		throw Object.assign(new Error("try again"), { code: "EAI_AGAIN" });
	};
	const names = Array.from({ length: 1_000 }, (_, i) => `n${i}.example`);
	const { notScanned } = await parseTargets(["10.0.0.1", ...names], { resolve: silent });
	expect(notScanned).toHaveLength(1_000);
	expect(notScanned.at(-1)?.why).toBe("No name server answered.");
	expect(asked).toBeLessThan(50);
});

test("a name that leads to multicast is refused, whatever the name server says", async () => {
	await expect(read("odd.example")).rejects.toMatchObject({ message: expect.stringContaining("special") });
});

describe("asset groups and lists", () => {
	const meaning = (title: string, ranges: [string, string][], names: string[] = []) => ({
		title,
		addresses: AddressSet.fromText(ranges),
		names,
	});
	const sources = {
		resolve,
		group: (title: string) => {
			if (title === "Web servers") return meaning(title, [["10.1.0.0", "10.1.0.9"]], ["web.example"]);
			return title === "Empty" ? meaning(title, []) : null;
		},
		list: (list: number) => (list === 7 ? meaning("hosts.txt", [["10.2.0.0", "10.2.255.255"]]) : null),
	};

	test.each([
		["group:Web servers"],
		['group:"Web servers"'],
		['GROUP: "Web servers" , 10.0.0.1'],
		["10.0.0.1,group:Web servers"],
	])("%s", async (text) => {
		const { addresses, names: found, meanings } = await parseTargets([text], sources);
		expect(addresses.has("10.1.0.5")).toBe(true);
		expect(found.get("192.0.2.7")).toBe("web.example");
		expect(meanings.map(({ title }) => title)).toEqual(["Web servers"]);
	});

	test.each([
		["group:Nope", "no asset group"],
		["group:Empty", "no addresses"],
		["group:", "names no asset group"],
		['group:"open', "quotation mark"],
		["list:8", "no list 8"],
		["list:x", "not the number"],
	])("refuses %j", async (text, reason) => {
		await expect(parseTargets([text], sources)).rejects.toMatchObject({
			code: "invalid",
			message: expect.stringContaining(reason),
		});
	});

	test("are excluded by the same words", async () => {
		const set = await parseExclusions(["group:Web servers", "list:7"], sources);
		expect([set.has("10.1.0.0"), set.has("10.2.3.4"), set.has("192.0.2.7")]).toEqual([true, true, true]);
	});
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
				for (const item of splitTargets(input)) expect(item).toMatch(/\S/);
				const range = parseRange(input);
				if (range !== null) expect(range.first <= range.last).toBe(true);
			} catch (err) {
				expect(err).toBeInstanceOf(AppError);
			}
		}),
		{ numRuns: 20_000 },
	);
});
