/**
 * Looks for duplicates: over the whole inventory, a part at a time, or around a few assets. Reads only; what was found is
 * written by the caller.
 */
import type { DatabaseSync } from "node:sqlite";
import type { DuplicateLink } from "../../protocol/model/duplicate.ts";
import { first } from "../store/sql.ts";
import { allBlocks, type Block, blocksOf, pairsOf } from "./blocks.ts";
import { type FoundGroup, groupLinks } from "./group.ts";
import { loadProfiles, type Profile } from "./profile.ts";
import { leastConfidence, scorePair } from "./score.ts";

export interface FoundPart {
	readonly groups: readonly FoundGroup[];
	readonly common: readonly Extract<Block, { common: unknown }>["common"][];
}

/** Pairs somebody said are two machines; in terms of the assets there are now. */
export type Rejected = (a: number, b: number) => boolean;

const assetsAtOnce = 400;
const blocksAtOnce = 2_000;
/** Of values on too many assets, the most widespread are kept. */
const mostCommon = 200;
/** What hangs together around an asset is looked at up to here; beyond it is the whole search's affair. */
const mostAround = 256;

/** Every part yielded is a moment to let others have their turn. */
export function* searchAll(db: DatabaseSync, rejected: Rejected): Generator<FoundPart> {
	const top = Number(first<{ id: number | null }>(db, "SELECT max(id) AS id FROM asset")?.id ?? 0);
	const pairs: number[] = [];
	const seen = new Set<number>();
	const clusters = new Clusters(top + 1);
	const common: FoundPart["common"][number][] = [];
	let blocks = 0;
	for (const block of allBlocks(db)) {
		if ("common" in block) common.push(block.common);
		else {
			for (const [a, b] of pairsOf(block.assets)) {
				const key = a * (top + 1) + b;
				if (seen.has(key)) continue;
				seen.add(key);
				pairs.push(key);
				clusters.join(a, b);
			}
		}
		if (++blocks % blocksAtOnce === 0) yield nothing;
	}
	seen.clear();
	const sorted = common.sort((a, b) => b.assets - a.assets).slice(0, mostCommon);
	yield { groups: [], common: sorted };
	yield* groupsOf(db, ordered(pairs, top + 1, clusters), rejected);
}

const nothing: FoundPart = { groups: [], common: [] };

/** The groups around some assets, and every asset that was looked at; null when too many hang together. */
export function searchAround(
	db: DatabaseSync,
	assets: readonly number[],
	rejected: Rejected,
): { groups: FoundGroup[]; looked: number[] } | null {
	const looked = new Set<number>();
	const pairs = new Map<string, [number, number]>();
	const queue = [...assets];
	for (let asset = queue.pop(); asset !== undefined; asset = queue.pop()) {
		if (looked.has(asset)) continue;
		looked.add(asset);
		if (looked.size > mostAround) return null;
		for (const block of blocksOf(db, asset)) {
			if ("common" in block) continue;
			queue.push(...block.assets);
			for (const pair of pairsOf(block.assets)) pairs.set(pair.join(" "), pair);
		}
	}
	const profiles = loadProfiles(db, [...looked]);
	return { groups: groupPairs(profiles, [...pairs.values()], rejected), looked: [...looked] };
}

/** The links between all of a few assets, surest first. */
export function compareAll(profiles: ReadonlyMap<number, Profile>): DuplicateLink[] {
	const all = [...profiles.values()].sort((a, b) => a.id - b.id);
	const links = all.flatMap((one, at) => all.slice(at + 1).map((other) => scorePair(one, other)));
	return links.sort((a, b) => b.confidence - a.confidence || a.a - b.a || a.b - b.b);
}

function groupPairs(
	profiles: ReadonlyMap<number, Profile>,
	pairs: readonly (readonly [number, number])[],
	rejected: Rejected,
): FoundGroup[] {
	const score = (a: number, b: number) => {
		const [one, other] = [profiles.get(a), profiles.get(b)];
		return one === undefined || other === undefined ? null : scorePair(one, other);
	};
	const links = pairs.flatMap(([a, b]) => (rejected(a, b) ? [] : (score(a, b) ?? [])));
	const sure = links.filter(({ confidence }) => confidence >= leastConfidence);
	return groupLinks(sure, (a, b) => rejected(a, b) || score(a, b)?.vetoed === true);
}

/** Pairs in the order of their clusters, so that a batch holds whole ones. Numbers in typed arrays: there may be millions. */
function* ordered(pairs: readonly number[], width: number, clusters: Clusters): Generator<[number, number, number]> {
	const roots = Int32Array.from(pairs, (key) => clusters.of(Math.floor(key / width)));
	const order = Uint32Array.from(pairs, (_, at) => at).sort((x, y) => (roots[x] ?? 0) - (roots[y] ?? 0));
	for (const at of order) {
		const key = pairs[at] ?? 0;
		yield [roots[at] ?? 0, Math.floor(key / width), key % width];
	}
}

function* groupsOf(
	db: DatabaseSync,
	pairs: Iterable<[number, number, number]>,
	rejected: Rejected,
): Generator<FoundPart> {
	let batch: [number, number][] = [];
	let assets = new Set<number>();
	let cluster = -1;
	const finish = (): FoundPart => {
		const groups = groupPairs(loadProfiles(db, [...assets]), batch, rejected);
		batch = [];
		assets = new Set();
		return { groups, common: [] };
	};
	for (const [root, a, b] of pairs) {
		if (root !== cluster && assets.size >= assetsAtOnce) yield finish();
		cluster = root;
		batch.push([a, b]);
		assets.add(a).add(b);
	}
	if (batch.length > 0) yield finish();
}

/** What hangs together by pairs: the lowest number of each is its name. */
class Clusters {
	readonly #parent: Int32Array;

	constructor(size: number) {
		this.#parent = new Int32Array(size).map((_, at) => at);
	}

	of(asset: number): number {
		let at = asset;
		for (;;) {
			const parent = this.#parent[at] ?? at;
			if (parent === at) return at;
			// Half-way to the root, so that paths stay short.
			const next = this.#parent[parent] ?? parent;
			this.#parent[at] = next;
			at = next;
		}
	}

	join(a: number, b: number): void {
		const [one, other] = [this.of(a), this.of(b)];
		this.#parent[Math.max(one, other)] = Math.min(one, other);
	}
}
