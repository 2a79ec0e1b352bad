/** What people are called: names beside the identities that everything else keeps. */
import type { DatabaseSync } from "node:sqlite";
import type { Person } from "../../protocol/model/person.ts";
import { all, first, run } from "./sql.ts";

/** The latest name holds. */
export function savePerson(db: DatabaseSync, { identity, name }: Person): void {
	run(
		db,
		`INSERT INTO person (identity, name) VALUES (?, ?)
		ON CONFLICT DO UPDATE SET name = excluded.name WHERE name <> excluded.name`,
		...[identity, name],
	);
}

export function findPerson(db: DatabaseSync, identity: string): Person | null {
	return first<Person>(db, "SELECT identity, name FROM person WHERE identity = ?", identity) ?? null;
}

/** For sentences: `ana` for unix:1000; what nobody is known by, as it is. */
export function personName(db: DatabaseSync, identity: string): string {
	return findPerson(db, identity)?.name ?? identity;
}

/** Under all that somebody may be kept as: identities of the name that theirs has, and the name. */
export function identitiesOf(db: DatabaseSync, identity: string): string[] {
	const name = personName(db, identity);
	const same = all<Person>(db, "SELECT identity, name FROM person WHERE name = ? COLLATE NOCASE", name);
	return [...new Set([identity, name, ...same.map((one) => one.identity)])];
}

/** Whether two identities are one person's: an account and a token made for whom it is have one name. */
export function isSamePerson(db: DatabaseSync, one: string, other: string): boolean {
	return one === other || personName(db, one).toLowerCase() === personName(db, other).toLowerCase();
}

/** By name; of one name those with an account of the machine first. */
export function listPeople(db: DatabaseSync): Person[] {
	return all<Person>(db, "SELECT identity, name FROM person ORDER BY name, identity DESC");
}

/** For a field of lists: an identity in a column is found by what it is called too. Trusted text. */
export function namesOf(column: string): string {
	const name = `(SELECT pn.name FROM person pn WHERE pn.identity = ${column})`;
	return `(CASE WHEN ${column} IS NOT NULL THEN json_array(${column}, ${name}) END)`;
}

/** What a column's identity is called, for the order of lists. Trusted text. */
export function shownNameOf(column: string): string {
	return `ifnull((SELECT pn.name FROM person pn WHERE pn.identity = ${column}), ${column})`;
}
