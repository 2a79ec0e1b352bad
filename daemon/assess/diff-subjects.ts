/**
 * What other knowledge would change, by what hosts have: each version of each package is judged twice, once for all hosts,
 * and each set of packages that differs is compared once. What comes out is what comparing each host as a whole comes to.
 */
import type { DatabaseSync } from "node:sqlite";
import type { AdvisoryBook } from "../knowledge/advisories/book.ts";
import { isSpokenOf, type JudgedSystem, verdictsOn } from "../knowledge/advisories/host-verdicts.ts";
import type { Subject } from "../knowledge/advisories/match.ts";
import {
	findSubject,
	lastSubject,
	listRecordsOfSet,
	listSubjectSets,
	listSubjects,
	listSystems,
	markedSubjects,
	type StoredSubject,
	type SubjectHost,
} from "../store/subjects.ts";
import type { Turns } from "./turns.ts";
import { compareVerdicts, type HostChange, type Verdicts, wordsOf } from "./verdict-changes.ts";

const batch = 500;
/** Sets that differ by the same packages are many: what one comes to the next comes to. */
const mostKept = 2_000;
const carries = 1;
const differs = 2;

export interface Books {
	readonly before: AdvisoryBook | null;
	readonly after: AdvisoryBook | null;
}

/** Tells each host whose subjects are known and for which something changes. */
export async function diffSubjects(
	db: DatabaseSync,
	books: Books,
	turns: Turns,
	tell: (asset: number, changes: readonly HostChange[]) => void,
): Promise<void> {
	const systems = new Map([...listSystems(db)].map(([id, body]) => [id, JSON.parse(body) as JudgedSystem]));
	const marks = await markSubjects(db, books, systems, turns);
	const kept = new Map<string, readonly HostChange[]>();
	for (let after = 0; ; ) {
		const sets = listSubjectSets(db, after, batch);
		for (const set of sets) {
			after = set.id;
			await turns.pause();
			const system = systems.get(set.system);
			const marked = markedSubjects(set, marks);
			if (system === undefined || !marked.some((id) => marks[id] === differs)) continue;
			const key = `${set.system} ${marked.join(" ")}`;
			const changes = kept.get(key) ?? changesOf(db, books, system, marked);
			if (kept.size >= mostKept) kept.clear();
			kept.set(key, changes);
			if (changes.length > 0) await tellHosts(db, set.id, turns, (asset) => tell(asset, changes));
		}
		if (sets.length < batch) return;
	}
}

async function tellHosts(db: DatabaseSync, set: number, turns: Turns, tell: (asset: number) => void): Promise<void> {
	for (let after: SubjectHost = { asset: 0, address: "" }; ; await turns.pause()) {
		const hosts = listRecordsOfSet(db, set, after, batch);
		for (const { host } of hosts) {
			after = host;
			tell(host.asset);
		}
		if (hosts.length < batch) return;
	}
}

/** By number: what is said of a subject differs, or it carries an advisory of which what is said differs somewhere. */
async function markSubjects(
	db: DatabaseSync,
	books: Books,
	systems: ReadonlyMap<number, JudgedSystem>,
	turns: Turns,
): Promise<Uint8Array> {
	const marks = new Uint8Array(lastSubject(db) + 1);
	const changed = new Set<string>();
	const carried = new Map<number, readonly string[]>();
	for (let after: Pick<StoredSubject, "system" | "name" | "id"> = { system: 0, name: "", id: 0 }; ; ) {
		const rows = listSubjects(db, after, batch);
		for (const row of rows) {
			after = row;
			await turns.pause();
			const system = systems.get(row.system);
			if (system === undefined) continue;
			const [then, now] = [judged(books.before, system, [row]), judged(books.after, system, [row])];
			if (now === null) continue;
			const names = [...new Set([...(then?.keys() ?? []), ...now.keys()])];
			const different = names.filter((name) => told(then, name) !== told(now, name));
			for (const name of different) changed.add(name);
			if (different.length > 0) marks[row.id] = differs;
			else if (names.length > 0) carried.set(row.id, names);
		}
		if (rows.length < batch) break;
	}
	for (const [id, names] of carried) if (names.some((name) => changed.has(name))) marks[id] = carries;
	return marks;
}

/** Null when nothing can be told of such a system. */
function judged(book: AdvisoryBook | null, system: JudgedSystem, subjects: readonly Subject[]): Verdicts | null {
	if (book === null || !isSpokenOf(system.ecosystems, book.judge)) return null;
	return verdictsOn(system, subjects, book.judge).verdicts;
}

function told(verdicts: Verdicts | null, name: string): string | null {
	const verdict = verdicts?.get(name);
	return verdict === undefined ? null : wordsOf(verdict);
}

function changesOf(
	db: DatabaseSync,
	{ before, after }: Books,
	system: JudgedSystem,
	marked: readonly number[],
): readonly HostChange[] {
	const subjects = marked.flatMap((id) => findSubject(db, id) ?? []);
	return compareVerdicts(judged(before, system, subjects), judged(after, system, subjects), before, after);
}
