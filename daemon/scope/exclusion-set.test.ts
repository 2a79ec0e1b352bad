import { expect, test } from "vitest";
import { exclusionSet } from "./exclusion-set.ts";

const nowhere = async () => {
	throw new Error("ENOTFOUND");
};
const single = (address: string): [string, string][] => [[address, address]];

test("ranges stand for themselves, whatever names do", async () => {
	const exclusions = [
		{ target: "192.0.2.0/24", ranges: [["192.0.2.0", "192.0.2.255"] as const] },
		{ target: "2001:db8::/32", ranges: [["2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"] as const] },
	];
	const set = await exclusionSet(exclusions, { resolve: nowhere });
	expect([set.has("192.0.2.77"), set.has("192.0.3.1"), set.has("2001:db8:1::1")]).toEqual([true, false, true]);
});

test("a name stands for its addresses of then and of now", async () => {
	const exclusions = [{ target: "printer.example", ranges: single("192.0.2.7") }];
	const moved = await exclusionSet(exclusions, { resolve: async () => ["192.0.2.9"] });
	expect([...moved]).toEqual(["192.0.2.7", "192.0.2.9"]);
	const gone = await exclusionSet(exclusions, { resolve: nowhere });
	expect([...gone]).toEqual(["192.0.2.7"]);
});

test("what was written down without addresses is read now, and refused when it leads nowhere", async () => {
	const read = await exclusionSet([{ target: "192.0.2.1-2", ranges: [] }], { resolve: nowhere });
	expect([...read]).toEqual(["192.0.2.1", "192.0.2.2"]);
	const name = [{ target: "printer.example", ranges: [] }];
	expect([...(await exclusionSet(name, { resolve: async () => ["192.0.2.9"] }))]).toEqual(["192.0.2.9"]);
	await expect(exclusionSet(name, { resolve: nowhere })).rejects.toMatchObject({ code: "invalid" });
	expect((await exclusionSet([], { resolve: nowhere })).size).toBe(0);
});
