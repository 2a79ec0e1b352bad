/** Judges everything again after the knowledge changed, from stored evidence: no packet is sent. */
import { bookRevision } from "../knowledge/advisories/book.ts";
import { findBannerCheck } from "../knowledge/banners/checks.ts";
import { type Knowledge, signaturesVersion } from "../knowledge/knowledge.ts";
import { listAssetIds } from "../store/assets.ts";
import { forgetBannerHosts } from "../store/banner-hosts.ts";
import { holdCheckpoints } from "../store/checkpointer.ts";
import { findMeta, saveMeta } from "../store/counters.ts";
import { refreshSignatures, saveSignatures } from "../store/signatures.ts";
import { transaction } from "../store/sql.ts";
import type { Store } from "../store/store.ts";
import { forgetSubjects } from "../store/subjects.ts";
import { SubjectChanges } from "./changed-subjects.ts";
import { rejudgeBanners } from "./rejudge-banners.ts";
import { rejudgeOne } from "./rejudge-one.ts";
import { rejudgeConcerned, sortHosts } from "./rejudge-packages.ts";
import { Turns } from "./turns.ts";

/** Assets read at a time. */
const batchSize = 200;
/** With what all findings were last judged; while they are being judged, nothing. */
const judgedWith = "judged-with";
/** The same of the signatures alone, and the way of judging packages. */
const judgedWithSignatures = "judged-with-signatures";
/** How sets of subjects were made. */
const subjectsMadeBy = "subjects-made-by";

export interface RejudgeOutcome {
	/** Assets whose findings may change, and were judged; 0 when the knowledge has not changed. */
	assets: number;
	opened: number;
	corrected: number;
}

/**
 * Judges every asset whose findings rest on another knowledge than this. When only feeds changed, these are the hosts whose
 * packages they say something else of. Stopped half-way, by a crash too, it starts over at the next call.
 */
export async function rejudge(
	store: Store,
	knowledge: Knowledge,
	options: { signal?: AbortSignal } = {},
): Promise<RejudgeOutcome> {
	const outcome: RejudgeOutcome = { assets: 0, opened: 0, corrected: 0 };
	if (findMeta(store.db, judgedWith) === knowledge.version) return outcome;
	const log = holdCheckpoints(store.db);
	try {
		await rejudgeIn(new Turns(options.signal, () => log.room()), store, knowledge, outcome);
	} finally {
		log.end();
	}
	return outcome;
}

async function rejudgeIn(turns: Turns, store: Store, knowledge: Knowledge, outcome: RejudgeOutcome): Promise<void> {
	const { db } = store;
	saveSignatures(db, signaturesVersion(knowledge), knowledge.signatures);
	const signatures = `${signaturesVersion(knowledge)} ${bookRevision}`;
	const onlyFeeds = findMeta(db, judgedWithSignatures) === signatures;
	const wasCutOff = findMeta(db, judgedWith) === "";
	transaction(db, () => {
		// Others than those that were looked at may have been judged by what was known then.
		if (wasCutOff || !onlyFeeds) forgetBannerHosts(db);
		saveMeta(db, judgedWith, "");
		if (!onlyFeeds) saveMeta(db, judgedWithSignatures, "");
		if (findMeta(db, subjectsMadeBy) !== String(bookRevision)) forgetSubjects(db);
		saveMeta(db, subjectsMadeBy, String(bookRevision));
	});
	await refresh(store, knowledge, turns);
	const changes = new SubjectChanges(db, knowledge, turns);
	const changed = await changes.find();
	const count = ({ opened, corrected }: { opened: number; corrected: number }) => {
		outcome.assets++;
		outcome.opened += opened;
		outcome.corrected += corrected;
	};
	if (onlyFeeds) {
		await rejudgeConcerned(store, knowledge, changed, turns, count);
		await rejudgeBanners(store, knowledge, turns, count);
	} else {
		await rejudgeAll(store, knowledge, turns, count);
		await sortHosts(store, knowledge, turns, () => {});
	}
	await changes.settle();
	transaction(db, () => {
		saveMeta(db, judgedWith, knowledge.version);
		saveMeta(db, judgedWithSignatures, signatures);
	});
}

async function rejudgeAll(
	store: Store,
	knowledge: Knowledge,
	turns: Turns,
	count: (outcome: { opened: number; corrected: number }) => void,
): Promise<void> {
	for (let after = 0; ; await turns.next()) {
		const ids = listAssetIds(store.db, after, batchSize);
		if (ids.length === 0) return;
		transaction(store.db, () => {
			for (const id of ids) {
				count(rejudgeOne(store, knowledge, id));
				after = id;
				if (turns.isOver) break;
			}
		});
	}
}

/** Hundreds at a time: after some years of advisories there are tens of thousands. */
async function refresh({ db }: Store, { advisories }: Knowledge, turns: Turns): Promise<void> {
	if (advisories === undefined) return;
	const urgencyOf = (cves: readonly string[]) => advisories.urgencyOf(cves);
	const made = (id: string) => (advisories.findSignature(id) ?? findBannerCheck(id, advisories))?.signature ?? null;
	for (let after: number | null = 0; after !== null; await turns.next()) {
		const from: number = after;
		after = transaction(db, () => refreshSignatures(db, from, urgencyOf, made, () => turns.isOver));
	}
}
