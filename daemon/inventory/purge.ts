/**
 * Takes assets out of the inventory and puts them back: a few in each transaction, so that others are served in between. A
 * stop in the middle leaves every asset either here or there, whole.
 */
import { setImmediate as turn } from "node:timers/promises";
import { AppError } from "../../protocol/errors.ts";
import { type Purge, type PurgePreview, purgeUndoDays } from "../../protocol/model/purge.ts";
import { compileFilter } from "../query/compile.ts";
import { addressKey, addressOfKey } from "../store/address-key.ts";
import { putBackAsset, takeOutAsset } from "../store/asset-archive.ts";
import { findAsset } from "../store/assets.ts";
import { Tally } from "../store/counters.ts";
import { mendMarks } from "../store/exception-cover.ts";
import { assetFields } from "../store/fields.ts";
import { matchingAssetIds, matchingFigures, stalest } from "../store/matching-assets.ts";
import type { Where } from "../store/page.ts";
import { createPurge, findPurge, listKept, markRestored, savePurgedAsset, type TakenAsset } from "../store/purges.ts";
import { first, transaction } from "../store/sql.ts";
import type { Store } from "../store/store.ts";
import { isoOf } from "../store/time.ts";
import { mendIgnored } from "../tickets/mend-ignored.ts";

const dayMs = 86_400_000;
/** Assets in one transaction: some 50 ms of the main thread on a slow machine. */
const atOnce = 20;
const mostRefusalsNamed = 100;

/** What a purge of this query would take. Throws `invalid` for a query that cannot be read. */
export function previewPurge({ db, clock }: Store, query: string): PurgePreview {
	const where = readQuery(query, clock.now());
	const { of, ...figures } = matchingFigures(db, where);
	return {
		...figures,
		of,
		everything: figures.assets > 0 && figures.assets === of,
		first: stalest(db, where, 10),
		stays: [
			"The results that scans printed, and maps with what they found.",
			"Asset groups with their addresses, exclusions, approved hosts and credentials.",
			"The audit log, with an entry for this.",
		],
		undoUntil: isoOf(clock.now() + purgeUndoDays * dayMs),
	};
}

export interface PurgeRequest {
	readonly query: string;
	readonly by: string;
	readonly reason: string;
	/** The rule that asks for it. */
	readonly rule: string | null;
	/** Called in the transaction that begins the purge, with its number; what it throws prevents it. */
	readonly onBegin: (purge: number, assets: number) => void;
	/** Thrown from, nothing is done: what the caller thinks of how many match, of how many there are. */
	readonly agree: (assets: number, of: number) => void;
}

/** Takes out what the query means now. Throws what `agree` and `onBegin` throw, and `conflict` when nothing matches. */
export async function runPurge(store: Store, request: PurgeRequest, signal?: AbortSignal): Promise<Purge> {
	const { db, clock } = store;
	const at = clock.now();
	const where = readQuery(request.query, at);
	const ids = matchingAssetIds(db, where);
	request.agree(ids.length, matchingFigures(db, where).of);
	if (ids.length === 0) throw new AppError("conflict", "No asset matches: there is nothing to purge.");
	const until = at + purgeUndoDays * dayMs;
	const { by, query, rule, reason } = request;
	const purge = transaction(db, () => {
		const id = createPurge(db, { at, by, query, rule, reason, until });
		request.onBegin(id, ids.length);
		return id;
	});
	for (let from = 0; from < ids.length && signal?.aborted !== true; from += atOnce) {
		changeAssets(store, (tally) => {
			for (const id of ids.slice(from, from + atOnce)) take(store, tally, purge, id);
			return undefined;
		});
		await turn();
	}
	return getPurge(store, purge);
}

/** Takes out these assets in the caller's transaction; the purge they went by. `query` says in words which they were. */
export function purgeAssets(
	store: Store,
	ids: readonly number[],
	{ by, query, reason }: Pick<PurgeRequest, "by" | "query" | "reason">,
): number {
	const { db, clock } = store;
	const at = clock.now();
	const until = at + purgeUndoDays * dayMs;
	const purge = createPurge(db, { at, by, query, rule: null, reason, until });
	changeAssets(store, (tally) => {
		for (const id of ids) take(store, tally, purge, id);
		return undefined;
	});
	return purge;
}

export interface Restored {
	readonly purge: Purge;
	readonly restored: number;
	readonly refused: { asset: number; name: string; reason: string }[];
	readonly refusedTotal: number;
}

/**
 * Puts back all assets of a purge, or some. One whose address another asset has taken since stays out unless `beside`.
 * Throws `not-found`, and `conflict` when nothing of it is kept.
 */
export async function undoPurge(
	store: Store,
	id: number,
	wish: {
		assets: readonly number[] | null;
		beside: boolean;
		by: string;
		onBegin: () => void;
		/** Called in the same transaction for each asset that is back: what has changed meanwhile is to be seen in it. */
		onRestored: (asset: number) => void;
	},
): Promise<Restored> {
	const { db, clock } = store;
	const before = getPurge(store, id);
	if (before.state !== "undoable") {
		throw new AppError("conflict", `Purge ${id} cannot be undone: ${whyNot(before)}`, {
			hint: "Scan the addresses again: what is there then comes back as new assets.",
		});
	}
	const wanted = wish.assets === null ? null : new Set(wish.assets);
	const refused: Restored["refused"] = [];
	let [restored, refusedTotal, begun] = [0, 0, false];
	for (let after = 0; ; ) {
		const kept = listKept(db, id, after, atOnce);
		const last = kept.at(-1);
		if (last === undefined) break;
		after = last.id;
		const chosen = kept.filter((asset) => wanted === null || wanted.has(asset.id));
		const back: number[] = [];
		changeAssets(store, (tally) => {
			if (!begun && chosen.length > 0) wish.onBegin();
			begun ||= chosen.length > 0;
			for (const asset of chosen) {
				const reason = whyRefused(store, asset, wish.beside);
				if (reason === null) {
					putBackAsset(db, tally, asset.body);
					mendMarks(db, asset.id, clock.now());
					mendIgnored(db, asset.id, clock.now());
					markRestored(db, id, asset.id, wish.by, clock.now());
					back.push(asset.id);
					restored++;
				} else if (++refusedTotal <= mostRefusalsNamed) refused.push({ asset: asset.id, name: asset.name, reason });
			}
			return () => back.forEach(wish.onRestored);
		});
		await turn();
	}
	if (wanted !== null && restored + refusedTotal === 0) {
		throw new AppError("not-found", `Purge ${id} has nothing kept of ${[...wanted].join(", ")}.`, {
			hint: `See what it has with: vedette purge show ${id}`,
		});
	}
	return { purge: getPurge(store, id), restored, refused, refusedTotal };
}

/** A query as people write it; `*` is all. Null means no condition. */
function readQuery(query: string, now: number): Where | null {
	return query.trim() === "*" ? null : compileFilter(query, assetFields, { now }).where;
}

function take({ db }: Store, tally: Tally, purge: number, id: number): void {
	const asset = findAsset(db, { id });
	// A purge beside this one may have been quicker.
	if (asset === null) return;
	const place = first<{ network: number; address: string }>(db, "SELECT network, address FROM asset WHERE id = ?", id);
	const taken = takeOutAsset(db, tally, id);
	if (taken === null || place === undefined) return;
	const { network, address } = place;
	savePurgedAsset(db, purge, { id, network, name: asset.name, address: addressOfKey(address), ...taken });
}

function whyRefused({ db }: Store, { id, network, address }: TakenAsset, beside: boolean): string | null {
	const there = findAsset(db, { id });
	if (there !== null) return "It is in the inventory already.";
	if (beside) return null;
	const other = first<{ id: number; name: string; first_seen: number }>(
		db,
		"SELECT a.id, a.name, a.first_seen FROM asset a JOIN asset_address x ON x.asset = a.id WHERE a.network = ? AND x.address = ? ORDER BY a.id DESC LIMIT 1",
		network,
		addressKey(address),
	);
	if (other === undefined) return null;
	return `${address} is asset ${other.id} (${other.name}) since ${isoOf(other.first_seen).slice(0, 10)}.`;
}

function whyNot({ state, undoUntil }: Purge): string {
	if (state === "undone") return "all its assets are back already.";
	return `what was known was kept until ${undoUntil.slice(0, 10)}.`;
}

/** In one transaction; what `work` gives back is done once the figures are written. */
function changeAssets({ db, clock }: Store, work: (tally: Tally) => (() => void) | undefined): void {
	transaction(db, () => {
		const tally = new Tally();
		const then = work(tally);
		tally.write(db, clock.now());
		then?.();
	});
}

/** Throws `not-found`. */
export function getPurge({ db }: Store, id: number): Purge {
	const found = findPurge(db, id);
	if (found !== null) return found;
	throw new AppError("not-found", `There is no purge ${id}.`, { hint: "List them with: vedette purge list" });
}
