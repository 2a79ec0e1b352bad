/**
 * What advisories are asked about, each once for all hosts: subjects, the sets of them that hosts have, and what feeds said of
 * each when hosts were last judged. A host whose evidence has changed since has no set (migration 0023).
 */
import { hash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { RecordOf, Source } from "../evidence/record.ts";
import { addressOfKey } from "./address-key.ts";
import { transportNumbers } from "./codes.ts";
import { packNumbers, unpackMarked } from "./number-list.ts";
import { all, first, run } from "./sql.ts";

export interface StoredSubject {
	readonly id: number;
	readonly system: number;
	readonly name: string;
	readonly version: string;
	readonly binaries: readonly string[];
}

/** `digest` and `said` are the caller's words: compared, never read here. */
export interface SaidOfSubject {
	readonly digest: Uint8Array | null;
	readonly said: Uint8Array;
}

/** The number of a kind of system, by what it is written as. */
export function systemNumber(db: DatabaseSync, body: string): number {
	const known = first<{ id: number }>(db, "SELECT id FROM judged_system WHERE body = ?", body)?.id;
	return known ?? run(db, "INSERT INTO judged_system (body) VALUES (?)", body).id;
}

/** What each was written as, by number. */
export function listSystems(db: DatabaseSync): Map<number, string> {
	const rows = all<{ id: number; body: string }>(db, "SELECT id, body FROM judged_system");
	return new Map(rows.map(({ id, body }) => [id, body]));
}

/** The number of a subject; one that is new is stored with what is said of it. */
export function subjectNumber(
	db: DatabaseSync,
	{ system, name, version, binaries }: Omit<StoredSubject, "id">,
	said: () => SaidOfSubject,
): number {
	const list = JSON.stringify(binaries);
	const digest = hash("sha256", JSON.stringify([system, name, version, list]), "buffer").subarray(0, 16);
	const known = first<{ id: number }>(db, "SELECT id FROM subject WHERE hash = ?", digest)?.id;
	if (known !== undefined) return known;
	const now = said();
	return run(
		db,
		"INSERT INTO subject (hash, system, name, version, binaries, digest, said) VALUES (?, ?, ?, ?, ?, ?, ?)",
		...[digest, system, name, version, list, now.digest, now.said],
	).id;
}

/** Up to `limit` subjects after one, those of one package beside each other. */
export function listSubjects(
	db: DatabaseSync,
	after: Pick<StoredSubject, "system" | "name" | "id">,
	limit: number,
): (StoredSubject & SaidOfSubject)[] {
	return all<SubjectRow>(
		db,
		`SELECT id, system, name, version, binaries, digest, said FROM subject
		WHERE (system, name, id) > (?, ?, ?) ORDER BY system, name, id LIMIT ?`,
		...[after.system, after.name, after.id, limit],
	).map(toSubject);
}

/** What is said of each of up to `limit` subjects with a higher number than `after`. */
export function listSaid(db: DatabaseSync, after: number, limit: number): { id: number; said: Uint8Array }[] {
	return all(db, "SELECT id, said FROM subject WHERE id > ? ORDER BY id LIMIT ?", after, limit);
}

export function findSubject(db: DatabaseSync, id: number): StoredSubject | null {
	const row = first<SubjectRow>(db, "SELECT * FROM subject WHERE id = ?", id);
	return row === undefined ? null : toSubject(row);
}

/** The highest number in use; 0 when there is none. */
export function lastSubject(db: DatabaseSync): number {
	return first<{ id: number }>(db, "SELECT ifnull(max(id), 0) AS id FROM subject")?.id ?? 0;
}

export function saveSaid(db: DatabaseSync, id: number, { digest, said }: SaidOfSubject): void {
	run(db, "UPDATE subject SET digest = ?, said = ? WHERE id = ?", digest, said, id);
}

/** Says of a host which subjects it has. */
export function saveHostSubjects(
	db: DatabaseSync,
	{ asset, address }: SubjectHost,
	system: number,
	subjects: readonly number[],
): void {
	const data = packNumbers(subjects);
	const digest = hash("sha256", Buffer.concat([Buffer.from(`${system} `), data]), "buffer").subarray(0, 16);
	const known = first<{ id: number }>(db, "SELECT id FROM subject_set WHERE hash = ?", digest)?.id;
	const set =
		known ?? run(db, "INSERT INTO subject_set (hash, system, data) VALUES (?, ?, ?)", digest, system, data).id;
	run(db, "INSERT INTO subject_host (asset, address, subjects) VALUES (?, ?, ?)", ...[asset, address, set]);
}

export function hasSubjects(db: DatabaseSync, { asset, address }: SubjectHost): boolean {
	const row = first(db, "SELECT 1 FROM subject_host WHERE asset = ? AND address = ?", asset, address);
	return row !== undefined;
}

/** Up to `limit` sets above `after`, as they are packed. */
export function listSubjectSets(
	db: DatabaseSync,
	after: number,
	limit: number,
): { id: number; system: number; data: Uint8Array }[] {
	return all(db, "SELECT id, system, data FROM subject_set WHERE id > ? ORDER BY id LIMIT ?", after, limit);
}

/** Subjects of a set that are marked, by number, in its order. */
export function markedSubjects({ data }: { readonly data: Uint8Array }, marks: Uint8Array): number[] {
	return unpackMarked(data, marks);
}

/** Where a list of packages is that a set was made from. `address` as the store has it. */
export interface SubjectHost {
	readonly asset: number;
	readonly address: string;
}

/** The record of packages that a set was made from, without its data. */
export interface SetRecord {
	readonly host: SubjectHost;
	readonly record: Omit<RecordOf<"packages">, "data">;
}

const hostRecords = `subject_host h JOIN record r ON r.asset = h.asset AND r.address = h.address AND r.port = 0
	AND r.protocol = ${transportNumbers.tcp} AND r.kind = 'packages'`;

/** Up to `limit` hosts of a set, after one: the newest record of each. */
export function listRecordsOfSet(db: DatabaseSync, set: number, after: SubjectHost, limit: number): SetRecord[] {
	return all<SetRecordRow>(
		db,
		`${setRecords} WHERE h.subjects = ? AND (h.asset, h.address) > (?, ?)
		GROUP BY h.asset, h.address ORDER BY h.asset, h.address LIMIT ?`,
		...[set, after.asset, after.address, limit],
	).map(toSetRecord);
}

/** The same of several sets, from their beginning, those of the lowest set first: of the last one some may be left out. */
export function listRecordsOfSets(
	db: DatabaseSync,
	sets: readonly number[],
	limit: number,
): { readonly records: (SetRecord & { readonly set: number })[]; readonly isCut: boolean } {
	const rows = all<SetRecordRow & { subjects: number }>(
		db,
		`SELECT h.subjects, h.asset, h.address, r.source, r.complete, r.observed_at FROM ${hostRecords}
		WHERE h.subjects IN (SELECT value FROM json_each(?)) ORDER BY h.subjects, h.asset, h.address LIMIT ?`,
		...[JSON.stringify(sets), limit],
	);
	// Grouping here rather than there: nearly all have one record.
	const newest: typeof rows = [];
	for (const row of rows) {
		const before = newest.at(-1);
		const isSame = before?.subjects === row.subjects && before.asset === row.asset && before.address === row.address;
		if (!isSame) newest.push(row);
		else if (isNewer(row, before)) newest[newest.length - 1] = row;
	}
	return {
		records: newest.map((row) => ({ ...toSetRecord(row), set: row.subjects })),
		isCut: rows.length === limit,
	};
}

function isNewer(one: SetRecordRow, other: SetRecordRow): boolean {
	if (one.observed_at !== other.observed_at) return one.observed_at > other.observed_at;
	return one.source > other.source;
}

// The row of the highest: SQLite takes the other columns from it (lang_select.html, "bare columns").
const setRecords = `SELECT h.subjects, h.asset, h.address, r.source, r.complete, r.observed_at,
	max(printf('%016d %s', r.observed_at, r.source)) FROM ${hostRecords}`;

interface SetRecordRow extends SubjectHost {
	source: Source;
	complete: number;
	observed_at: number;
}

function toSetRecord({ asset, address, source, complete, observed_at: observedAt }: SetRecordRow): SetRecord {
	const place = { address: addressOfKey(address), port: 0, protocol: "tcp", kind: "packages" } as const;
	return { host: { asset, address }, record: { ...place, source, complete: complete === 1, observedAt } };
}

/** Up to `limit` places after one where packages are known, and whether it is known what subjects they are. */
export function listPackagePlaces(
	db: DatabaseSync,
	after: SubjectHost,
	limit: number,
): (SubjectHost & { readonly known: boolean })[] {
	return all<SubjectHost & { known: number }>(
		db,
		`SELECT DISTINCT r.asset, r.address, EXISTS (
				SELECT 1 FROM subject_host h WHERE h.asset = r.asset AND h.address = r.address
			) AS known FROM record r INDEXED BY record_packages
		WHERE r.kind = 'packages' AND (r.asset, r.address) > (?, ?) ORDER BY r.asset, r.address LIMIT ?`,
		...[after.asset, after.address, limit],
	).map(({ asset, address, known }) => ({ asset, address, known: known === 1 }));
}

/** All sets are to be made again: they are made in another way now. */
export function forgetSubjects(db: DatabaseSync): void {
	run(db, "DELETE FROM subject_host");
	run(db, "DELETE FROM subject_set");
	run(db, "DELETE FROM subject");
	run(db, "DELETE FROM judged_system");
}

interface SubjectRow extends SaidOfSubject {
	id: number;
	system: number;
	name: string;
	version: string;
	binaries: string;
}

function toSubject({ binaries, ...row }: SubjectRow): StoredSubject & SaidOfSubject {
	return { ...row, binaries: JSON.parse(binaries) as string[] };
}
