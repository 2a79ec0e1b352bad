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

/** All that are called so, and the name itself, which those are kept by whom nobody knew. */
export function identitiesCalled(db: DatabaseSync, name: string): string[] {
	const same = all<{ identity: string }>(db, "SELECT identity FROM person WHERE name = ? COLLATE NOCASE", name);
	return [name, ...same.map(({ identity }) => identity)];
}

/** Those that are one person's. */
export function identitiesOf(db: DatabaseSync, identity: string): string[] {
	const called = identitiesCalled(db, personName(db, identity));
	return called.filter((other) => isSamePerson(db, identity, other));
}

/**
 * Whether two identities are one person's: an account and a token made for whom it is have one name. Two accounts never are:
 * their names may differ by case alone, and the name of one that is gone may have been given to another.
 */
export function isSamePerson(db: DatabaseSync, one: string, other: string): boolean {
	if (one === other) return true;
	if (isAccount(one) && isAccount(other)) return false;
	return personName(db, one).toLowerCase() === personName(db, other).toLowerCase();
}

function isAccount(identity: string): boolean {
	return identity.startsWith("unix:");
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
