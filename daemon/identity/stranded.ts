/** An asset that has no address any more: who answers there now and why that is another one, and by what it would be found again. */
import type { DatabaseSync } from "node:sqlite";
import type { StrandedAsset } from "../../protocol/model/identity.ts";
import { assetNames, type KnownAsset, poisonedAmong } from "../store/candidates.ts";
import type { KnownIdentifier } from "../store/identifiers.ts";
import { networkNames } from "../store/networks.ts";
import { listResolutions } from "../store/resolutions.ts";
import { isoOf } from "../store/time.ts";
import { because, becauseNot, readResolution } from "./explain.ts";
import { findAssetByAddress } from "./resolve-asset.ts";
import { identifierRules } from "./strength.ts";

/** Addresses told, those it was seen at last. */
const mostTold = 8;

/** Null: it has an address. */
export function strandedOf(
	db: DatabaseSync,
	asset: KnownAsset,
	known: readonly KnownIdentifier[],
): StrandedAsset | null {
	if (asset.addresses.length > 0) return null;
	const names = networkNames(db);
	const former = known
		.filter(({ kind, answered }) => kind === "ip" && answered)
		.sort((a, b) => b.lastSeen - a.lastSeen)
		.slice(0, mostTold);
	return {
		addresses: former.map(({ network, value, lastSeen }) => ({
			...{ address: value, network: names.get(network) ?? String(network), lastSeen: isoOf(lastSeen) },
			taken: takerOf(db, asset.id, network, value),
		})),
		foundAgainBy: foundAgainBy(db, asset, known),
	};
}

function takerOf(
	db: DatabaseSync,
	asset: number,
	network: number,
	address: string,
): StrandedAsset["addresses"][number]["taken"] {
	const holder = findAssetByAddress(db, network, address);
	if (holder === null) return null;
	const reasons = listResolutions(db, holder).filter((one) => one.network === network && one.address === address);
	const said = reasons.map((one) => ({ at: one.at, kept: readResolution(one.body) }));
	const parting = said.find(({ kept }) => kept.passed.some((one) => one.asset === asset));
	const told = parting ?? said.at(-1);
	const passed = parting?.kept.passed.find((one) => one.asset === asset);
	return {
		...{
			id: holder,
			name: assetNames(db, [holder]).get(holder) ?? "",
			since: told === undefined ? null : isoOf(told.at),
		},
		because: told === undefined ? null : because(told.kept),
		apart: passed === undefined ? null : becauseNot(passed),
	};
}

/** Titles of what it would be recognised by wherever it answers; empty: by nothing. */
function foundAgainBy(db: DatabaseSync, asset: KnownAsset, known: readonly KnownIdentifier[]): string[] {
	const poisoned = poisonedAmong(db, known);
	const telling = known.filter(
		(one) => one.answered && identifierRules[one.kind].decides && !poisoned.has(`${one.kind} ${one.value}`),
	);
	const titles = telling
		.sort((a, b) => identifierRules[b.kind].strength - identifierRules[a.kind].strength)
		.map(({ kind }) => identifierRules[kind].title);
	return [...new Set(titles), ...(asset.trackedName === null ? [] : ["the name it is tracked by"])];
}
