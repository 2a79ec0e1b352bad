/** What other knowledge would change in the findings, and why, from stored evidence. Reads only. */
import type { AdvisoryBook } from "../knowledge/advisories/book.ts";
import type { HostVerdicts } from "../knowledge/advisories/host-verdicts.ts";
import { findAsset } from "../store/assets.ts";
import { listRecords } from "../store/evidence.ts";
import type { Store } from "../store/store.ts";
import { listPackagePlaces, type SubjectHost } from "../store/subjects.ts";
import { diffSubjects } from "./diff-subjects.ts";
import { newestOf, withoutReplaced } from "./newest-evidence.ts";
import { Turns } from "./turns.ts";
import { compareVerdicts, type HostChange, type KnowledgeChange } from "./verdict-changes.ts";

export interface KnowledgeDiff {
	/** Most hosts first, of the same kind. */
	readonly changes: KnowledgeChange[];
	/** Hosts whose packages are known, and of these those for which something changes. */
	readonly hosts: number;
	readonly changedHosts: number;
}

const placesRead = 500;
/** Hosts that are named for each change. */
const mostNamed = 5;

/** `before` null: no feed was ever taken in. */
export async function diffKnowledge(
	store: Store,
	before: AdvisoryBook | null,
	after: AdvisoryBook | null,
): Promise<KnowledgeDiff> {
	const changes = new Map<string, KnowledgeChange>();
	const changed = new Set<number>();
	const turns = new Turns();
	const tell = (asset: number, found: readonly HostChange[]) => {
		changed.add(asset);
		for (const change of found)
			gather(changes, change, () => findAsset(store.db, { id: asset })?.name ?? String(asset));
	};
	const { hosts, unsorted } = await packageHosts(store, turns);
	await diffSubjects(store.db, { before, after }, turns, (asset, found) => {
		if (!unsorted.has(asset)) tell(asset, found);
	});
	for (const asset of unsorted) {
		await turns.pause();
		const found = hostChanges(store, asset, before, after);
		if (found.length > 0) tell(asset, found);
	}
	const order = ["new", "changed", "gone"] as const;
	const sorted = [...changes.values()].toSorted(
		(a, b) =>
			order.indexOf(a.change) - order.indexOf(b.change) || b.hosts - a.hosts || (placeOf(a) < placeOf(b) ? -1 : 1),
	);
	return { changes: sorted, hosts, changedHosts: changed.size };
}

function placeOf({ advisory, before, after, why }: HostChange): string {
	return [advisory, before, after, why].join("\n");
}

function gather(changes: Map<string, KnowledgeChange>, change: HostChange, nameOf: () => string): void {
	const key = `${change.change}\n${placeOf(change)}`;
	const known = changes.get(key);
	if (known === undefined) changes.set(key, { ...change, hosts: 1, named: [nameOf()] });
	else {
		known.hosts++;
		if (known.named.length < mostNamed) known.named.push(nameOf());
	}
}

/** How many hosts there are whose packages are known, and those of which it is not known what subjects they have. */
async function packageHosts({ db }: Store, turns: Turns): Promise<{ hosts: number; unsorted: ReadonlySet<number> }> {
	const unsorted = new Set<number>();
	let hosts = 0;
	for (let after: SubjectHost = { asset: 0, address: "" }; ; await turns.pause()) {
		const places = listPackagePlaces(db, after, placesRead);
		for (const place of places) {
			if (place.asset !== after.asset) hosts++;
			after = place;
			if (!place.known) unsorted.add(place.asset);
		}
		if (places.length < placesRead) return { hosts, unsorted };
	}
}

/** One host as a whole, from its newest evidence. */
function hostChanges({ db }: Store, id: number, before: AdvisoryBook | null, after: AdvisoryBook | null): HostChange[] {
	const records = withoutReplaced(listRecords(db, id));
	const lists = records.filter((record) => record.kind === "packages");
	return lists.flatMap((record) => {
		const system = newestOf(records, "system", record.address)?.data ?? null;
		const judge = (book: AdvisoryBook | null) => told(book?.judgeHost(system, record.data) ?? null);
		return compareVerdicts(judge(before), judge(after), before, after);
	});
}

function told(judged: HostVerdicts | null): HostVerdicts["verdicts"] | null {
	return judged === null || judged.problem !== null ? null : judged.verdicts;
}
