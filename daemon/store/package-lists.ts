/**
 * Lists of packages. Thousands of hosts list the same few packages, and hosts made alike the same list: each package is kept
 * once, and each list, which is the numbers of its packages.
 */
import { hash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { DataOf } from "../evidence/record.ts";
import { packNumbers, unpackNumbers } from "./number-list.ts";
import { first, rollbacks, run } from "./sql.ts";

type List = DataOf<"packages">;
type Package = List["packages"][number];

const managers = ["dpkg", "rpm", "apk"] as const satisfies readonly List["manager"][];
/** Packages remembered for a connection; beyond it they are read anew. */
const mostKept = 100_000;

/** Numbers by 16 bytes of hash, packages by number: true until a transaction is rolled back. */
interface Kept {
	rollbacks: number;
	readonly numbers: Map<string, number>;
	readonly packages: Map<number, Package>;
}
const kept = new WeakMap<DatabaseSync, Kept>();

/** Stores a list; returns its number. Null when two packages have one hash: the list is then to be kept in another way. */
export function savePackageList(db: DatabaseSync, { manager, packages }: List): number | null {
	const known = keptOf(db);
	const numbers: number[] = [];
	for (const one of packages) {
		const number = save(db, known, JSON.stringify(one));
		if (number === null) return null;
		numbers.push(number);
	}
	const data = Buffer.concat([Buffer.of(managers.indexOf(manager)), packNumbers(numbers)]);
	const digest = hash("sha256", data, "buffer").subarray(0, 16);
	const stored = first<{ id: number }>(db, "SELECT id FROM package_list WHERE hash = ?", digest);
	return stored?.id ?? run(db, "INSERT INTO package_list (hash, data) VALUES (?, ?)", digest, data).id;
}

/** What was stored, in its order. Packages are shared between lists: they are not to be changed. */
export function readPackageList(db: DatabaseSync, id: number): List {
	const data = first<{ data: Uint8Array }>(db, "SELECT data FROM package_list WHERE id = ?", id)?.data;
	return listOf(db, data?.[0] ?? 0, data === undefined ? [] : unpackNumbers(data, 1), "id");
}

/** Of a list as it lay in its body before lists had numbers: six bytes of hash for each package. */
export function unpackHashes(db: DatabaseSync, data: Uint8Array): List {
	const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
	const hashes: number[] = [];
	for (let at = 1; at + hashBytes <= bytes.length; at += hashBytes) hashes.push(bytes.readUIntBE(at, hashBytes));
	return listOf(db, bytes[0] ?? 0, hashes, "hash");
}

/** Packages may have gone from the store: what is remembered of them is forgotten. */
export function forgetPackages(db: DatabaseSync): void {
	kept.delete(db);
}

function keptOf(db: DatabaseSync): Kept {
	const known = kept.get(db);
	if (known?.rollbacks === rollbacks(db) && known.numbers.size < mostKept && known.packages.size < mostKept)
		return known;
	const made: Kept = { rollbacks: rollbacks(db), numbers: new Map(), packages: new Map() };
	kept.set(db, made);
	return made;
}

/** 48 bits: exact as a number, and two of a million packages share one with a chance of one in five hundred. */
const hashBytes = 6;

function save(db: DatabaseSync, known: Kept, body: string): number | null {
	const digest = hash("sha256", body, "buffer");
	const name = digest.toString("latin1", 0, 16);
	const number = known.numbers.get(name);
	if (number !== undefined) return number;
	const key = digest.readUIntBE(0, hashBytes);
	const stored = first<{ id: number; body: string }>(db, "SELECT id, body FROM package WHERE hash = ?", key);
	if (stored !== undefined && stored.body !== body) return null;
	const id = stored?.id ?? run(db, "INSERT INTO package (hash, body) VALUES (?, ?)", key, body).id;
	known.numbers.set(name, id);
	return id;
}

function listOf(db: DatabaseSync, manager: number, keys: readonly number[], by: "id" | "hash"): List {
	const { packages: known } = keptOf(db);
	const packages: Package[] = [];
	for (const key of keys) {
		const one = (by === "id" ? known.get(key) : undefined) ?? read(db, key, by);
		if (one === null) continue;
		if (by === "id") known.set(key, one);
		packages.push(one);
	}
	return { manager: managers[manager] ?? "dpkg", packages };
}

function read(db: DatabaseSync, key: number, by: "id" | "hash"): Package | null {
	const row = first<{ body: string }>(db, `SELECT body FROM package WHERE ${by} = ?`, key);
	// Written from a package of this very shape.
	return row === undefined ? null : (JSON.parse(row.body) as Package);
}
