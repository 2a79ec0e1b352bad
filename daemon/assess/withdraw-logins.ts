/** When a credential is gone, what failed with it is not held against hosts any more: nobody attempts it. */
import { loginNotAttempted } from "../evidence/kinds/login.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";
import { listAssetIds } from "../store/assets.ts";
import { listRecordPlaces, listRecordsAt } from "../store/evidence.ts";
import { saveRecord } from "../store/record-writes.ts";
import { transaction } from "../store/sql.ts";
import type { Store } from "../store/store.ts";
import { rejudgeOne } from "./rejudge-one.ts";
import { Turns } from "./turns.ts";

/**
 * Hosts whose last login with the credential of this name did not succeed are told as not attempted. What a login that passed
 * has seen stays. Returns how many hosts.
 */
export async function withdrawLogins(
	store: Store,
	knowledge: Knowledge,
	name: string,
	signal?: AbortSignal,
): Promise<number> {
	const turns = new Turns(signal);
	let hosts = 0;
	for (let after = 0; ; ) {
		const ids = listAssetIds(store.db, after, 200);
		if (ids.length === 0) return hosts;
		for (const id of ids) {
			after = id;
			if (transaction(store.db, () => withdraw(store, id, name))) {
				rejudgeOne(store, knowledge, id);
				hosts++;
			}
			await turns.pause();
		}
	}
}

function withdraw({ db, clock }: Store, asset: number, name: string): boolean {
	let changed = false;
	for (const place of listRecordPlaces(db, asset)) {
		if (place.kind !== "login") continue;
		for (const { scan, ...record } of listRecordsAt(db, asset, { ...place, instance: place.instance ?? "" })) {
			if (record.kind !== "login" || record.data.credential !== name) continue;
			const { outcome, hostKey } = record.data;
			if (outcome === "passed" || outcome === "not-attempted") continue;
			const observedAt = clock.now();
			const reason = `The credential ${name} was deleted.`;
			saveRecord(db, asset, scan, { ...record, observedAt, data: { ...loginNotAttempted(reason), hostKey } });
			changed = true;
		}
	}
	return changed;
}
