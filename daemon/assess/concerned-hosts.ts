/** The hosts whose packages feeds say something else of, found by their sets of subjects; and what is said of them now. */
import type { DatabaseSync } from "node:sqlite";
import { advisoryFolder } from "../knowledge/advisories/advisory-signature.ts";
import type { AdvisoryBook } from "../knowledge/advisories/book.ts";
import { type JudgedSystem, verdictsOn } from "../knowledge/advisories/host-verdicts.ts";
import type { Check } from "../knowledge/knowledge.ts";
import {
	findSubject,
	listRecordsOfSet,
	listSubjectSets,
	markedSubjects,
	type SetRecord,
	type StoredSubject,
	type SubjectHost,
} from "../store/subjects.ts";
import type { ChangedSubjects } from "./changed-subjects.ts";
import { checkOfAdvisory } from "./host-checks.ts";

/** Checks of the advisories that changed; null: the host is to be judged as a whole. */
export interface Concerned extends SetRecord {
	readonly checks: readonly Check[] | null;
}

const setsRead = 50;
const hostsRead = 500;
const beforeAll: SubjectHost = { asset: 0, address: "" };
/** Sets that have the same of what changed are many; what is said of one is then said of the next. */
const mostKept = 2_000;
/** More than these are seldom met again together. */
const longestKey = 200;

export class ConcernedHosts {
	readonly #db: DatabaseSync;
	readonly #book: AdvisoryBook;
	readonly #changed: ChangedSubjects;
	/** Not 0 for subjects that changed, and those that an advisory which changed speaks of. */
	readonly #marks: Uint8Array;
	#isStale = false;
	readonly #subjects = new Map<number, StoredSubject | null>();
	readonly #checks = new Map<string, readonly Check[] | null>();

	constructor(db: DatabaseSync, book: AdvisoryBook, changed: ChangedSubjects) {
		this.#db = db;
		this.#book = book;
		this.#changed = changed;
		this.#marks = new Uint8Array(changed.last + 1);
		for (const id of [...changed.bySubject.keys(), ...changed.carried.keys()]) this.#marks[id] = 1;
	}

	/** Null now and then: one set further. Between any two the store may be written to, if `lookAgain` is called then. */
	*hosts(): Generator<Concerned | null> {
		for (let after = 0; ; ) {
			const sets = listSubjectSets(this.#db, after, setsRead);
			for (const set of sets) {
				after = set.id;
				const marked = markedSubjects(set, this.#marks);
				const system = this.#changed.systems.get(set.system);
				if (system === undefined || !marked.some((id) => this.#changed.bySubject.has(id))) yield null;
				else yield* this.#hostsOf(set.id, this.#checksOf(system, set.system, marked));
			}
			if (sets.length < setsRead) return;
		}
	}

	/** Somebody else may have written to the store since: which hosts a set has is asked again. */
	lookAgain(): void {
		this.#isStale = true;
	}

	*#hostsOf(set: number, checks: readonly Check[] | null): Generator<Concerned> {
		for (let after = beforeAll; ; ) {
			this.#isStale = false;
			const hosts = listRecordsOfSet(this.#db, set, after, hostsRead);
			for (const one of hosts) {
				after = one.host;
				yield { ...one, checks };
				if (this.#isStale) break;
			}
			if (!this.#isStale && hosts.length < hostsRead) return;
		}
	}

	#checksOf(system: JudgedSystem, number: number, marked: readonly number[]): readonly Check[] | null {
		if (marked.length > longestKey) return this.#make(system, marked);
		const key = `${number} ${marked.join(" ")}`;
		const known = this.#checks.get(key);
		if (known !== undefined) return known;
		if (this.#checks.size >= mostKept) this.#checks.clear();
		const made = this.#make(system, marked);
		this.#checks.set(key, made);
		return made;
	}

	#make(system: JudgedSystem, marked: readonly number[]): readonly Check[] | null {
		const { bySubject, suspicious, carried, names } = this.#changed;
		const changed = marked.filter((id) => bySubject.has(id));
		if (changed.some((id) => suspicious.has(id))) return null;
		const keys = new Set(changed.flatMap((id) => bySubject.get(id) ?? []));
		const concerned = marked.filter((id) => carried.get(id)?.some((key) => keys.has(key)) === true);
		const subjects = concerned.map((id) => this.#subject(id)).filter((one) => one !== null);
		const { verdicts } = verdictsOn(system, subjects, this.#book.judge);
		return [...keys]
			.flatMap((key) => names.get(key) ?? [])
			.map((name) =>
				checkOfAdvisory(this.#book, `${advisoryFolder}${name}`, verdicts.get(name) ?? null, system.manager),
			);
	}

	#subject(id: number): StoredSubject | null {
		const known = this.#subjects.get(id);
		if (known !== undefined) return known;
		if (this.#subjects.size >= 20 * mostKept) this.#subjects.clear();
		const found = findSubject(this.#db, id);
		this.#subjects.set(id, found);
		return found;
	}
}
