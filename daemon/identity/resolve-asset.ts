/** Finds or makes the asset that was seen, over the store: candidates are read, the answer is written down with its reason. */
import type { DatabaseSync } from "node:sqlite";
import type { EvidenceRecord } from "../evidence/record.ts";
import { addressKey } from "../store/address-key.ts";
import { createAsset } from "../store/assets.ts";
import {
	findCandidateIds,
	findKnownAsset,
	type KnownAsset,
	type Placed,
	poisonedAmong,
	saveMainAddress,
	saveTracking,
	takeAddress,
} from "../store/candidates.ts";
import type { Tally } from "../store/counters.ts";
import { listRecordsOfKind } from "../store/evidence.ts";
import { evidenceAddresses, foldAddress } from "../store/fold-address.ts";
import {
	findAssetsByIdentifier,
	type KnownIdentifier,
	listKnownIdentifiers,
	saveIdentifiers,
	savePoisoned,
} from "../store/identifiers.ts";
import { saveMergeConflict } from "../store/merge-conflicts.ts";
import { saveResolution } from "../store/resolutions.ts";
import type { Boot } from "./compare.ts";
import { poisonText } from "./explain.ts";
import { type GatheredIdentifier, ownNames } from "./identifiers.ts";
import { leaveAddress } from "./leave-address.ts";
import { heldByMerge } from "./merged-parts.ts";
import { type Candidate, type Resolution, resolve, type Sighting } from "./resolve.ts";
import { identifierRules, networkOfKind } from "./strength.ts";

/** One host as one source saw it. `at` in milliseconds. */
export interface SeenHost {
	network: number;
	address: string;
	/** What it is called when it is new. */
	name: string;
	identifiers: readonly GatheredIdentifier[];
	records: readonly EvidenceRecord[];
	scan: number | null;
	at: number;
}

export interface Resolved {
	/** Null: it is tracked by a name that did not resolve, and nothing may be recorded. */
	asset: KnownAsset | null;
	created: boolean;
	/** Assets that have lost the address. */
	displaced: number[];
	unresolvedName: string | null;
}

/** The asset that has an address at present, seen there last; null when none has. */
export function findAssetByAddress(db: DatabaseSync, network: number, address: string): number | null {
	const key = addressKey(address);
	const seen = findAssetsByIdentifier(db, network, { kind: "ip", value: address });
	return (
		seen.find(({ asset, answered }) => answered && findKnownAsset(db, asset)?.addresses.includes(key))?.asset ?? null
	);
}

/** In the caller's transaction. The same host twice changes nothing the second time. */
export function resolveAsset(db: DatabaseSync, tally: Tally, host: SeenHost): Resolved {
	const key = addressKey(host.address);
	const placed = host.identifiers.map((one) => ({ ...one, network: networkOfKind(one.kind, host.network) }));
	const looked = placed.filter(
		({ kind, answered }) => kind !== "ip" && kind !== "tls-key" && (answered || kind === "name"),
	);
	const known = candidatesFor(db, host, key, looked);
	const resolution = recognise(db, host, sightingOf(host, poisonedAmong(db, placed)), known);
	const { unresolvedName } = resolution;
	if (unresolvedName !== null) return { asset: null, created: false, displaced: [], unresolvedName };

	const found = known.find(({ asset }) => asset.id === resolution.asset)?.asset ?? null;
	const asset = found ?? makeAsset(db, tally, host, resolution);
	saveIdentifiers(db, asset.id, placed, host.at);
	for (const poison of resolution.poisoned) {
		const why = poisonText(poison, asset.id, host.address);
		savePoisoned(db, networkOfKind(poison.kind, host.network), poison, { at: host.at, why });
	}
	const { address, network, at, scan } = host;
	saveResolution(db, asset.id, { address, network, at, scan, body: bodyOf(resolution) });
	const displaced = known.filter(
		(other) => other.asset.id !== asset.id && other.candidate.holds && displace(db, tally, other.asset, key),
	);
	const main = found === null ? asset.mainAddress : settleAddresses(db, tally, host, asset, key);
	return {
		...{ asset: { ...asset, mainAddress: main }, created: found === null, unresolvedName: null },
		displaced: displaced.map((other) => other.asset.id),
	};
}

/** What contradicts a merged asset does not split it: it stays together until the merge is undone, and the merge says so. */
function recognise(db: DatabaseSync, host: SeenHost, sighting: Sighting, known: readonly Known[]): Resolution {
	const candidates = known.map(({ candidate }) => candidate);
	const plain = resolve(sighting, candidates);
	if (plain.asset !== null || plain.unresolvedName !== null) return plain;
	const address = addressKey(host.address);
	for (const candidate of candidates) {
		if (!candidate.holds) continue;
		const apart = plain.passed.find((one) => one.asset === candidate.asset)?.apart ?? [];
		const held = heldByMerge(db, sighting, { candidate, apart }, address);
		if (held === null) continue;
		for (const one of held.against)
			saveMergeConflict(db, held.merge, { ...one, address, at: host.at, scan: host.scan });
		return { ...held.resolution, passed: plain.passed.filter((one) => one.asset !== candidate.asset) };
	}
	return plain;
}

/** Evidence of addresses the asset has no more goes to this one. Returns the address it is best reached at, a sort key. */
function settleAddresses(db: DatabaseSync, tally: Tally, host: SeenHost, asset: KnownAsset, key: string): string {
	const left = leftAddresses(host, asset, key);
	for (const gone of left) takeAddress(db, asset.id, gone);
	const kept = asset.addresses.filter((one) => !left.includes(one));
	// Whoever has lost all of them has moved.
	const gone = kept.length > 0 ? left : evidenceAddresses(db, asset.id).filter((one) => one !== key);
	for (const one of gone) foldAddress(db, tally, asset.id, one, key);
	const main = kept.includes(asset.mainAddress) ? asset.mainAddress : key;
	if (main !== asset.mainAddress) saveMainAddress(db, asset.id, main);
	return main;
}

interface Known {
	asset: KnownAsset;
	candidate: Candidate;
}

function candidatesFor(db: DatabaseSync, host: SeenHost, key: string, looked: readonly Placed[]): Known[] {
	const assets = findCandidateIds(db, host.network, host.address, looked).flatMap((id) => findKnownAsset(db, id) ?? []);
	const withBoot = bootOf(host.records) !== null;
	return assets.map((asset) => {
		const identifiers = listKnownIdentifiers(db, asset.id);
		const poisoned = poisonedAmong(db, identifiers);
		const answers = identifiers.some(
			(one) => one.kind === "ip" && one.value === host.address && isHere(one, host.network),
		);
		const holds = answers && asset.addresses.includes(key);
		return {
			asset,
			candidate: {
				asset: asset.id,
				tracking: asset.tracking,
				trackedName: asset.network === host.network ? asset.trackedName : null,
				holds,
				elsewhere: asset.addresses.some((one) => one !== key || !holds),
				identifiers: identifiers.filter(
					(one) => isMeant(one, host.network) && !poisoned.has(`${one.kind} ${one.value}`),
				),
				// Where it has the address, another start is another start of the same machine.
				boot: withBoot && !holds ? bootOf(listRecordsOfKind(db, asset.id, "system")) : null,
			},
		};
	});
}

function isHere({ network, answered }: KnownIdentifier, here: number): boolean {
	return answered && network === here;
}

function isMeant({ network }: KnownIdentifier, here: number): boolean {
	return network === 0 || network === here;
}

function sightingOf(host: SeenHost, poisoned: ReadonlySet<string>): Sighting {
	return {
		at: host.at,
		identifiers: host.identifiers.filter(({ kind, value }) => !poisoned.has(`${kind} ${value}`)),
		ownNames: ownNames(host.records),
		boot: bootOf(host.records),
	};
}

/** The newest start a host has told of. */
function bootOf(records: readonly EvidenceRecord[]): Boot | null {
	let newest: Boot | null = null;
	for (const { kind, data, observedAt: seenAt } of records) {
		if (kind !== "system" || data.bootedAt === null || (newest !== null && newest.seenAt >= seenAt)) continue;
		newest = { at: data.bootedAt, seenAt };
	}
	return newest;
}

function makeAsset(db: DatabaseSync, tally: Tally, host: SeenHost, { tracking }: Resolution): KnownAsset {
	const { network, address, at } = host;
	const name = tracking.name ?? host.name;
	const id = createAsset(db, tally, { network, name, address, at });
	if (tracking.method !== "IP") saveTracking(db, id, tracking.method, tracking.name);
	const said = { nameSource: "network", nameAt: 0, os: null, osSource: "network", osAt: 0 } as const;
	const mainAddress = addressKey(address);
	return {
		id,
		network,
		name,
		...said,
		tracking: tracking.method,
		trackedName: tracking.name,
		mainAddress,
		addresses: [mainAddress],
	};
}

/** Somebody else answers there now. Two that are tracked by names may have one address between them: false. */
function displace(db: DatabaseSync, tally: Tally, asset: KnownAsset, key: string): boolean {
	return asset.trackedName === null && leaveAddress(db, tally, asset, key);
}

/**
 * A machine that lists its own addresses has no others. Behind a translation the address it is reached at is none of its
 * own; then its list says nothing of the others.
 */
function leftAddresses(host: SeenHost, asset: KnownAsset, key: string): string[] {
	if (asset.addresses.every((one) => one === key) || !listsItself(host)) return [];
	const own = new Set(host.identifiers.flatMap(({ kind, value }) => (kind === "ip" ? [addressKey(value)] : [])));
	return asset.addresses.filter((one) => one !== key && !own.has(one));
}

function listsItself({ records, address }: SeenHost): boolean {
	return records.some(
		({ kind, data, complete }) =>
			kind === "interfaces" &&
			complete &&
			data.interfaces.some((one) => one.addresses.some((own) => own.address === address)),
	);
}

/** As it is kept: what decided and what was passed over, without what every asset of the network shares. */
function bodyOf({ rule, agreed, passed }: Resolution): string {
	const kept = passed.filter((one) =>
		one.agreed.some(({ kind }) => identifierRules[kind].decides || kind === "mac" || kind === "ip"),
	);
	return JSON.stringify({ rule, agreed: agreed.slice(0, 20), passed: kept.slice(0, 20) });
}
