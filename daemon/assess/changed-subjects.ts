/** Of which subjects feeds say something else than when hosts were last judged, and by which advisories. */
import type { DatabaseSync } from "node:sqlite";
import { advisoryFolder } from "../knowledge/advisories/advisory-signature.ts";
import type { JudgedSystem } from "../knowledge/advisories/host-verdicts.ts";
import {
	digestNumber,
	digestOf,
	keyOfName,
	packKeys,
	type Sayings,
	suspicions,
	unpackSayings,
} from "../knowledge/advisories/sayings.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";
import { listAdvisoryNames } from "../store/signatures.ts";
import { transaction } from "../store/sql.ts";
import {
	lastSubject,
	listSaid,
	listSubjects,
	listSystems,
	type SaidOfSubject,
	type StoredSubject,
	saveSaid,
} from "../store/subjects.ts";
import { sayingsBookOf, toSaid } from "./host-subjects.ts";
import type { Turns } from "./turns.ts";

/** Advisories stand as keys of their names (sayings.ts). */
export interface ChangedSubjects {
	/** Advisories of which something else is said, by subject. */
	readonly bySubject: ReadonlyMap<number, readonly number[]>;
	/** Subjects where another suspicion is settled than before: their hosts are to be judged as a whole. */
	readonly suspicious: ReadonlySet<number>;
	/** Which of these advisories speak of a subject now, changed or not. */
	readonly carried: ReadonlyMap<number, readonly number[]>;
	/** Names of these advisories; those that nothing was ever found by may lack one. */
	readonly names: ReadonlyMap<number, string>;
	/** No subject has a higher number. */
	readonly last: number;
	readonly systems: ReadonlyMap<number, JudgedSystem>;
}

interface Change {
	readonly now: SaidOfSubject;
	/** All advisories that it was or is said by, those that changed with a digest of 0. */
	readonly meanwhile: ReadonlyMap<number, number>;
}

const batch = 200;
const beforeAll = { system: 0, name: "", id: 0 };

/**
 * Looks at all subjects and marks those that changed: as long as `settle` has not been called, whatever is known next is
 * taken for a change to them. Nothing is remembered of what cannot be told by these feeds.
 */
export class SubjectChanges {
	readonly #db: DatabaseSync;
	readonly #knowledge: Knowledge;
	readonly #turns: Turns;
	readonly #changes = new Map<number, Change>();

	constructor(db: DatabaseSync, knowledge: Knowledge, turns: Turns) {
		this.#db = db;
		this.#knowledge = knowledge;
		this.#turns = turns;
	}

	async find(): Promise<ChangedSubjects> {
		const last = lastSubject(this.#db);
		const written = listSystems(this.#db);
		// Written from a system of this very shape.
		const systems = new Map([...written].map(([id, body]) => [id, JSON.parse(body) as JudgedSystem]));
		const names = new Map<number, string>();
		const bySubject = new Map<number, number[]>();
		const suspicious = new Set<number>();
		const keyOfSuspicions = keyOfName(suspicions);
		for await (const subject of this.#subjects()) {
			const change = this.#changeOf(subject, systems.get(subject.system), names);
			if (change === null) continue;
			this.#changes.set(subject.id, change);
			const keys = [...change.meanwhile].flatMap(([key, digest]) => (digest === 0 ? key : []));
			if (keys.includes(keyOfSuspicions)) suspicious.add(subject.id);
			bySubject.set(
				subject.id,
				keys.filter((key) => key !== keyOfSuspicions),
			);
		}
		await this.#mark();
		const keys = new Set([...bySubject.values()].flat());
		return {
			...{ bySubject, suspicious, names: await this.#named(keys, names), last, systems },
			carried: await this.#carriedBy(keys),
		};
	}

	/** All hosts have been judged by what is said now. */
	async settle(): Promise<void> {
		await this.#write([...this.#changes].map(([id, { now }]) => [id, now]));
	}

	async #mark(): Promise<void> {
		await this.#write(
			[...this.#changes].map(([id, { meanwhile }]) => [id, { digest: undecided, said: packKeys(meanwhile) }]),
		);
	}

	async #write(rows: readonly (readonly [number, SaidOfSubject])[]): Promise<void> {
		for (let at = 0; at < rows.length; await this.#turns.next()) {
			transaction(this.#db, () => {
				for (; at < rows.length && !this.#turns.isOver; at++) {
					const row = rows[at];
					if (row !== undefined) saveSaid(this.#db, ...row);
				}
			});
		}
	}

	async *#subjects(): AsyncGenerator<StoredSubject & SaidOfSubject> {
		for (let after: Pick<StoredSubject, "system" | "name" | "id"> = beforeAll; ; ) {
			const rows = listSubjects(this.#db, after, batch);
			for (const row of rows) {
				after = row;
				yield row;
				await this.#turns.pause();
			}
			if (rows.length < batch) return;
		}
	}

	/** Null when nothing has changed. Where nothing can be told now, what was said last stays what hosts are judged by. */
	#changeOf(
		subject: StoredSubject & SaidOfSubject,
		system: JudgedSystem | undefined,
		names: Map<number, string>,
	): Change | null {
		const sayings = system === undefined ? null : (sayingsBookOf(this.#knowledge)?.of(system, subject) ?? null);
		const digest = digestOf(sayings);
		if (sayings === null || digest === null) return withoutSuspicions(subject);
		if (subject.digest !== null && Buffer.compare(subject.digest, digest) === 0) return null;
		return { now: toSaid(sayings), meanwhile: compare(unpackSayings(subject.said), sayings, names) };
	}

	async #carriedBy(keys: ReadonlySet<number>): Promise<Map<number, number[]>> {
		const carried = new Map<number, number[]>();
		if (keys.size === 0) return carried;
		for (let after = 0; ; await this.#turns.pause()) {
			const rows = listSaid(this.#db, after, batch);
			for (const { id, said } of rows) {
				after = id;
				const now = this.#changes.get(id)?.now.said ?? said;
				const own = [...unpackSayings(now).keys()].filter((key) => keys.has(key));
				if (own.length > 0) carried.set(id, own);
			}
			if (rows.length < batch) return carried;
		}
	}

	/** An advisory that is gone is known by the findings it made. */
	async #named(keys: ReadonlySet<number>, names: Map<number, string>): Promise<Map<number, string>> {
		if (![...keys].every((key) => names.has(key))) {
			for (let after = advisoryFolder; ; await this.#turns.pause()) {
				const stored = listAdvisoryNames(this.#db, after, batch);
				for (const id of stored) names.set(keyOfName(id.slice(advisoryFolder.length)), id.slice(advisoryFolder.length));
				after = stored.at(-1) ?? after;
				if (stored.length < batch) break;
			}
		}
		return new Map([...names].filter(([key]) => keys.has(key)));
	}
}

/** No subject's own digest. */
const undecided = new Uint8Array(16);

/** Where nothing can be told any more suspicions are no longer settled; all else stays as it is. */
function withoutSuspicions({ said }: SaidOfSubject): Change | null {
	const meanwhile = unpackSayings(said);
	const key = keyOfName(suspicions);
	if (!meanwhile.has(key)) return null;
	const left = [...meanwhile].filter(([name]) => name !== key);
	return { now: { digest: undecided, said: packKeys(left) }, meanwhile: meanwhile.set(key, 0) };
}

function compare(
	before: ReadonlyMap<number, number>,
	sayings: Sayings,
	names: Map<number, string>,
): Map<number, number> {
	const meanwhile = new Map([...before.keys()].map((key) => [key, 0]));
	for (const [name, words] of sayings) {
		const key = keyOfName(name);
		const digest = digestNumber(words);
		meanwhile.set(key, before.get(key) === digest ? digest : 0);
		if (meanwhile.get(key) === 0) names.set(key, name);
	}
	return meanwhile;
}
