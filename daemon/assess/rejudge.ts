/** Judges everything again after the knowledge changed, from stored evidence: no packet is sent. */
import { setImmediate } from "node:timers/promises";
import type { Knowledge } from "../knowledge/knowledge.ts";
import { listAssetIds } from "../store/assets.ts";
import { findMeta, saveMeta } from "../store/counters.ts";
import { refreshSignatures, saveSignatures } from "../store/signatures.ts";
import { transaction } from "../store/sql.ts";
import type { Store } from "../store/store.ts";
import { rejudgeOne } from "./rejudge-one.ts";

/** Assets of one transaction, unless it takes too long. */
const batchSize = 200;
/** After this the event loop gets its turn; a host of thousands of packages takes some milliseconds. */
const batchMs = 10;
const judgedWith = "judged-with";

export interface RejudgeOutcome {
	/** Assets judged; 0 when the knowledge has not changed. */
	assets: number;
	opened: number;
	corrected: number;
}

/**
 * Judges every asset whose findings rest on another knowledge than this. Each batch is a transaction; stopped half-way it
 * starts over at the next call, which is harmless.
 */
export async function rejudge(
	store: Store,
	knowledge: Knowledge,
	options: { signal?: AbortSignal } = {},
): Promise<RejudgeOutcome> {
	const outcome: RejudgeOutcome = { assets: 0, opened: 0, corrected: 0 };
	const { db } = store;
	if (findMeta(db, judgedWith) === knowledge.version) return outcome;
	saveSignatures(db, knowledge.version, knowledge.signatures);
	refresh(store, knowledge);
	for (let after = 0; ; ) {
		options.signal?.throwIfAborted();
		const ids = listAssetIds(db, after, batchSize);
		if (ids.length === 0) break;
		transaction(db, () => {
			const until = performance.now() + batchMs;
			for (const id of ids) {
				add(outcome, rejudgeOne(store, knowledge, id));
				after = id;
				if (performance.now() >= until) break;
			}
		});
		await setImmediate();
	}
	transaction(db, () => saveMeta(db, judgedWith, knowledge.version));
	return outcome;
}

function add(outcome: RejudgeOutcome, { opened, corrected }: { opened: number; corrected: number }): void {
	outcome.assets++;
	outcome.opened += opened;
	outcome.corrected += corrected;
}

function refresh({ db }: Store, { advisories }: Knowledge): void {
	if (advisories === undefined) return;
	transaction(db, () =>
		refreshSignatures(
			db,
			(cves) => advisories.urgencyOf(cves),
			(id) => advisories.findSignature(id)?.signature ?? null,
		),
	);
}
