/** For tests only: bytes no honest server sends, half of them at random and half real captures with something broken. */
import fc from "fast-check";

/** Random bytes, and captures that are cut, overwritten, doubled or have bytes put in. */
export function hostileBytes(captures: readonly Buffer[]): fc.Arbitrary<Buffer> {
	const random = fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes));
	const usable = captures.filter((capture) => capture.length > 0);
	if (usable.length === 0) return random;
	const mutated = fc
		.record({
			capture: fc.constantFrom(...usable),
			at: fc.nat(1_000_000),
			kind: fc.constantFrom("cut", "overwrite", "insert", "double", "drop" as const),
			bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
		})
		.map(({ capture, at, kind, bytes }) => {
			const place = at % capture.length;
			const [before, after] = [capture.subarray(0, place), capture.subarray(place)];
			if (kind === "cut") return Buffer.from(before);
			if (kind === "overwrite") return Buffer.concat([before, bytes, after.subarray(bytes.length)]);
			if (kind === "insert") return Buffer.concat([before, bytes, after]);
			if (kind === "double") return Buffer.concat([before, after, after]);
			return Buffer.concat([before, after.subarray(bytes.length)]);
		});
	return fc.oneof(random, mutated);
}

/** The same as lines of Latin-1 text, for parsers that are handed lines. */
export function hostileLines(captures: readonly Buffer[]): fc.Arbitrary<string[]> {
	return hostileBytes(captures).map((bytes) => bytes.toString("latin1").split(/\r?\n/));
}
