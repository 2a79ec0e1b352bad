/** Lists handed over in parts: what they hold, how long they are kept, and what is no part of one. */
import { expect, test } from "vitest";
import { listLimits } from "../../protocol/methods/lists.ts";
import { AddressSet } from "./address-set.ts";
import { TargetLists } from "./target-lists.ts";

const pack = (...values: number[]) => {
	const bytes = Buffer.alloc(values.length * 4);
	values.forEach((value, i) => {
		bytes.writeUInt32BE(value, i * 4);
	});
	return bytes.toString("base64");
};
const noGroup = () => {
	throw new Error("not asked for");
};

test("parts make one list, shown by its title", () => {
	const lists = new TargetLists(() => 0);
	const { list } = lists.add(undefined, { title: "@hosts.txt", packed: pack(0x0a000000, 0x0a0000ff), targets: [] });
	const web = { title: "group:Web", addresses: AddressSet.fromText([["10.9.0.1", "10.9.0.1"]]), names: ["b.example"] };
	lists.add(list, { packed: pack(0x0a000100, 0x0a000100), targets: ["2001:db8::1", "a.example", "group:Web"] });
	const found = lists.find(list, () => web);
	expect(found?.addresses.toText()).toEqual([
		["10.0.0.0", "10.0.1.0"],
		["10.9.0.1", "10.9.0.1"],
		["2001:db8::1", "2001:db8::1"],
	]);
	expect(found).toMatchObject({ title: "@hosts.txt", names: ["a.example", "b.example"] });
	expect(lists.shown([`list:${list}`, "10.0.0.1", "list:99"])).toEqual(["@hosts.txt", "10.0.0.1", "list:99"]);
	expect(lists.find(list + 1, noGroup)).toBeNull();
});

test.each([
	["half a range", { packed: pack(1), targets: [] }],
	["a range that runs backwards", { packed: pack(2, 1), targets: [] }],
	["another list", { packed: "", targets: ["list:1"] }],
	["no target", { packed: "", targets: ["10.0.0.300"] }],
])("%s is refused, and nothing of the part is kept", (_, part) => {
	const lists = new TargetLists(() => 0);
	const { list } = lists.add(undefined, { packed: pack(5, 5), targets: [] });
	expect(() => lists.add(list, part)).toThrow();
	expect(() => lists.add(undefined, part)).toThrow();
	expect(lists.find(list, noGroup)?.addresses.size).toBe(1);
	expect(() => lists.add(77, { packed: "", targets: [] })).toThrow("no list 77");
});

test("a list goes an hour after it was last used, and the oldest when there are too many", () => {
	let now = 0;
	const lists = new TargetLists(() => now);
	const first = lists.add(undefined, { packed: pack(1, 1), targets: [] }).list;
	const second = lists.add(undefined, { packed: pack(2, 2), targets: [] }).list;
	now = 3_000_000;
	expect(lists.find(second, noGroup)).not.toBeNull();
	now = 3_700_000;
	lists.add(undefined, { packed: "", targets: [] });
	expect(lists.find(first, noGroup)).toBeNull();
	expect(lists.find(second, noGroup)).not.toBeNull();
	for (let i = 0; i < 20; i++) {
		now++;
		lists.add(undefined, { packed: "", targets: [] });
	}
	expect(lists.find(second, noGroup)).toBeNull();
});

test("more ranges than any scan has are too large", () => {
	const lists = new TargetLists(() => 0);
	const perCall = Math.floor(((listLimits.packed / 4) * 3) / 8);
	const packed = Buffer.alloc(perCall * 8).toString("base64");
	let { list } = lists.add(undefined, { packed, targets: [] });
	const add = () => ({ list } = lists.add(list, { packed, targets: [] }));
	expect(() => {
		for (let ranges = 0; ranges <= listLimits.ranges; ranges += perCall) add();
	}).toThrow("too many separate ranges");
});
