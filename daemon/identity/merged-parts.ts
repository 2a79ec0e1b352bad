/**
 * What was seen at an address of a merged asset and is not it: is it the merge that is contradicted, or did the address change
 * hands? The part of the asset that the address came from tells: when that alone would be recognised, it is the merge.
 */
import type { DatabaseSync } from "node:sqlite";
import type { KnownIdentifier } from "../store/identifiers.ts";
import type { Arrival } from "../store/merge-arrivals.ts";
import { listMergesInto } from "../store/merges.ts";
import { type MergeSides, readMergeSides, type SideFacts } from "./merge-sides.ts";
import { type Candidate, type Resolution, resolve, type Sighting } from "./resolve.ts";
import { identifierRules } from "./strength.ts";

export interface MergeHeld {
	readonly resolution: Resolution;
	readonly merge: number;
	/** What of it speaks against the merge: at times nothing does, a machine may have further adapters. */
	readonly against: readonly { readonly kind: string; readonly known: string[]; readonly seen: string[] }[];
}

/** Null: the asset has no part that would be recognised. `key` is the address, a sort key. */
export function heldByMerge(
	db: DatabaseSync,
	sighting: Sighting,
	whole: { candidate: Candidate; apart: readonly string[] },
	key: string,
): MergeHeld | null {
	const { candidate, apart } = whole;
	for (const { merge, has } of partsAt(db, candidate.asset, key)) {
		const part = { ...candidate, identifiers: candidate.identifiers.filter(has) };
		const resolution = resolve(sighting, [part]);
		if (resolution.asset === null) continue;
		const values = (kind: string, list: Sighting["identifiers"] | Candidate["identifiers"]) =>
			list.filter((one) => one.kind === kind && one.answered).map(({ value }) => value);
		const against = [...new Set(apart)].filter(speaksAgainst).map((kind) => ({
			kind,
			known: values(kind, candidate.identifiers),
			seen: values(kind, sighting.identifiers),
		}));
		return { resolution: { ...resolution, rule: "merged" }, merge, against };
	}
	return null;
}

/** What one machine has only one of. An adapter that answers may be a further one, and it may be given another name. */
function speaksAgainst(kind: string): boolean {
	return kind === "boot" || kind === "mac" || identifierRules[kind as keyof typeof identifierRules]?.vetoes === true;
}

interface Part {
	/** The merge that it came by. */
	readonly merge: number;
	has(identifier: KnownIdentifier): boolean;
}

/** The parts an address came with, from the latest merge down. */
function* partsAt(db: DatabaseSync, asset: number, key: string): Generator<Part> {
	let within = asset;
	let before = Number.MAX_SAFE_INTEGER;
	let arrivals: readonly Arrival[] = [];
	for (;;) {
		const merge = listMergesInto(db, within).find((id) => id < before);
		if (merge === undefined) return;
		const all = readMergeSides(db, { id: merge, survivor: within });
		const owner = all.ownerOf(key);
		const side = all.sides.find((one) => one.side.asset === owner);
		if (side === undefined) return;
		arrivals = [...arrivals, ...all.arrivals].filter(({ address }) => all.ownerOf(address) === owner);
		yield { merge, has: belongsTo(side, arrivals) };
		[within, before] = [owner, merge];
	}
}

function belongsTo({ identifiers }: SideFacts, arrivals: MergeSides["arrivals"]): Part["has"] {
	const nameOf = (network: unknown, kind: unknown, value: unknown) => `${network} ${kind} ${value}`;
	const own = new Set([
		...identifiers.map(({ columns }) => nameOf(columns.network, columns.kind, columns.value)),
		...arrivals.flatMap((one) => one.identifiers.map(({ network, kind, value }) => nameOf(network, kind, value))),
	]);
	return ({ network, kind, value }) => own.has(nameOf(network, kind, value));
}
