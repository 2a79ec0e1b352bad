/** Judges everything again after the knowledge changed, from stored evidence: no packet is sent. */
import { setImmediate } from "node:timers/promises";
import type { EvidenceRecord } from "../evidence/record.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";
import { countAssetFindings, listAssetIds } from "../store/assets.ts";
import { findMeta, saveMeta, Tally } from "../store/counters.ts";
import { listRecords } from "../store/evidence.ts";
import { listPriorFindings } from "../store/finding-writes.ts";
import { saveSignatures } from "../store/signatures.ts";
import { transaction } from "../store/sql.ts";
import type { Store } from "../store/store.ts";
import { applyTransitions } from "./apply.ts";
import { rejudgeAsset } from "./rejudge-asset.ts";

/** Assets judged before the event loop gets its turn. */
const batchSize = 20;
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
	for (let after = 0; ; ) {
		options.signal?.throwIfAborted();
		const ids = listAssetIds(db, after, batchSize);
		const last = ids.at(-1);
		if (last === undefined) break;
		transaction(db, () => {
			for (const id of ids) rejudgeOne(store, knowledge, id, outcome);
		});
		after = last;
		await setImmediate();
	}
	transaction(db, () => saveMeta(db, judgedWith, knowledge.version));
	return outcome;
}

function rejudgeOne({ db, clock }: Store, knowledge: Knowledge, assetId: number, outcome: RejudgeOutcome): void {
	const prior = listPriorFindings(db, assetId, null);
	const known = new Set(knowledge.signatures.map((signature) => signature.id));
	const at = clock.now();
	const transitions = rejudgeAsset({
		records: listRecords(db, assetId),
		checksFor: (kind: EvidenceRecord["kind"]) => knowledge.checksFor(kind),
		isKnown: (signature) => known.has(signature),
		prior,
		now: at,
	});
	outcome.assets++;
	if (transitions.length === 0) return;
	const tally = new Tally();
	const { openChange } = applyTransitions({ db, tally, assetId, scan: null, at, prior }, transitions);
	countAssetFindings(db, assetId, openChange);
	tally.write(db, at);
	for (const transition of transitions) {
		if (transition.act === "insert") outcome.opened++;
		if (transition.act !== "update") continue;
		if (transition.event === "reopened") outcome.opened++;
		if (transition.event === "corrected") outcome.corrected++;
	}
}
