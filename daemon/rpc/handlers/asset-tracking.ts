/** `assets.track`: one change for many assets, in one transaction, or what it would do. */
import type { DatabaseSync } from "node:sqlite";
import type { z } from "zod";
import { AppError } from "../../../protocol/errors.ts";
import type { track } from "../../../protocol/methods/assets.ts";
import { type TrackingOutcome, trackAsset } from "../../identity/track.ts";
import { purgeAssets } from "../../inventory/purge.ts";
import { compileFilter } from "../../query/compile.ts";
import { findKnownAsset } from "../../store/candidates.ts";
import { Tally } from "../../store/counters.ts";
import { assetFields } from "../../store/fields.ts";
import { matchingAssetIds } from "../../store/matching-assets.ts";
import { all, rehearse, transaction } from "../../store/sql.ts";
import { retagAsset } from "../../tags/live-rules.ts";
import type { Services } from "../services.ts";

type Params = z.output<(typeof track)["params"]>;
type Result = z.infer<(typeof track)["result"]>;

const mostTold = 1_000;

export function trackAssets({ store, hub, audit }: Services, params: Params, user: string): Result {
	const { db, clock } = store;
	const { by, dryRun } = params;
	// What it would do is what it does: one asset's change decides what becomes of the next.
	const carryOut = dryRun ? rehearse : transaction;
	const result = carryOut(db, () => {
		const told: Result = { changed: 0, already: 0, refused: 0, losing: 0, purged: 0, purge: null, items: [] };
		const touched = new Set<number>();
		const tally = new Tally();
		const gone = new Map<number, number>();
		for (const id of chosen(store, params)) {
			const outcome = gone.has(id) ? goneOutcome(store, id, gone) : trackAsset(db, tally, id, by);
			if (outcome === null)
				throw new AppError("not-found", `There is no asset ${id}.`, { hint: "List them with: vedette assets" });
			const { displaced, ...change } = outcome;
			if (change.outcome !== "purged") told[change.outcome === "changes" ? "changed" : change.outcome]++;
			told.losing += Number(change.loses !== null);
			for (const one of change.purges) gone.set(one.id, id);
			if (told.items.length < mostTold) told.items.push(change);
			if (change.outcome === "changes") for (const one of [id, ...displaced]) touched.add(one);
		}
		told.purged = gone.size;
		if (dryRun || told.changed === 0) return told;
		tally.write(db, clock.now());
		if (gone.size > 0)
			told.purge = purgeAssets(store, [...gone.keys()], { by: user, query: idQuery([...gone.keys()]), reason });
		for (const id of touched) if (!gone.has(id)) retagAsset(db, id, clock.now());
		const { changed, refused, purged, purge } = told;
		const after = { by, changed, refused, ...(purge === null ? {} : { purged, purge }), ...pick(params) };
		audit.write({ who: user, action: "assets.track", object: `${told.changed} assets`, after });
		return told;
	});
	if (!dryRun && result.changed > 0) hub.post({ kind: "inventory-changed" });
	if (!dryRun && result.losing > 0) hub.post({ kind: "findings-changed" });
	return result;
}

/** As it could be asked, cut where it would be long. */
function idQuery(ids: readonly number[]): string {
	const named = ids.slice(0, 100).map((id) => `id:${id}`);
	return [...named, ...(ids.length > named.length ? ["…"] : [])].join(" or ");
}

const reason = "Older records of addresses that are tracked by address again.";

/** One that another of the same call has left without an address. */
function goneOutcome({ db }: Services["store"], id: number, gone: ReadonlyMap<number, number>): TrackingOutcome | null {
	const asset = findKnownAsset(db, id);
	if (asset === null) return null;
	const why = `asset ${gone.get(id)} was seen later at its address`;
	return {
		...{ asset: { id, name: asset.name }, outcome: "purged", from: asset.tracking, by: asset.trackedName, why },
		...{ loses: null, purges: [], displaced: [] },
	};
}

/** Those seen last first: of several at one address the newest keeps it, whatever the order they were named in. */
function chosen({ db, clock }: Services["store"], { filter, assets }: Params): readonly number[] {
	if ((filter === undefined) === (assets === undefined))
		throw new AppError("invalid", "Say which assets either by a query or by their numbers.", {
			hint: 'For example {"filter": "address:192.0.2.0/24", "by": "DNSNAME", "dryRun": true}.',
		});
	if (assets !== undefined) return newestFirst(db, [...new Set(assets)]);
	const ids = matchingAssetIds(db, compileFilter(filter ?? "", assetFields, { now: clock.now() }).where);
	return newestFirst(db, ids);
}

function newestFirst(db: DatabaseSync, ids: readonly number[]): readonly number[] {
	const text =
		"SELECT j.value AS id FROM json_each(?) j LEFT JOIN asset a ON a.id = j.value ORDER BY a.last_seen DESC, j.value";
	return all<{ id: number }>(db, text, JSON.stringify(ids)).map(({ id }) => id);
}

function pick({ filter, assets }: Params): Pick<Params, "filter" | "assets"> {
	return filter === undefined ? { assets } : { filter };
}
