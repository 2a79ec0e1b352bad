/** The table behaves as a map does, whatever is put in and taken out. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { AddressTable } from "./address-table.ts";

test("it holds what a map holds", () => {
	const address = fc.oneof(
		fc.integer({ min: 0, max: 0xffff_ffff }),
		fc.integer({ min: 0xc612_0400, max: 0xc612_0480 }),
	);
	const step = fc.record({ address, remove: fc.boolean() });
	fc.assert(
		fc.property(fc.array(step, { maxLength: 600 }), (steps) => {
			const table = new AddressTable<number>();
			const map = new Map<number, number>();
			steps.forEach(({ address, remove }, i) => {
				if (remove) {
					table.delete(address);
					map.delete(address);
				} else {
					table.set(address, i);
					map.set(address, i);
				}
			});
			for (const { address } of steps) expect(table.get(address)).toBe(map.get(address));
		}),
	);
});

test("a /16 that comes and goes leaves nothing behind", () => {
	const table = new AddressTable<object>();
	const first = 0xc613_0000;
	for (let i = 0; i < 65_536; i++) table.set(first + i, { i });
	for (let i = 0; i < 65_536; i++) expect(table.get(first + i)).toEqual({ i });
	for (let i = 0; i < 65_536; i += 2) table.delete(first + i);
	for (let i = 0; i < 65_536; i++) expect(table.get(first + i) === undefined).toBe(i % 2 === 0);
});
