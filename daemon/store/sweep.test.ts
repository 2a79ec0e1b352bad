import type { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { DataOf } from "../evidence/record.ts";
import { createAsset } from "./assets.ts";
import { Tally } from "./counters.ts";
import { listRecords } from "./evidence.ts";
import { saveRecord } from "./record-writes.ts";
import { openStore } from "./store.ts";
import { sweepPackages } from "./sweep.ts";

type Package = DataOf<"packages">["packages"][number];
const packageOf = (n: number): Package => ({
	...{ name: `p${n}`, version: "1", architecture: null, source: null, sourceVersion: null, vendor: null, module: null },
});

/** The host lists these packages now, and no others. */
function list(db: DatabaseSync, asset: number, at: number, numbers: readonly number[]): void {
	saveRecord(db, asset, null, {
		...{
			kind: "packages",
			address: "127.0.0.1",
			port: 0,
			protocol: "tcp",
			source: "login",
			complete: true,
			observedAt: at,
		},
		data: { manager: "dpkg", packages: numbers.map(packageOf) },
	});
}

const open = () => openStore(":memory:", { clock: { now: () => 0 } });
const names = (db: DatabaseSync) =>
	db
		.prepare("SELECT json_extract(body, '$.name') AS name FROM package ORDER BY id")
		.all()
		.map(({ name }) => name);

test("what no list has is gone, whatever comes in meanwhile, and nothing else", async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.array(fc.nat(60), { maxLength: 8 }), { minLength: 25, maxLength: 40 }),
			fc.array(fc.array(fc.nat(60), { maxLength: 8 }), { maxLength: 6 }),
			async (before, meanwhile) => {
				const { db } = open();
				const asset = createAsset(db, new Tally(), { network: 1, name: "a", address: "127.0.0.1", at: 0 });
				for (const [at, numbers] of before.entries()) list(db, asset, at, [...numbers, 1000 + at]);
				const last = [...meanwhile];
				let at = before.length;
				await sweepPackages(db, async () => {
					const next = last.shift();
					if (next !== undefined) list(db, asset, at++, [...next, 2000 + at]);
				});
				const [record] = listRecords(db, asset);
				const kept = record?.kind === "packages" ? record.data.packages.map(({ name }) => name) : [];
				expect(names(db)).toEqual(expect.arrayContaining(kept));
				expect(kept).toHaveLength((meanwhile.at(-1 - last.length) ?? before.at(-1) ?? []).length + 1);
				if (meanwhile.length === 0) expect(names(db).toSorted()).toEqual([...new Set(kept)].toSorted());
			},
		),
		{ numRuns: 50 },
	);
});

test("a few lists gone are not worth it", async () => {
	const { db } = open();
	const asset = createAsset(db, new Tally(), { network: 1, name: "a", address: "127.0.0.1", at: 0 });
	for (let at = 0; at < 10; at++) list(db, asset, at, [at]);
	expect(await sweepPackages(db, async () => {})).toEqual({ packages: 0, subjects: 0 });
	for (let at = 10; at < 40; at++) list(db, asset, at, [at]);
	expect(await sweepPackages(db, async () => {})).toEqual({ packages: 39, subjects: 0 });
	expect(names(db)).toEqual(["p39"]);
	expect(await sweepPackages(db, async () => {})).toEqual({ packages: 0, subjects: 0 });
});
