/** The hosts whose packages feeds say something else of, found by their sets of subjects; and what is said of them now. */
import type { DatabaseSync } from "node:sqlite";
import { advisoryFolder } from "../knowledge/advisories/advisory-signature.ts";
import type { AdvisoryBook } from "../knowledge/advisories/book.ts";
import { type JudgedSystem, verdictsOn } from "../knowledge/advisories/host-verdicts.ts";
import type { Check } from "../knowledge/knowledge.ts";
import {
	findSubject,
	listRecordsOfSet,
	listRecordsOfSets,
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
	/** Hosts of the sets beside each other, most of which have one: asked for all at once, good until the store changes. */
	#found = new Map<number, readonly SetRecord[]>();
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
			const sets = listSubjectSets(this.#db, after, setsRead).map((set) => ({
				...{ id: set.id, number: set.system, system: this.#changed.systems.get(set.system) },
				marked: markedSubjects(set, this.#marks),
			}));
			const concerned = sets.filter(({ marked }) => marked.some((id) => this.#changed.bySubject.has(id)));
			for (const [at, { id, number, system, marked }] of concerned.entries()) {
				if (system === undefined) continue;
				if (!this.#found.has(id)) this.#find(concerned.slice(at).map((set) => set.id));
				yield* this.#hostsOf(id, this.#checksOf(system, number, marked));
			}
			yield null;
			after = sets.at(-1)?.id ?? after;
			if (sets.length < setsRead) return;
		}
	}

	#find(sets: readonly number[]): void {
		const found = new Map(sets.map((set) => [set, [] as SetRecord[]]));
		const { records, isCut } = listRecordsOfSets(this.#db, sets, hostsRead);
		for (const { set, ...record } of records) found.get(set)?.push(record);
		// Of the last one there may be more, and of those after it.
		const last = isCut ? records.at(-1)?.set : undefined;
		this.#found = new Map([...found].filter(([set]) => last === undefined || set < last));
	}

	/** Somebody else may have written to the store since: which hosts a set has is asked again. */
	lookAgain(): void {
		this.#isStale = true;
		this.#found.clear();
	}

	*#hostsOf(set: number, checks: readonly Check[] | null): Generator<Concerned> {
		for (let after = beforeAll; ; ) {
			this.#isStale = false;
			const found = after === beforeAll ? this.#found.get(set) : undefined;
			const hosts = found ?? listRecordsOfSet(this.#db, set, after, hostsRead);
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
