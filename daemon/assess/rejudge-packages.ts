/**
 * Judges hosts again by what feeds say now: only those whose packages they say something else of, and of these only the
 * findings by the advisories that changed. What comes out is what judging each host as a whole would come to.
 */

import type { EvidenceRecord } from "../evidence/record.ts";
import { coverNew } from "../exceptions/sightings.ts";
import { advisoryFolder } from "../knowledge/advisories/advisory-signature.ts";
import type { Check, Knowledge } from "../knowledge/knowledge.ts";
import { countAssetFindings } from "../store/assets.ts";
import { Tally } from "../store/counters.ts";
import { listPriorFindingsBy } from "../store/finding-writes.ts";
import { isGone } from "../store/missed.ts";
import { SignatureTally, signatureNumber } from "../store/signatures.ts";
import { transaction } from "../store/sql.ts";
import type { Store } from "../store/store.ts";
import { listPackagePlaces, type SubjectHost } from "../store/subjects.ts";
import { openTickets } from "../tickets/open-tickets.ts";
import { type ApplyContext, applyTransitions } from "./apply.ts";
import type { ChangedSubjects } from "./changed-subjects.ts";
import { type Concerned, ConcernedHosts } from "./concerned-hosts.ts";
import { keepSubjects } from "./host-subjects.ts";
import { rejudgeAsset } from "./rejudge-asset.ts";
import { type Outcome, outcomeOf, rejudgeOne } from "./rejudge-one.ts";
import type { Turns } from "./turns.ts";

export async function rejudgeConcerned(
	store: Store,
	knowledge: Knowledge,
	changed: ChangedSubjects,
	turns: Turns,
	told: (outcome: Outcome) => void,
): Promise<void> {
	const { db } = store;
	const book = knowledge.advisories;
	if (book !== undefined && changed.bySubject.size > 0) {
		const concerned = new ConcernedHosts(db, book, changed);
		const hosts = concerned.hosts();
		for (let isOver = false; !isOver; await turns.next()) {
			transaction(db, () => {
				concerned.lookAgain();
				const tallies = { tally: new Tally(), signatures: new SignatureTally() };
				while (!turns.isOver) {
					const next = hosts.next();
					isOver = next.done === true;
					if (isOver) break;
					if (next.value !== null && next.value !== undefined) told(rejudgeHost(store, knowledge, next.value, tallies));
				}
				tallies.signatures.write(db);
				tallies.tally.write(db, store.clock.now());
			});
		}
	}
	await sortHosts(store, knowledge, turns, ({ asset }) => told(rejudgeOne(store, knowledge, asset)));
}

/**
 * Finds out which subjects each host has of which that is not known: it was judged by an older program, or merged since.
 * `judge` is called for each of them.
 */
export async function sortHosts(
	{ db }: Store,
	knowledge: Knowledge,
	turns: Turns,
	judge: (host: SubjectHost) => void,
): Promise<void> {
	for (let after: SubjectHost = { asset: 0, address: "" }; ; await turns.pause()) {
		const places = listPackagePlaces(db, after, 200);
		if (places.length === 0) return;
		for (const place of places) {
			after = place;
			if (place.known) continue;
			transaction(db, () => {
				judge(place);
				keepSubjects(db, knowledge, place);
			});
			await turns.pause();
		}
	}
}

function rejudgeHost(
	store: Store,
	knowledge: Knowledge,
	{ host, record: place, checks }: Concerned,
	tallies: Pick<ApplyContext, "tally" | "signatures">,
): Outcome {
	const { db, clock } = store;
	if (isGone(db, host.asset)) return { opened: 0, corrected: 0 };
	if (checks === null) return rejudgeOne(store, knowledge, host.asset);
	const at = clock.now();
	// The checks know what they say: nobody asks for the packages.
	const record: EvidenceRecord = { ...place, data: { manager: "dpkg", packages: [] } };
	const numbers = checks.flatMap(({ signature }) => signatureNumber(db, signature.id) ?? []);
	const prior = listPriorFindingsBy(db, host.asset, numbers);
	const transitions = rejudgeAsset({
		...{ records: [record], prior, now: at },
		checksFor: (): readonly Check[] => checks,
		isKnown: (signature) => signature.startsWith(advisoryFolder),
	});
	if (transitions.length === 0) return { opened: 0, corrected: 0 };
	const context = { db, ...tallies, assetId: host.asset, scan: null, at, prior };
	const { openChange, opened, regraded } = applyTransitions(context, transitions);
	countAssetFindings(db, host.asset, openChange);
	coverNew(db, opened, at);
	openTickets(db, host.asset, [...opened, ...regraded], at);
	return outcomeOf(transitions);
}
