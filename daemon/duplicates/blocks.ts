/**
 * Which assets are worth comparing: those that share a value. A value on more assets than a bound tells none from another;
 * it is named, and makes no pairs.
 */
import type { DatabaseSync } from "node:sqlite";
import { identifierRules } from "../identity/strength.ts";
import { type IdentifierKind, identifierKinds } from "../store/identifiers.ts";
import { all } from "../store/sql.ts";
import { labelOf } from "./score.ts";

/** Assets that share a value; of one that is on too many the value and how many. */
export type Block =
	| { readonly assets: readonly number[] }
	| { readonly common: { network: number; kind: IdentifierKind; value: string; assets: number } };

/** A machine may have as many addresses that answer with its key; a name on nine machines is no machine's name. */
const mostOfDeciding = 64;
const mostOfOthers = 8;

/** What is compared by: an address alone goes round, and makes no pair. */
const blockingKinds = identifierKinds.filter((kind) => kind !== "ip");
const nameKinds = ["name", "netbios"] as const satisfies IdentifierKind[];

export function mostSharing(kind: IdentifierKind): number {
	return identifierRules[kind].decides ? mostOfDeciding : mostOfOthers;
}

/** Every block of the inventory; values only one asset has are none. */
export function* allBlocks(db: DatabaseSync): Generator<Block> {
	const networks = all<{ network: number }>(
		db,
		`WITH RECURSIVE n (network) AS (SELECT min(network) FROM identifier UNION ALL
			SELECT (SELECT min(network) FROM identifier WHERE network > n.network) FROM n WHERE n.network IS NOT NULL)
		SELECT network FROM n WHERE network IS NOT NULL`,
	);
	for (const { network } of networks) {
		for (const kind of blockingKinds) yield* blocksOfKind(db, network, kind);
		yield* labelBlocks(db, network);
	}
}

interface BlockRow {
	value: string;
	n: number;
	assets: string | null;
}

function* blocksOfKind(db: DatabaseSync, network: number, kind: IdentifierKind): Generator<Block> {
	const most = mostSharing(kind);
	const rows = db
		.prepare(
			`SELECT value, count(*) AS n, CASE WHEN count(*) <= ${most} THEN group_concat(asset) END AS assets
			FROM identifier WHERE network = ? AND kind = ? GROUP BY value HAVING n > 1`,
		)
		.iterate(network, kind) as IterableIterator<unknown> as IterableIterator<BlockRow>;
	for (const { value, n, assets } of rows) {
		if (assets === null) yield { common: { network, kind, value, assets: n } };
		else yield { assets: assets.split(",").map(Number) };
	}
}

/** `web1`, `web1.example` and NetBIOS `WEB1` share a label. */
function* labelBlocks(db: DatabaseSync, network: number): Generator<Block> {
	const rows = db
		.prepare(
			`SELECT group_concat(DISTINCT asset) AS assets FROM (
				SELECT lower(iif(instr(value, '.') = 0, value, substr(value, 1, instr(value, '.') - 1))) AS label, asset
				FROM identifier WHERE network = ? AND kind IN ('name', 'netbios'))
			GROUP BY label HAVING count(*) > 1 AND count(DISTINCT asset) BETWEEN 2 AND ${mostOfOthers}`,
		)
		.iterate(network) as IterableIterator<unknown> as IterableIterator<{ assets: string }>;
	for (const { assets } of rows) yield { assets: assets.split(",").map(Number) };
}

/** The blocks one asset is in. */
export function blocksOf(db: DatabaseSync, asset: number): Block[] {
	const own = all<{ network: number; kind: IdentifierKind; value: string }>(
		db,
		"SELECT network, kind, value FROM identifier WHERE asset = ? AND kind <> 'ip'",
		asset,
	);
	const labels = own
		.filter(({ kind }) => (nameKinds as readonly string[]).includes(kind))
		.map(({ network, value }) => JSON.stringify([network, labelOf(value)]));
	return [
		...own.flatMap(({ network, kind, value }): Block[] => {
			const assets = holders(db, network, kind, value, mostSharing(kind));
			return assets.length < 2 || assets.length > mostSharing(kind) ? [] : [{ assets }];
		}),
		...[...new Set(labels)].flatMap((text): Block[] => {
			const [network, label] = JSON.parse(text) as [number, string];
			const assets = holdersOfLabel(db, network, label);
			return assets.length < 2 || assets.length > mostOfOthers ? [] : [{ assets }];
		}),
	];
}

function holders(db: DatabaseSync, network: number, kind: string, value: string, most: number): number[] {
	return all<{ asset: number }>(
		db,
		"SELECT asset FROM identifier WHERE network = ? AND kind = ? AND value = ? LIMIT ?",
		network,
		kind,
		value,
		most + 1,
	).map(({ asset }) => asset);
}

function holdersOfLabel(db: DatabaseSync, network: number, label: string): number[] {
	if (label === "") return [];
	// Between `label.` and `label/` lie the names that begin with it and a dot.
	return all<{ asset: number }>(
		db,
		`SELECT DISTINCT asset FROM (
			SELECT asset FROM identifier WHERE network = ?1 AND kind = 'name' AND value = ?2
			UNION ALL SELECT asset FROM identifier WHERE network = ?1 AND kind = 'name' AND value > ?2 || '.' AND value < ?2 || '/'
			UNION ALL SELECT asset FROM identifier WHERE network = ?1 AND kind = 'netbios' AND value = upper(?2)) LIMIT ?3`,
		network,
		label,
		mostOfOthers + 1,
	).map(({ asset }) => asset);
}

/** All pairs of a small block; of a large one each asset with the first and with the next. */
export function* pairsOf(assets: readonly number[]): Generator<[number, number]> {
	const sorted = [...new Set(assets)].sort((a, b) => a - b);
	const all = sorted.length <= 16;
	for (const [at, a] of sorted.entries()) {
		for (let other = at + 1; other < sorted.length; other++) {
			const b = sorted[other];
			if (b !== undefined && (all || at === 0 || other === at + 1)) yield [a, b];
		}
	}
}
