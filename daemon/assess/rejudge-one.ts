/** Judges one asset again from its stored evidence, in the caller's transaction. */
import { nessusFolder } from "../evidence/imported.ts";
import { coverNew } from "../exceptions/sightings.ts";
import { advisoryFolder } from "../knowledge/advisories/advisory-signature.ts";
import { bannerFolder } from "../knowledge/banners/checks.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";
import { countAssetFindings } from "../store/assets.ts";
import { Tally } from "../store/counters.ts";
import { listRecords } from "../store/evidence.ts";
import { listPriorFindings } from "../store/finding-writes.ts";
import { isGone } from "../store/missed.ts";
import type { Store } from "../store/store.ts";
import { retagAsset } from "../tags/live-rules.ts";
import { openTickets } from "../tickets/open-tickets.ts";
import { applyTransitions } from "./apply.ts";
import { checksOfHost } from "./host-checks.ts";
import type { Transition } from "./judge.ts";
import { newestOf, withoutReplaced } from "./newest-evidence.ts";
import { rejudgeAsset } from "./rejudge-asset.ts";

/** How many findings were opened, and how many closed as corrected. */
export interface Outcome {
	readonly opened: number;
	readonly corrected: number;
}

export function rejudgeOne({ db, clock }: Pick<Store, "db" | "clock">, knowledge: Knowledge, assetId: number): Outcome {
	// It is judged when it comes back.
	if (isGone(db, assetId)) return { opened: 0, corrected: 0 };
	const prior = listPriorFindings(db, assetId, null);
	const known = idsOf(knowledge);
	const at = clock.now();
	const records = withoutReplaced(listRecords(db, assetId));
	const transitions = rejudgeAsset({
		records,
		checksFor: checksOfHost({ knowledge, records, newest: (kind, address) => newestOf(records, kind, address), prior }),
		// Whether an advisory still holds is told by its check: that no feed was read is no reason to close.
		isKnown: (signature) =>
			known.has(signature) ||
			[advisoryFolder, bannerFolder, nessusFolder].some((folder) => signature.startsWith(folder)),
		prior,
		now: at,
	});
	if (transitions.length === 0) return { opened: 0, corrected: 0 };
	const tally = new Tally();
	const { openChange, opened, regraded } = applyTransitions({ db, tally, assetId, scan: null, at, prior }, transitions);
	countAssetFindings(db, assetId, openChange);
	tally.write(db, at);
	retagAsset(db, assetId, at);
	coverNew(db, opened, at);
	openTickets(db, assetId, [...opened, ...regraded], at);
	return outcomeOf(transitions);
}

export function outcomeOf(transitions: readonly Transition[]): Outcome {
	let [opened, corrected] = [0, 0];
	for (const transition of transitions) {
		if (transition.act === "insert") opened++;
		if (transition.act !== "update") continue;
		if (transition.event === "reopened") opened++;
		if (transition.event === "corrected") corrected++;
	}
	return { opened, corrected };
}

const ids = new WeakMap<Knowledge, ReadonlySet<string>>();

function idsOf(knowledge: Knowledge): ReadonlySet<string> {
	const made = ids.get(knowledge) ?? new Set(knowledge.signatures.map((signature) => signature.id));
	ids.set(knowledge, made);
	return made;
}
