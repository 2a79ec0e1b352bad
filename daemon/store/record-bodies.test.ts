import fc from "fast-check";
import { expect, test } from "vitest";
import type { EvidenceRecord } from "../evidence/record.ts";
import { packBody, recordText, unpackBody } from "./record-bodies.ts";
import { openStore } from "./store.ts";

/** Short ones lie there as they are, long ones do not fit where the others are written to first. */
const text = fc
	.tuple(fc.string({ unit: "grapheme", maxLength: 200 }), fc.constantFrom(1, 50, 2_000))
	.map(([part, times]) => part.repeat(times));

test("what a record says comes back as it was, whatever was packed since", () => {
	const { db } = openStore(":memory:", { clock: { now: () => 0 } });
	const record = { kind: "ssh" } as EvidenceRecord;
	fc.assert(
		fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (banners) => {
			const texts = banners.map((banner) => JSON.stringify({ banner }));
			const bodies = texts.map((one) => packBody(db, record, one));
			expect(bodies.map((body) => recordText(body))).toEqual(texts);
			expect(bodies.map((body) => unpackBody(db, body))).toEqual(banners.map((banner) => ({ banner })));
		}),
		{ numRuns: 40 },
	);
	db.close();
});
