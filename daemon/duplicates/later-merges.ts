/**
 * Merges that build on another one. Undoing that one takes them apart, the latest first, and puts them together again under
 * their own numbers; not where one of them joined what only came in by the merge that is undone.
 */

import type { DatabaseSync } from "node:sqlite";
import type { MergeField } from "../../protocol/model/duplicate.ts";
import { readMergeSides, type SideFacts } from "../identity/merge-sides.ts";
import { agreements, identifierRules } from "../identity/strength.ts";
import { withOwnAddress } from "../store/candidates.ts";
import type { Identifier } from "../store/identifiers.ts";
import { findMerge, listLaterMerges, type StoredMerge, standsFor } from "../store/merges.ts";
import { mergeAssets, readSide } from "./merge.ts";
import { type AssetRow, chooseValue, fieldColumns } from "./merge-fields.ts";
import { type Undone, type UndoSaid, undoMerge } from "./undo.ts";

/** A merge that holds another one fast: both numbers, and what it joined by. */
export interface Tie {
	readonly merge: number;
	readonly joined: readonly number[];
	/** The asset that what it joined by came from. */
	readonly from: number;
	readonly kinds: readonly string[];
}

/** Merges that build on this one and hold, the earliest first. */
export function laterMerges(db: DatabaseSync, merge: StoredMerge): StoredMerge[] {
	return listLaterMerges(db, merge).flatMap((id) => findMerge(db, id) ?? []);
}

/** The earliest of those that would have nothing to join by any more; null: it can be undone beneath all of them. */
export function findTie(db: DatabaseSync, merge: StoredMerge, later: readonly StoredMerge[]): Tie | null {
	if (later.length === 0) return null;
	const { sides } = readMergeSides(db, merge);
	const stays = sides.filter(({ side }) => side.asset === merge.survivor).flatMap(identifiersOf);
	const leaving = sides.filter(({ side }) => side.asset !== merge.survivor);
	const within = new Set([merge.survivor]);
	for (const one of later) {
		const facts = readMergeSides(db, one).sides;
		const joined = facts.filter(({ side }) => !within.has(side.asset));
		const others = joined.flatMap(identifiersOf);
		const gone = leaving.flatMap(identifiersOf).filter((each) => !has(stays, each));
		const rest = facts
			.filter(({ side }) => within.has(side.asset))
			.flatMap(identifiersOf)
			.filter((each) => !has(gone, each));
		const by = agreements(gone, others);
		if (by.length > 0 && agreements(rest, others).length === 0) {
			const source = leaving.find((side) => agreements(identifiersOf(side), others).length > 0);
			return {
				merge: one.id,
				joined: joined.map(({ side }) => side.asset),
				from: source?.side.asset ?? merge.survivor,
				kinds: by.map(({ kind }) => identifierRules[kind].title),
			};
		}
		within.add(one.survivor);
	}
	return null;
}

/** As undoMerge, beneath the later ones. It must have been made sure that nothing ties them and that all are there. */
export function undoBeneath(
	db: DatabaseSync,
	merge: StoredMerge,
	later: readonly StoredMerge[],
	said: UndoSaid,
): Undone {
	const again = later.map((one) => ({
		merge: one,
		assets: readMergeSides(db, one).sides.map(({ side }) => side.asset),
	}));
	const above = later.toReversed().map((one) => undoMerge(db, one, said));
	const undone = undoMerge(db, merge, said);
	for (const one of again) mergeAgain(db, one.merge, one.assets, said.at);
	const standing = (assets: readonly number[]) => assets.flatMap((asset) => standsFor(db, asset) ?? []);
	return {
		assets: [...new Set(standing(undone.assets))],
		arrived: undone.arrived.map(({ address, asset }) => ({ address, asset: standsFor(db, asset) ?? asset })),
		mixed: [...new Set(standing([...above, undone].flatMap(({ mixed }) => mixed)))],
	};
}

/** Under its own number, by whom and why it was. A choice holds as long as one of its assets has the value that was chosen. */
function mergeAgain(db: DatabaseSync, merge: StoredMerge, assets: readonly number[], now: number): void {
	const rows = assets.map((asset): AssetRow => readSide(db, asset).row);
	const held = Object.entries(merge.chosen).flatMap(([field, value]) => {
		const { column } = fieldColumns[field as MergeField];
		const row = rows.find((one) => one[column] === value);
		return row === undefined ? [] : [[field as MergeField, Number(row.id)] as const];
	});
	const reached = withOwnAddress(db, assets);
	const usual = Object.keys(fieldColumns).map((field) => {
		return [field as MergeField, chooseValue(field as MergeField, rows, merge.survivor, reached)] as const;
	});
	const values = Object.fromEntries([...usual, ...held]) as Record<MergeField, number>;
	mergeAssets(db, { ...merge, assets, values, held: held.map(([field]) => field), again: { id: merge.id, now } });
}

function identifiersOf({ identifiers }: SideFacts): Identifier[] {
	return identifiers.map(({ columns }) => ({ kind: columns.kind as Identifier["kind"], value: String(columns.value) }));
}

function has(list: readonly Identifier[], { kind, value }: Identifier): boolean {
	return list.some((one) => one.kind === kind && one.value === value);
}
