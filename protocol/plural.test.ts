import fc from "fast-check";
import { expect, test } from "vitest";
import { count, plural } from "./plural.ts";

test("numbers are written as people read them, as large as a block of IPv6", () => {
	const whole = fc.oneof(fc.integer(), fc.double({ min: 0, max: 2 ** 128, noNaN: true }).map(Math.round));
	fc.assert(
		fc.property(whole, (value) => {
			expect(count(value)).toBe(BigInt(value).toLocaleString("en"));
		}),
	);
	expect(count(2 ** 96)).toBe("79,228,162,514,264,337,593,543,950,336");
});

test("a noun agrees with its number", () => {
	expect([plural(1, "host"), plural(12_000, "host"), plural(0, "piece", "pieces")]).toEqual([
		...["1 host", "12,000 hosts", "0 pieces"],
	]);
});
