/**
 * Closes the findings of hosts that were not found alive in so many scans in a row, where an option profile says so. That
 * is no proof that anything was fixed, and the finding's history says which it was.
 */
import { addressKey } from "../store/address-key.ts";
import { countAssetFindings } from "../store/assets.ts";
import { Tally } from "../store/counters.ts";
import { isOpen, listPriorFindings } from "../store/finding-writes.ts";
import { findAssetsByIdentifier } from "../store/identifiers.ts";
import { countMiss, findWhereabouts, listUncountedScans, markGone, markMissesCounted } from "../store/missed.ts";
import { networkOfScan } from "../store/networks.ts";
import { listScanTargets } from "../store/scan-targets.ts";
import { transaction } from "../store/sql.ts";
import type { Store } from "../store/store.ts";
import { applyTransitions } from "./apply.ts";
import type { Transition } from "./judge.ts";
import { Turns } from "./turns.ts";

export interface Missed {
	/** Assets looked for and not found. */
	assets: number;
	/** Those of them whose findings were closed, and how many were. */
	gone: number;
	closed: number;
}

/** Targets read at a time. */
const atOnce = 500;

/**
 * Counts what each finished scan did not find, once. `closeAfter` tells after how many scans in a row a profile closes
 * findings; null: never.
 */
export async function countMisses(
	store: Store,
	closeAfter: (profile: string, version: number | null) => number | null,
	signal?: AbortSignal,
): Promise<Missed> {
	const total: Missed = { assets: 0, gone: 0, closed: 0 };
	const turns = new Turns(signal);
	for (const scan of listUncountedScans(store.db)) {
		const assets = new Set<number>();
		const network = networkOfScan(store.db, scan.id);
		for (let after = -1; ; await turns.next()) {
			const page = listScanTargets(store.db, scan.id, { states: ["dead"], after, limit: atOnce });
			for (const { address, how } of page) {
				// A target that no route leads to was not looked for.
				if (how !== null) continue;
				const found = findAssetsByIdentifier(store.db, network, { kind: "ip", value: address });
				for (const { asset } of found) {
					const known = findWhereabouts(store.db, asset);
					// Seen since the scan began: at another of its addresses, or by something else.
					if (known?.address === addressKey(address) && known.lastSeen < scan.startedAt) assets.add(asset);
				}
			}
			const last = page.at(-1);
			if (last === undefined) break;
			after = last.index;
		}
		const most = closeAfter(scan.profile, scan.version);
		transaction(store.db, () => {
			for (const asset of assets) countOne(store, asset, most, total);
			markMissesCounted(store.db, scan.id);
		});
		await turns.next();
	}
	return total;
}

function countOne(store: Store, asset: number, most: number | null, total: Missed): void {
	const { missed, gone } = countMiss(store.db, asset);
	total.assets++;
	if (gone || most === null || missed < most) return;
	total.gone++;
	total.closed += closeFindings(store, asset);
}

function closeFindings({ db, clock }: Store, asset: number): number {
	const at = clock.now();
	const prior = listPriorFindings(db, asset, null);
	const transitions = prior.filter(isOpen).map(
		(finding): Transition => ({
			...{ act: "update", prior: finding, check: null, event: "closed" },
			after: { ...finding, status: "FIXED", lastFixed: at, scan: null, change: "fixed" },
		}),
	);
	const tally = new Tally();
	const { openChange } = applyTransitions({ db, tally, assetId: asset, scan: null, at, prior }, transitions);
	countAssetFindings(db, asset, openChange);
	tally.write(db, at);
	markGone(db, asset, at);
	return transitions.length;
}
