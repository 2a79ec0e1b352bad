import fc from "fast-check";
import { expect, test } from "vitest";
import type { DataOf } from "../evidence/record.ts";
import { packPackages, unpackPackages } from "./package-lists.ts";
import { transaction } from "./sql.ts";
import { openStore } from "./store.ts";

const open = () => openStore(":memory:", { clock: { now: () => 0 } });
const word = fc.string({ maxLength: 12, unit: "grapheme" });
const maybe = fc.option(word);
const lists: fc.Arbitrary<DataOf<"packages">> = fc.record({
	manager: fc.constantFrom("dpkg", "rpm", "apk"),
	packages: fc.array(
		fc.record({
			...{ name: word, version: word, architecture: maybe, source: maybe, sourceVersion: maybe, vendor: maybe },
			module: maybe,
		}),
	),
});

test("what was packed comes out again, in its order, whether it was met before or not", () => {
	const { db } = open();
	fc.assert(
		fc.property(lists, lists, (one, other) => {
			const packed = [one, other, one].map((list) => packPackages(db, list) ?? new Uint8Array(0));
			expect(packed.map((bytes) => unpackPackages(db, bytes))).toEqual([one, other, one]);
		}),
		{ numRuns: 200 },
	);
});

test("a package is kept once, and what is rolled back is read anew", () => {
	const { db } = open();
	const one = {
		name: "a",
		version: "1",
		architecture: null,
		source: null,
		sourceVersion: null,
		vendor: null,
		module: null,
	};
	const list = { manager: "dpkg" as const, packages: [one, one] };
	let bytes: Uint8Array | null = null;
	expect(() =>
		transaction(db, () => {
			bytes = packPackages(db, list);
			expect(unpackPackages(db, bytes ?? new Uint8Array(0))).toEqual(list);
			throw new Error("rolled back");
		}),
	).toThrow();
	expect(db.prepare("SELECT count(*) AS n FROM package").get()).toEqual({ n: 0 });
	expect(packPackages(db, list)).toEqual(bytes);
	expect(db.prepare("SELECT count(*) AS n FROM package").get()).toEqual({ n: 1 });
});

test("a number that is taken by another package is not taken twice", () => {
	const { db } = open();
	const one = {
		name: "a",
		version: "1",
		architecture: null,
		source: null,
		sourceVersion: null,
		vendor: null,
		module: null,
	};
	packPackages(db, { manager: "dpkg", packages: [one] });
	db.exec("UPDATE package SET body = '{}'");
	expect(packPackages(db, { manager: "dpkg", packages: [one] })).toBeNull();
});
