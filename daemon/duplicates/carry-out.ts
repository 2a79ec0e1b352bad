/** Merging, undoing and saying that assets are two, each with all that follows from it, in one transaction. */
import { AppError } from "../../protocol/errors.ts";
import type { MergeRecord, MergeUndone } from "../../protocol/model/duplicate.ts";
import { addressOfKey } from "../store/address-key.ts";
import { groupedWith, markPending } from "../store/duplicates.ts";
import { keepAgainstConflicts } from "../store/merge-conflicts.ts";
import { findMerge, listSides, partsOf, type StoredMerge } from "../store/merges.ts";
import { deleteNotSame, saveNotSame } from "../store/not-same.ts";
import { transaction } from "../store/sql.ts";
import type { Store } from "../store/store.ts";
import { retagAsset } from "../tags/live-rules.ts";
import { laterMerges, undoBeneath } from "./later-merges.ts";
import { mergeAssets, readSide } from "./merge.ts";
import { getMerge, mergeRecord, sideView, whyNotUndone } from "./merge-record.ts";
import type { MergePlan } from "./plan-merge.ts";

export interface Said {
	readonly by: string;
	readonly why: string;
}

/** `write` writes the entry of the audit log. */
export function carryOutMerge(
	{ db, clock }: Pick<Store, "db" | "clock">,
	{ order }: MergePlan,
	said: Said & { automatic: boolean },
	write: (merge: MergeRecord) => void,
): MergeRecord {
	return transaction(db, () => {
		const at = clock.now();
		const around = groupedWith(db, order.assets);
		const id = mergeAssets(db, { ...order, ...said, at });
		retagAsset(db, order.survivor, at);
		markPending(db, [...new Set(around)].filter((asset) => !order.assets.includes(asset)).concat(order.survivor));
		const record = mergeRecord(db, getMerge(db, id));
		write(record);
		return record;
	});
}

/** Throws `conflict` with the reason when it cannot be undone. `judgeAgain` is called for what had rows of two sides. */
export function carryOutUndo(
	{ db, clock }: Pick<Store, "db" | "clock">,
	id: number,
	said: Said & { notSame: boolean | undefined },
	after: { judgeAgain(asset: number): void; write(merge: StoredMerge, undone: MergeUndone): void },
): MergeUndone {
	return transaction(db, () => {
		const merge = getMerge(db, id);
		const obstacle = whyNotUndone(db, merge);
		if (obstacle !== null) throw obstacle;
		const at = clock.now();
		const { assets, arrived, mixed } = undoBeneath(db, merge, laterMerges(db, merge), { ...said, at });
		for (const asset of mixed) after.judgeAgain(asset);
		for (const asset of assets) retagAsset(db, asset, at);
		const sides = listSides(db, id).map(({ asset }) => asset);
		if (said.notSame ?? merge.automatic) saveNotSame(db, sides, { at, ...said });
		markPending(db, assets);
		const undone = {
			merge: id,
			assets: assets.map((asset) => sideView(readSide(db, asset))),
			arrived: arrived.map(({ address, asset }) => ({ address: addressOfKey(address), asset })),
		};
		after.write(findMerge(db, id) ?? merge, undone);
		return undone;
	});
}

/** Somebody has looked at what speaks against a merge and keeps it. Throws `conflict` when nothing does. */
export function carryOutKeep(
	{ db, clock }: Pick<Store, "db" | "clock">,
	id: number,
	said: Said,
	write: (merge: MergeRecord) => void,
): MergeRecord {
	return transaction(db, () => {
		const merge = getMerge(db, id);
		const before = mergeRecord(db, merge);
		if (merge.undone !== null || before.conflicts.every(({ kept }) => kept !== null)) {
			throw new AppError("conflict", `Nothing speaks against merge ${id} that was not looked at.`, {
				hint: "Those something speaks against: vedette duplicates merges contradicted:yes",
			});
		}
		keepAgainstConflicts(db, id, { at: clock.now(), ...said });
		write(before);
		return mergeRecord(db, merge);
	});
}

/** How many pairs were not known before. The pairs are compared again. */
export function carryOutReject(
	{ db, clock }: Pick<Store, "db" | "clock">,
	assets: readonly number[],
	said: Said,
): number {
	const pairs = saveNotSame(db, assets, { at: clock.now(), ...said });
	markPending(db, groupedWith(db, assets));
	return pairs;
}

/** Of an asset that others were merged into, what was said of those is taken back too. */
export function carryOutUnreject({ db }: Pick<Store, "db">, assets: readonly number[]): number {
	const pairs = deleteNotSame(db, [...new Set(assets.flatMap((asset) => partsOf(db, asset)))]);
	markPending(db, assets);
	return pairs;
}
