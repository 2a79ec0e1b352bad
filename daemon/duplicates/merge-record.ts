/** Merges as clients see them: explained, and whether they can be undone. */
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../../protocol/errors.ts";
import type { DuplicateLink, MergeRecord } from "../../protocol/model/duplicate.ts";
import { conflictText } from "../identity/explain.ts";
import { addressOfKey } from "../store/address-key.ts";
import { listMergeConflicts, type MergeConflict } from "../store/merge-conflicts.ts";
import { listStoredMerges } from "../store/merge-list.ts";
import { findMerge, listSides, type MergeSide, type StoredMerge, standsFor } from "../store/merges.ts";
import type { ListQuery, Page } from "../store/page.ts";
import { first } from "../store/sql.ts";
import { isoOf } from "../store/time.ts";
import { findTie, laterMerges } from "./later-merges.ts";

/** Newest first unless sorted. */
export function listMerges(db: DatabaseSync, query: ListQuery): Page<MergeRecord> {
	const page = listStoredMerges(db, query);
	return { ...page, items: page.items.map((merge) => mergeRecord(db, merge)) };
}

/** Throws `not-found`. */
export function getMerge(db: DatabaseSync, id: number): StoredMerge {
	const merge = findMerge(db, id);
	if (merge !== null) return merge;
	throw new AppError("not-found", `There is no merge ${id}.`, { hint: "List them with: vedette duplicates merges" });
}

export function mergeRecord(db: DatabaseSync, merge: StoredMerge): MergeRecord {
	const sides = listSides(db, merge.id);
	const [survivor] = sides.filter(({ asset }) => asset === merge.survivor).map(sideView);
	return {
		id: merge.id,
		at: isoOf(merge.at),
		by: merge.by,
		why: merge.why,
		automatic: merge.automatic,
		confidence: merge.confidence,
		survivor: survivor ?? { id: merge.survivor, name: "", addresses: [] },
		gone: sides.filter(({ asset }) => asset !== merge.survivor).map(sideView),
		chosen: Object.fromEntries(Object.entries(merge.chosen).map(([field, value]) => [field, String(value ?? "")])),
		evidence: JSON.parse(merge.evidence) as DuplicateLink[],
		undone: merge.undone === null ? null : { ...merge.undone, at: isoOf(merge.undone.at) },
		whyNotUndone: whyNotUndone(db, merge)?.message ?? null,
		conflicts: listMergeConflicts(db, merge.id).map(conflictView),
	};
}

export function sideView({ asset, name, addresses }: MergeSide): MergeRecord["survivor"] {
	return { id: asset, name, addresses: addresses.map(addressOfKey) };
}

/** Why a merge cannot be undone now, and what to do; null: it can. */
export function whyNotUndone(db: DatabaseSync, merge: StoredMerge): AppError | null {
	if (merge.undone !== null) {
		return new AppError("conflict", `Merge ${merge.id} was undone on ${isoOf(merge.undone.at).slice(0, 10)} already.`);
	}
	const later = laterMerges(db, merge);
	const gone = [...later.toReversed(), merge].find(({ survivor }) => standsFor(db, survivor) === null);
	if (gone !== undefined) return whyGone(db, gone.survivor);
	const tie = findTie(db, merge, later);
	if (tie === null) return null;
	const joined = tie.joined.map((asset) => `asset ${asset}`).join(", ");
	return new AppError(
		"conflict",
		`Merge ${tie.merge} took in ${joined} for what came from asset ${tie.from} (${tie.kinds.join(", ")}): undo merge ${tie.merge} first.`,
		{ hint: `vedette duplicates undo ${tie.merge}` },
	);
}

function whyGone(db: DatabaseSync, asset: number): AppError {
	const purge = first<{ purge: number }>(
		db,
		"SELECT purge FROM purged_asset WHERE asset = ? AND body IS NOT NULL ORDER BY purge DESC LIMIT 1",
		asset,
	);
	const gone = `Asset ${asset}, which they were merged into, is no longer in the inventory`;
	if (purge === undefined) {
		return new AppError("conflict", `${gone}, and with it what the others had: there is nothing to take apart.`, {
			hint: "What is scanned again becomes an asset anew.",
		});
	}
	return new AppError("conflict", `${gone}: it was purged. Bring it back first.`, {
		hint: `vedette purge undo ${purge.purge}`,
	});
}

function conflictView({ address, kind, at, scan, known, seen, kept }: MergeConflict): MergeRecord["conflicts"][number] {
	const place = addressOfKey(address);
	return {
		...{ address: place, kind, at: isoOf(at), scan },
		text: conflictText({ kind, known, seen, address: place }),
		kept: kept === null ? null : { ...kept, at: isoOf(kept.at) },
	};
}
