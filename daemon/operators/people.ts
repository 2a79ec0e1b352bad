/**
 * Everybody who was let in, by name. What is stored of who did what is the identity (`unix:1000`, `person:ana`), which stays when a
 * name is given to somebody else; people read and write names.
 */
import { readFileSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { closeNames } from "../../protocol/close-names.ts";
import type { Person, PersonFound } from "../../protocol/model/person.ts";
import { findPerson, listPeople, personName, savePerson } from "../store/people.ts";
import { findUnixName, parseNames } from "./unix-names.ts";

const mostTold = 20;

export class People {
	readonly #db: DatabaseSync;

	constructor(db: DatabaseSync) {
		this.#db = db;
	}

	/** Somebody is let in. What only a directory on the network knows is known a moment later. */
	meet(identity: string): void {
		const name = nameHere(identity);
		if (name !== null) this.#keep({ identity, name });
		else if (identity.startsWith("unix:") && findPerson(this.#db, identity) === null) void this.#lookUp(identity);
	}

	/** `ana` for unix:1000 and for person:ana; a program's token, and a number that nobody knows, as it is. */
	nameOf(identity: string): string {
		return personName(this.#db, identity);
	}

	list(): Person[] {
		return listPeople(this.#db);
	}

	/** Who is meant by a name or an identity. */
	find(word: string): PersonFound {
		const people = this.list();
		const wanted = word.trim().toLowerCase();
		const found =
			people.find(({ identity }) => identity.toLowerCase() === wanted) ??
			people.find(({ name }) => name.toLowerCase() === wanted);
		const known = [...new Set(people.map(({ name }) => name))];
		return {
			identity: found?.identity ?? null,
			name: found?.name ?? word.trim(),
			near: found === undefined ? closeNames(wanted, known) : [],
			known: known.slice(0, mostTold),
		};
	}

	/** What is kept for somebody: the identity of one who is known, else the word itself. */
	stored(word: string | null): string | null {
		return word === null ? null : (this.find(word).identity ?? word);
	}

	async #lookUp(identity: string): Promise<void> {
		const found = await findUnixName("unix", identity.slice("unix:".length));
		if (found !== null && this.#db.isOpen) this.#keep({ identity, name: found.name });
	}

	#keep(person: Person): void {
		try {
			if (findPerson(this.#db, person.identity)?.name !== person.name) savePerson(this.#db, person);
		} catch {
			// A disk that is full keeps nobody out; they are shown by their identity until it is not.
		}
	}
}

/** Null: the files of this machine do not say. */
function nameHere(identity: string): string | null {
	if (identity.startsWith("person:")) return identity.slice("person:".length);
	if (!identity.startsWith("unix:")) return identity.startsWith("token:") ? identity : null;
	try {
		return parseNames(readFileSync("/etc/passwd", "utf8"), identity.slice("unix:".length))?.name ?? null;
	} catch {
		return null;
	}
}
