/** What other knowledge would change in the findings, and why, from stored evidence. Reads only. */
import { setImmediate } from "node:timers/promises";
import type { z } from "zod";
import type { knowledgeChange } from "../../protocol/model/knowledge.ts";
import type { AdvisoryBook } from "../knowledge/advisories/book.ts";
import type { AdvisoryVerdict, HostVerdicts } from "../knowledge/advisories/host-verdicts.ts";
import { findAsset, listAssetIds } from "../store/assets.ts";
import { listRecords } from "../store/evidence.ts";
import type { Store } from "../store/store.ts";
import { lineOf } from "./advisory-result.ts";
import { newestOf, withoutReplaced } from "./newest-evidence.ts";

export type KnowledgeChange = z.infer<typeof knowledgeChange>;

export interface KnowledgeDiff {
	/** Most hosts first, of the same kind. */
	readonly changes: KnowledgeChange[];
	/** Hosts whose packages are known, and of these those for which something changes. */
	readonly hosts: number;
	readonly changedHosts: number;
}

/** Hosts judged before the event loop gets its turn, at most; and for how long. Milliseconds. */
const batchSize = 100;
const batchMs = 10;
/** Hosts that are named for each change. */
const mostNamed = 5;

/** `before` null: no feed was ever taken in. */
export async function diffKnowledge(
	store: Store,
	before: AdvisoryBook | null,
	after: AdvisoryBook | null,
): Promise<KnowledgeDiff> {
	const changes = new Map<string, KnowledgeChange>();
	let [hosts, changedHosts] = [0, 0];
	for (let last = 0; ; await setImmediate()) {
		const ids = listAssetIds(store.db, last, batchSize);
		if (ids.length === 0) break;
		const until = performance.now() + batchMs;
		for (const id of ids) {
			last = id;
			const found = hostChanges(store, id, before, after);
			if (found === null) continue;
			hosts++;
			if (found.length > 0) changedHosts++;
			for (const change of found) gather(changes, change, () => findAsset(store.db, { id })?.name ?? String(id));
			if (performance.now() >= until) break;
		}
	}
	const order = ["new", "changed", "gone"] as const;
	const sorted = [...changes.values()].toSorted(
		(a, b) =>
			order.indexOf(a.change) - order.indexOf(b.change) || b.hosts - a.hosts || (a.advisory < b.advisory ? -1 : 1),
	);
	return { changes: sorted, hosts, changedHosts };
}

type HostChange = Omit<KnowledgeChange, "hosts" | "named">;

function gather(changes: Map<string, KnowledgeChange>, change: HostChange, nameOf: () => string): void {
	const key = [change.change, change.advisory, change.before, change.after].join("\n");
	const known = changes.get(key);
	if (known === undefined) changes.set(key, { ...change, hosts: 1, named: [nameOf()] });
	else {
		known.hosts++;
		if (known.named.length < mostNamed) known.named.push(nameOf());
	}
}

/** Null when the host's packages are not known. */
function hostChanges(
	{ db }: Store,
	id: number,
	before: AdvisoryBook | null,
	after: AdvisoryBook | null,
): HostChange[] | null {
	const records = withoutReplaced(listRecords(db, id));
	const lists = records.filter((record) => record.kind === "packages");
	if (lists.length === 0) return null;
	return lists.flatMap((record) => {
		const system = newestOf(records, "system", record.address)?.data ?? null;
		const judge = (book: AdvisoryBook | null) => book?.judgeHost(system, record.data) ?? null;
		return compare(judge(before), judge(after), before, after);
	});
}

function compare(
	then: HostVerdicts | null,
	now: HostVerdicts | null,
	before: AdvisoryBook | null,
	after: AdvisoryBook | null,
): HostChange[] {
	// What cannot be judged any more is left as it is: nothing closes for want of knowledge.
	if (now === null || now.problem !== null) return [];
	const changes: HostChange[] = [];
	for (const [name, verdict] of now.verdicts) {
		const was = then?.verdicts.get(name);
		const [old, current] = [was === undefined ? null : wordsOf(was), wordsOf(verdict)];
		if (old === current) continue;
		const why = was === undefined ? whyNew(verdict, before) : "the vendor's record has changed";
		changes.push(changeOf(was === undefined ? "new" : "changed", verdict, old, current, why, after));
	}
	for (const [name, verdict] of then?.verdicts ?? []) {
		if (now.verdicts.has(name)) continue;
		changes.push(changeOf("gone", verdict, wordsOf(verdict), null, whyGone(verdict, now, after), before));
	}
	return changes;
}

function changeOf(
	change: KnowledgeChange["change"],
	verdict: AdvisoryVerdict,
	before: string | null,
	after: string | null,
	why: string,
	book: AdvisoryBook | null,
): HostChange {
	const { advisory, severity, fix } = verdict;
	const signature = book?.signatureOf(advisory).signature;
	const rated = advisory.severity !== null || advisory.cvss.length > 0 ? null : severity;
	return {
		...{ change, advisory: advisory.name, title: advisory.title, cves: [...advisory.cves], fix, before, after, why },
		severity: rated ?? signature?.severity ?? 3,
	};
}

/** A line for each package. */
function wordsOf({ packages }: AdvisoryVerdict): string {
	return [...new Set(packages.map(lineOf))].join("\n");
}

function whyNew({ advisory }: AdvisoryVerdict, before: AdvisoryBook | null): string {
	const held = before?.base.find(advisory.name).some(({ name }) => name === advisory.name) === true;
	if (held) return "the vendor's record now names this version";
	return `new in ${advisory.feed}`;
}

function whyGone({ advisory }: AdvisoryVerdict, now: HostVerdicts, after: AdvisoryBook | null): string {
	const instead = [...now.verdicts.values()].find((other) =>
		other.advisory.cves.some((cve) => advisory.cves.includes(cve)),
	);
	if (instead !== undefined) return `told by ${instead.advisory.name} instead`;
	const held = after?.base.find(advisory.name).find(({ name }) => name === advisory.name);
	if (held === undefined) return `${advisory.feed} does not have it any more`;
	return held.withdrawnAt === null ? "the vendor's record no longer names this version" : "withdrawn by the vendor";
}
