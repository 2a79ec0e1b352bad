/** Decides what a merge would do, and whether anything speaks against it, without doing it. */
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../../protocol/errors.ts";
import {
	type DuplicateLink,
	type DuplicateMember,
	type MergeField,
	type MergePreview,
	mergeFields,
} from "../../protocol/model/duplicate.ts";
import { addressOfKey } from "../store/address-key.ts";
import { type AssetTable, assetTables } from "../store/asset-tables.ts";
import { withOwnAddress } from "../store/candidates.ts";
import { openNumbers } from "../store/codes.ts";
import { findDuplicateGroup, listDuplicateMembers } from "../store/duplicates.ts";
import { keyOf, type LooseRow, readLooseRows } from "../store/loose-rows.ts";
import { pairKey, readNotSame } from "../store/not-same.ts";
import { personName } from "../store/people.ts";
import { all, first } from "../store/sql.ts";
import { isoOf } from "../store/time.ts";
import { isMoved, type MergeOrder, readSide, sharedAddresses } from "./merge.ts";
import { type AssetRow, chooseSurvivor, chooseValue, fieldColumns } from "./merge-fields.ts";
import { loadProfiles } from "./profile.ts";
import { leastConfidence } from "./score.ts";
import { compareAll } from "./search.ts";

export interface MergeWish {
	/** Assets, or one group alone. */
	readonly assets: readonly number[];
	readonly into?: number | undefined;
	readonly fields: Partial<Record<MergeField, number>>;
	readonly force: boolean;
}

export interface MergePlan {
	readonly preview: MergePreview;
	/** Without who, why and when. */
	readonly order: Pick<MergeOrder, "assets" | "survivor" | "values" | "held" | "confidence" | "evidence">;
}

/** Links kept with a merge. */
const linksKept = 64;

/** Throws `not-found` for assets that are not there and `invalid` for a wish that makes no sense. */
export function planMerge(db: DatabaseSync, wish: MergeWish): MergePlan {
	const assets = membersWanted(db, wish.assets);
	const sides = assets.map((asset) => readSide(db, asset));
	const rows = sides.map(({ row }): AssetRow => row);
	const survivor = wish.into ?? chooseSurvivor(rows);
	if (!assets.includes(survivor)) throw notOneOf(survivor, "stays");
	for (const from of Object.values(wish.fields)) if (!assets.includes(from)) throw notOneOf(from, "gives a value");
	const reached = withOwnAddress(db, assets);
	const values = Object.fromEntries(
		mergeFields.map((field) => [field, wish.fields[field] ?? chooseValue(field, rows, survivor, reached)]),
	) as Record<MergeField, number>;
	const links = compareAll(loadProfiles(db, assets));
	const kept = links.slice(0, linksKept);
	const members = listDuplicateMembers(db, assets);
	const confidence = surenessOf(assets, links);
	const preview: MergePreview = {
		assets,
		survivor: memberOf(members, survivor),
		gone: members.filter(({ id }) => id !== survivor),
		fields: mergeFields.map((field) => {
			const row = rows.find(({ id }) => id === values[field]);
			const chosen = wish.fields[field] !== undefined;
			return { field, value: fieldText(field, row), from: values[field], chosen };
		}),
		moves: assetTables(db).flatMap((table) => movesOf(db, table, survivor, sides)),
		confidence,
		evidence: kept,
		obstacles: obstaclesOf(db, links),
		impossible: impossibleFor(sides),
	};
	const held = mergeFields.filter((field) => wish.fields[field] !== undefined);
	return { preview, order: { assets, survivor, values, held, confidence, evidence: JSON.stringify(kept) } };
}

/** Throws `conflict` with the reasons. */
export function refuseObstacles({ impossible, obstacles }: MergePreview, force: boolean): void {
	if (impossible !== null) {
		throw new AppError("conflict", impossible, { hint: "Merge those that can be one machine, without the others." });
	}
	if (obstacles.length === 0 || force) return;
	throw new AppError("conflict", `Something speaks against this merge: ${obstacles.join("; ")}.`, {
		hint: "When you know better, say so: --force. It can be undone all the same.",
		details: { obstacles },
	});
}

/** What a field says, as it is shown. */
export function fieldText(field: MergeField, row: AssetRow | undefined): string {
	const value = row?.[fieldColumns[field].column];
	if (value == null) return "";
	return field === "address" ? addressOfKey(String(value)) : String(value);
}

function membersWanted(db: DatabaseSync, wanted: readonly number[]): number[] {
	const [only] = wanted;
	const group = wanted.length === 1 && only !== undefined ? findDuplicateGroup(db, only) : null;
	const assets = [...new Set(group?.members.map(({ id }) => id) ?? wanted)].sort((a, b) => a - b);
	for (const asset of assets) {
		if (first(db, "SELECT 1 FROM asset WHERE id = ?", asset) === undefined) throw noAsset(asset);
	}
	if (assets.length >= 2) return assets;
	throw new AppError("invalid", `Asset ${only ?? ""} is in no group of duplicates: name those to merge with it.`, {
		hint: "See the groups with: vedette duplicates",
	});
}

export function noAsset(asset: number): AppError {
	return new AppError("not-found", `There is no asset ${asset}.`, { hint: "List them with: vedette assets" });
}

function notOneOf(asset: number, what: string): AppError {
	return new AppError("invalid", `Asset ${asset} ${what} and is not one of those to be merged.`, {
		hint: "Name one of the assets of the merge.",
	});
}

function memberOf(members: readonly DuplicateMember[], id: number): DuplicateMember {
	const found = members.find((member) => member.id === id);
	if (found === undefined) throw noAsset(id);
	return found;
}

/** The weakest of the links it takes to hold them together; null when they do not hang together. */
function surenessOf(assets: readonly number[], links: readonly DuplicateLink[]): number | null {
	const group = new Map(assets.map((asset) => [asset, asset]));
	let weakest = 100;
	let joined = 1;
	for (const { a, b, confidence } of links) {
		const [one, other] = [group.get(a) ?? a, group.get(b) ?? b];
		if (one === other || confidence < leastConfidence) continue;
		for (const [asset, of] of group) if (of === other) group.set(asset, one);
		weakest = Math.min(weakest, confidence);
		joined++;
	}
	return joined === assets.length ? weakest : null;
}

function obstaclesOf(db: DatabaseSync, links: readonly DuplicateLink[]): string[] {
	const said = readNotSame(db);
	return links.flatMap(({ a, b, vetoed, against }) => {
		const word = said.get(pairKey(a, b));
		const spoken =
			word === undefined
				? []
				: [
						`${personName(db, word.by)} said on ${isoOf(word.at).slice(0, 10)} that assets ${a} and ${b} are not the same`,
					];
		const reasons = vetoed ? [`assets ${a} and ${b} have ${against[0]?.text ?? "nothing in common"}`] : [];
		return [...spoken, ...reasons];
	});
}

function impossibleFor(sides: ReturnType<typeof readSide>[]): string | null {
	const networks = new Set(sides.map(({ row }) => row.network));
	const [shared] = sharedAddresses(sides);
	if (networks.size < 2 || shared === undefined) return null;
	return `${addressOfKey(shared)} is another machine in each of their networks: they cannot be one asset.`;
}

/** One of it, and several. */
const words: Readonly<Record<string, readonly [string, string]>> = {
	asset_address: ["address", "addresses"],
	identifier: ["identifier", "identifiers"],
	service: ["service", "services"],
	record: ["piece of evidence", "pieces of evidence"],
	coverage: ["record of coverage", "records of coverage"],
	asset_tag: ["tag", "tags"],
	resolution: ["reason it was recognised by", "reasons it was recognised by"],
};

/** By `finding.open`, in the order they are told: what a list of findings shows by itself is not all there is of them. */
const findingWords: ReadonlyMap<number, readonly [string, string]> = new Map([
	[openNumbers.open, ["open finding", "open findings"]],
	[openNumbers.excepted, ["finding set apart", "findings set apart"]],
	[openNumbers.fixed, ["fixed finding", "fixed findings"]],
	[openNumbers.information, ["piece of information", "pieces of information"]],
]);
const partOrder = [...findingWords.keys()];

function wordsFor({ name }: AssetTable, part: number): readonly [string, string] {
	const plain = name.replaceAll("_", " ");
	return (isOfFindings(name) ? findingWords.get(part) : words[name]) ?? [`row of ${plain}`, `rows of ${plain}`];
}

const isOfFindings = (table: string) => table === "finding";

/** Findings part by part; everything else in one. */
function movesOf(
	db: DatabaseSync,
	table: AssetTable,
	survivor: number,
	sides: ReturnType<typeof readSide>[],
): MergePreview["moves"] {
	const others = sides.flatMap(({ asset }) => (asset === survivor ? [] : [asset]));
	const part = isOfFindings(table.name) ? "open" : "0";
	const parts = all<{ part: number; n: number }>(
		db,
		`SELECT ${part} AS part, count(*) AS n FROM ${table.name} WHERE asset IN (SELECT value FROM json_each(?)) GROUP BY 1`,
		JSON.stringify(others),
	);
	if (parts.length === 0) return [];
	const addresses = isMoved(table) ? sharedAddresses(sides) : null;
	const loose = table.perAsset ? [survivor, ...others].map((asset) => readLooseRows(db, table, asset, addresses)) : [];
	const again = alreadyThere(table, loose);
	return parts
		.sort((one, other) => partOrder.indexOf(one.part) - partOrder.indexOf(other.part))
		.map(({ part, n }) => ({
			what: wordsFor(table, part)[n === 1 ? 0 : 1],
			rows: n,
			unified: again.filter(({ columns }) => !isOfFindings(table.name) || columns.open === part).length,
		}));
}

/** Rows of the later sides that one before them has too. */
function alreadyThere(table: AssetTable, sides: readonly (readonly LooseRow[])[]): LooseRow[] {
	const seen = new Set<string>();
	return sides.flat().filter((row) => {
		const key = keyOf(table, row);
		const isKnown = seen.has(key);
		seen.add(key);
		return isKnown;
	});
}
