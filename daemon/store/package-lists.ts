/**
 * Lists of packages, each package kept once for all hosts: thousands of hosts list the same few. A list is the numbers of its
 * packages; reading one again costs a look-up each.
 */
import { hash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { DataOf } from "../evidence/record.ts";
import { first, run } from "./sql.ts";

type List = DataOf<"packages">;
type Package = List["packages"][number];

const managers = ["dpkg", "rpm", "apk"] as const satisfies readonly List["manager"][];
/** Packages kept in memory for a connection; beyond it they are read anew. */
const mostKept = 100_000;

/**
 * Packages by number. The number is made from the content, so one that was read stays true also when the transaction it was
 * read in is rolled back.
 */
const kept = new WeakMap<DatabaseSync, Map<number, Package>>();

/** Null when two packages would have one number: the list is then to be kept in another way. */
export function packPackages(db: DatabaseSync, { manager, packages }: List): Uint8Array | null {
	const bytes = Buffer.alloc(1 + packages.length * numberBytes);
	bytes[0] = managers.indexOf(manager);
	for (const [i, one] of packages.entries()) {
		const number = save(db, JSON.stringify(one));
		if (number === null) return null;
		bytes.writeUIntBE(number, 1 + i * numberBytes, numberBytes);
	}
	return bytes;
}

/** What was packed, in its order. Packages are shared between lists: they are not to be changed. */
export function unpackPackages(db: DatabaseSync, data: Uint8Array): List {
	const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
	const known = kept.get(db) ?? new Map<number, Package>();
	kept.set(db, known);
	if (known.size > mostKept) known.clear();
	const packages: Package[] = [];
	for (let at = 1; at + numberBytes <= bytes.length; at += numberBytes) {
		const number = bytes.readUIntBE(at, numberBytes);
		const one = known.get(number) ?? read(db, number);
		if (one === null) continue;
		known.set(number, one);
		packages.push(one);
	}
	return { manager: managers[bytes[0] ?? 0] ?? "dpkg", packages };
}

/** 48 bits: exact as a number, and two of a million packages share one with a chance of one in five hundred. */
const numberBytes = 6;

function save(db: DatabaseSync, body: string): number | null {
	const number = hash("sha256", body, "buffer").readUIntBE(0, numberBytes);
	const stored = first<{ body: string }>(db, "SELECT body FROM package WHERE id = ?", number)?.body;
	if (stored === undefined) run(db, "INSERT INTO package (id, body) VALUES (?, ?)", number, body);
	return stored === undefined || stored === body ? number : null;
}

function read(db: DatabaseSync, number: number): Package | null {
	const row = first<{ body: string }>(db, "SELECT body FROM package WHERE id = ?", number);
	// Written from a package of this very shape.
	return row === undefined ? null : (JSON.parse(row.body) as Package);
}
