/** The hosts whose packages feeds say something else of, found by their sets of subjects; and what is said of them now. */
import type { DatabaseSync } from "node:sqlite";
import { advisoryFolder } from "../knowledge/advisories/advisory-signature.ts";
import type { AdvisoryBook } from "../knowledge/advisories/book.ts";
import { type JudgedSystem, verdictsOn } from "../knowledge/advisories/host-verdicts.ts";
import type { Check } from "../knowledge/knowledge.ts";
import {
	findSubject,
	listHostsOfSet,
	listSubjectSets,
	type StoredSubject,
	type SubjectHost,
	subjectsOfSet,
} from "../store/subjects.ts";
import type { ChangedSubjects } from "./changed-subjects.ts";
import { checkOfAdvisory } from "./host-checks.ts";

/** Checks of the advisories that changed; null: the host is to be judged as a whole. */
export interface Concerned {
	readonly host: SubjectHost;
	readonly set: number;
	readonly checks: readonly Check[] | null;
}

const setsRead = 50;
const hostsRead = 500;
const beforeAll: SubjectHost = { asset: 0, address: "" };
/** Sets that have the same of what changed are many; what is said of one is then said of the next. */
const mostKept = 2_000;
/** A key longer than this is seldom met again. Numbers. */
const longestKey = 200;

export class ConcernedHosts {
	readonly #db: DatabaseSync;
	readonly #book: AdvisoryBook;
	readonly #changed: ChangedSubjects;
	/** Place of each subject in the set looked at: those of earlier sets are below `#start`. */
	readonly #places: Int32Array;
	#start = 1;
	readonly #subjects = new Map<number, StoredSubject | null>();
	readonly #checks = new Map<string, readonly Check[]>();

	constructor(db: DatabaseSync, book: AdvisoryBook, changed: ChangedSubjects) {
		this.#db = db;
		this.#book = book;
		this.#changed = changed;
		this.#places = new Int32Array(changed.last + 1);
	}

	/** Null now and then: one set further. Between any two the store may be written to. */
	*hosts(): Generator<Concerned | null> {
		for (let after = 0; ; ) {
			const sets = listSubjectSets(this.#db, after, setsRead);
			for (const set of sets) {
				after = set.id;
				const subjects = subjectsOfSet(set);
				if (!this.#isConcerned(subjects)) {
					yield null;
					continue;
				}
				const system = this.#changed.systems.get(set.system);
				yield* this.#hostsOf(set.id, system === undefined ? null : this.#checksOf(system, set.system, subjects));
			}
			if (sets.length < setsRead) return;
		}
	}

	#isConcerned(subjects: readonly number[]): boolean {
		const { bySubject } = this.#changed;
		return subjects.some((id) => bySubject.has(id));
	}

	*#hostsOf(set: number, checks: readonly Check[] | null): Generator<Concerned> {
		for (let after = beforeAll; ; ) {
			const hosts = listHostsOfSet(this.#db, set, after, hostsRead);
			for (const host of hosts) yield { host, set, checks };
			const last = hosts.at(-1);
			if (last === undefined || hosts.length < hostsRead) return;
			after = last;
		}
	}

	#checksOf(system: JudgedSystem, number: number, subjects: readonly number[]): readonly Check[] | null {
		const { bySubject, suspicious, carriers } = this.#changed;
		const changed = subjects.filter((id) => bySubject.has(id));
		if (changed.some((id) => suspicious.has(id))) return null;
		this.#place(subjects);
		const keys = new Set(changed.flatMap((id) => bySubject.get(id) ?? []));
		const own = new Set([...keys].flatMap((key) => (carriers.get(key) ?? []).filter((id) => this.#placeOf(id) >= 0)));
		const ordered = [...own].toSorted((a, b) => this.#placeOf(a) - this.#placeOf(b));
		const parts = [number, ...[...keys].toSorted((a, b) => a - b), 0, ...ordered];
		if (parts.length > longestKey) return this.#make(system, keys, ordered);
		const key = parts.join(" ");
		const known = this.#checks.get(key) ?? this.#make(system, keys, ordered);
		if (this.#checks.size >= mostKept) this.#checks.clear();
		this.#checks.set(key, known);
		return known;
	}

	#place(subjects: readonly number[]): void {
		if (this.#start + subjects.length > 2 ** 31 - 1) {
			this.#places.fill(0);
			this.#start = 1;
		}
		for (const [i, id] of subjects.entries()) this.#places[id] = this.#start + i;
		this.#start += subjects.length;
		this.#size = subjects.length;
	}

	#size = 0;

	/** In the set placed last; below 0: not in it. */
	#placeOf(id: number): number {
		return (this.#places[id] ?? 0) - (this.#start - this.#size);
	}

	#make(system: JudgedSystem, keys: ReadonlySet<number>, subjects: readonly number[]): readonly Check[] {
		const known = subjects.map((id) => this.#subject(id)).filter((one) => one !== null);
		const { verdicts } = verdictsOn(system, known, this.#book.judge);
		const names = [...keys].flatMap((key) => this.#changed.names.get(key) ?? []);
		return names.map((name) =>
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
