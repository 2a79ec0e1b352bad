import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { expect, test } from "vitest";
import { addressKey } from "./address-key.ts";
import { AddressTexts, KeptTexts } from "./finding-texts.ts";

const db = new DatabaseSync(":memory:");
const compare = db.prepare("SELECT (?1 > ?2) - (?1 < ?2) AS n");
const inOrder = (one: string, other: string) => Number(compare.get(one, other)?.n);

const address = fc.oneof(
	fc.ipV4().map(addressKey),
	fc.ipV6().map(addressKey),
	fc.constantFrom("4efffffff", "4f0000000", "4ffffffff", "400000000", "40a00000a%eth0", "40a00000a", "40a00000b"),
	fc.stringMatching(/^[46g]?[0-9a-g%]{0,9}$/),
);
const text = fc.string({ unit: "binary", maxLength: 4 }).filter((one) => !one.includes("\0"));

test.each([
	{ name: "addresses", make: () => new AddressTexts(), kind: address },
	{ name: "any texts", make: () => new KeptTexts(), kind: text },
])(
	"the places of $name are in SQLite's order, also of texts that are not kept, whenever they came",
	({ make, kind }) => {
		fc.assert(
			fc.property(fc.array(fc.array(kind, { maxLength: 6 }), { maxLength: 4 }), fc.array(kind), (rounds, others) => {
				const texts = make();
				const kept = new Set<string>();
				for (const round of rounds) {
					for (const one of round) expect(texts.numberOf(one)).toBe(texts.numberOf(one));
					for (const one of round) kept.add(one);
					const placeAt = texts.places();
					const placed = [...kept].map((one) => ({ one, place: placeAt(texts.numberOf(one)) }));
					for (const { one, place } of placed) {
						expect(texts.placeOf(one)).toBe(place);
						for (const other of placed) expect(Math.sign(place - other.place)).toBe(inOrder(one, other.one));
						for (const other of others) {
							// Two that are not kept may have one place; what is kept never has that of another.
							const sign = Math.sign(place - texts.placeOf(other));
							expect(sign).toBe(inOrder(one, other));
						}
					}
				}
			}),
			{ numRuns: 200 },
		);
	},
);

test("more texts than may be kept are refused", () => {
	const texts = new KeptTexts();
	const long = "x".repeat(1_000_000);
	const keep = () => Array.from({ length: 20 }, (_, n) => texts.numberOf(`${long}${n}`));
	expect(keep).toThrow(RangeError);
	expect(texts.numberOf(`${long}3`)).toBe(3);
	expect(texts.bytes).toBeLessThan(20_000_000);
});
