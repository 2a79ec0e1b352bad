import { expect, test } from "vitest";
import { DoorCrowd } from "./door-crowd.ts";

function crowd() {
	const clock = { now: 1_000_000 };
	const door = new DoorCrowd<number>(() => clock.now);
	let last = 0;
	/** How many of so many get in. */
	const enter = (address: string | ((index: number) => string), times: number) =>
		Array.from({ length: times }, (_, index) =>
			door.enter(++last, typeof address === "string" ? address : address(index)),
		).filter(Boolean).length;
	return { clock, door, enter };
}

test("a host of IPv6 is one network, whatever of its addresses it takes", () => {
	const { enter } = crowd();
	expect(enter((index) => `2001:db8:1:2::${index.toString(16)}`, 40)).toBe(32);
	expect(enter("2001:db8:1:3::1", 1)).toBe(1);
});

test("64 strangers at once; who has shown a token or has gone takes no place", () => {
	const { door, enter } = crowd();
	expect(enter((index) => `10.0.0.${index}`, 100)).toBe(64);
	for (let one = 1; one <= 64; one++) door.leave(one);
	expect(enter((index) => `10.0.1.${index}`, 100)).toBe(64);
});

test("40 at once from a network, then 20 a second; loopback is everybody", () => {
	const { clock, door } = crowd();
	const come = (address: string, times: number) => {
		const results = Array.from({ length: times }, (_, one) => {
			const isIn = door.enter(one, address);
			door.leave(one);
			return isIn;
		});
		return results.filter(Boolean).length;
	};
	expect(come("192.0.2.1", 100)).toBe(40);
	expect(come("192.0.2.2", 1)).toBe(1);
	clock.now += 1_000;
	expect(come("192.0.2.1", 100)).toBe(20);
	for (const address of ["127.0.0.1", "::1", "::ffff:127.0.0.1"]) expect(come(address, 100)).toBe(100);
});
