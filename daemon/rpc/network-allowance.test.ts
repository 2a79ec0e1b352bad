import { expect, test } from "vitest";
import { NetworkAllowance } from "./network-allowance.ts";

function attempts() {
	const clock = { now: 1_000_000 };
	return { clock, tries: new NetworkAllowance({ burst: 10, oneEachMs: 6_000 }, () => clock.now) };
}

function fail(tries: NetworkAllowance, address: string, times: number): void {
	for (let time = 0; time < times; time++) tries.use(address);
}

test("ten at once, then none until time has passed, one each six seconds", () => {
	const { clock, tries } = attempts();
	fail(tries, "192.0.2.1", 9);
	expect(tries.isUsedUp("192.0.2.1")).toBe(false);
	tries.use("192.0.2.1");
	expect(tries.isUsedUp("192.0.2.1")).toBe(true);
	expect(tries.isUsedUp("192.0.2.2")).toBe(false);
	clock.now += 6_000;
	expect(tries.isUsedUp("192.0.2.1")).toBe(false);
	tries.use("192.0.2.1");
	expect(tries.isUsedUp("192.0.2.1")).toBe(true);
	clock.now += 60_000;
	fail(tries, "192.0.2.1", 9);
	expect(tries.isUsedUp("192.0.2.1")).toBe(false);
});

test.each([
	["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true],
	["2001:db8:1:2::1", "2001:db8:1:3::1", false],
	["::1", "0:0:0:0:0:0:0:1", true],
	["::ffff:192.0.2.1", "192.0.2.1", true],
	["fe80::1%eth0", "fe80::2%eth1", true],
	["192.0.2.1", "192.0.2.10", false],
])("%s and %s are one: %s", (bad, other, isOne) => {
	const { tries } = attempts();
	fail(tries, bad, 10);
	expect(tries.isUsedUp(other)).toBe(isOne);
});

test("what is remembered is bounded, and whoever was wrong last is remembered", () => {
	const { tries } = attempts();
	fail(tries, "192.0.2.1", 10);
	for (let host = 0; host < 5_000; host++) tries.use(`10.0.${host >> 8}.${host & 255}`);
	expect(tries.isUsedUp("192.0.2.1")).toBe(false);
	fail(tries, "192.0.2.1", 10);
	expect(tries.isUsedUp("192.0.2.1")).toBe(true);
});
