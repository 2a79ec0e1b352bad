/** An asset's identity as clients see it: identifiers with their worth, addresses it has and had, sources, and why it is it. */
import type { DatabaseSync } from "node:sqlite";
import type { AssetDetail } from "../../protocol/model/asset.ts";
import type { PoisonedIdentifier, ResolutionView } from "../../protocol/model/identity.ts";
import { addressKey } from "../store/address-key.ts";
import { assetNames, findKnownAsset, type KnownAsset } from "../store/candidates.ts";
import { listRecordSources } from "../store/evidence.ts";
import { findPoisoned, type KnownIdentifier, listKnownIdentifiers, listPoisoned } from "../store/identifiers.ts";
import { findMisses } from "../store/missed.ts";
import { networkNames } from "../store/networks.ts";
import { listResolutions } from "../store/resolutions.ts";
import { isoOf } from "../store/time.ts";
import { because, becauseNot, readPoison, readResolution, whyPoisoned } from "./explain.ts";
import { strandedOf } from "./stranded.ts";
import { identifierRules } from "./strength.ts";

type IdentityView = Pick<AssetDetail, "identifiers" | "addresses" | "sources" | "resolutions" | "missed" | "stranded">;

/** Null when there is no such asset. */
export function identityOf(db: DatabaseSync, id: number): IdentityView | null {
	const asset = findKnownAsset(db, id);
	if (asset === null) return null;
	const known = listKnownIdentifiers(db, id).sort(strongestFirst);
	return {
		identifiers: known.map((one) => identifierView(db, one)),
		addresses: addressesOf(db, asset, known),
		sources: sourcesOf(db, asset),
		resolutions: resolutionsOf(db, id),
		missed: missedOf(db, id),
		stranded: strandedOf(db, asset, known),
	};
}

function missedOf(db: DatabaseSync, id: number): NonNullable<IdentityView["missed"]> {
	const { missed, goneAt } = findMisses(db, id);
	return { scans: missed, closedAt: goneAt === null ? null : isoOf(goneAt) };
}

/** Newest first. */
export function poisonedOf(db: DatabaseSync, limit: number): { items: PoisonedIdentifier[]; total: number } {
	const { items, total } = listPoisoned(db, limit);
	return {
		total,
		items: items.map(({ kind, value, at, why, assets }) => {
			const names = assetNames(db, assets);
			const named = assets.map((asset) => ({ id: asset, name: names.get(asset) ?? `asset ${asset}` }));
			return { kind, value, at: isoOf(at), why: poisonWords(db, why), assets: named };
		}),
	};
}

function identifierView(db: DatabaseSync, one: KnownIdentifier): AssetDetail["identifiers"][number] {
	const { title, strength } = identifierRules[one.kind];
	const poison = findPoisoned(db, one.network, one);
	return {
		...{ kind: one.kind, title, value: one.value, strength, source: one.source, primary: one.answered },
		...{ firstSeen: isoOf(one.firstSeen), lastSeen: isoOf(one.lastSeen) },
		poisoned: poison === null ? null : poisonWords(db, poison.why),
	};
}

function poisonWords(db: DatabaseSync, text: string): string {
	const { asset, other, apart, address } = readPoison(text);
	const names = assetNames(db, [asset, other]);
	const assets = [asset, other].map((id) => `${names.get(id) ?? "an asset that is gone"} (${id})`);
	return whyPoisoned({ apart, assets, address });
}

function strongestFirst(a: KnownIdentifier, b: KnownIdentifier): number {
	return identifierRules[b.kind].strength - identifierRules[a.kind].strength || (a.value < b.value ? -1 : 1);
}

function addressesOf(
	db: DatabaseSync,
	{ addresses, mainAddress }: KnownAsset,
	known: readonly KnownIdentifier[],
): NonNullable<AssetDetail["addresses"]> {
	const names = networkNames(db);
	const order = { main: 0, current: 1, former: 2, claimed: 3 } as const;
	return known
		.filter(({ kind }) => kind === "ip")
		.map(({ value: address, network, answered, firstSeen, lastSeen }) => {
			const key = addressKey(address);
			const has = answered && addresses.includes(key);
			const state = has ? (key === mainAddress ? "main" : "current") : answered ? "former" : "claimed";
			const dates = { firstSeen: isoOf(firstSeen), lastSeen: isoOf(lastSeen) };
			return { address, network: names.get(network) ?? String(network), state, ...dates } as const;
		})
		.sort((a, b) => order[a.state] - order[b.state] || (b.lastSeen < a.lastSeen ? -1 : 1));
}

function sourcesOf(db: DatabaseSync, asset: KnownAsset): NonNullable<AssetDetail["sources"]> {
	return listRecordSources(db, asset.id).map(({ source, kinds, lastSeen }) => ({
		...{ source, kinds, lastSeen: isoOf(lastSeen) },
		tells: [
			...(asset.nameSource === source ? (["name"] as const) : []),
			...(asset.osSource === source && asset.os !== null ? (["os"] as const) : []),
		],
	}));
}

function resolutionsOf(db: DatabaseSync, asset: number): ResolutionView[] {
	const names = networkNames(db);
	return listResolutions(db, asset).map(({ address, network, at, scan, body }) => {
		const kept = readResolution(body);
		return {
			...{ address, network: names.get(network) ?? String(network), at: isoOf(at), scan, rule: kept.rule },
			because: because(kept),
			agreed: kept.agreed,
			passed: kept.passed.map((one) => ({ ...one, because: becauseNot(one) })),
		};
	});
}
