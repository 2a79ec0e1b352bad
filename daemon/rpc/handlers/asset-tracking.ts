/** `assets.track`: one change for many assets, in one transaction, or what it would do. */
import type { z } from "zod";
import { AppError } from "../../../protocol/errors.ts";
import type { track } from "../../../protocol/methods/assets.ts";
import { trackAsset } from "../../identity/track.ts";
import { compileFilter } from "../../query/compile.ts";
import { assetFields } from "../../store/fields.ts";
import { matchingAssetIds } from "../../store/matching-assets.ts";
import { transaction } from "../../store/sql.ts";
import { retagAsset } from "../../tags/live-rules.ts";
import type { Services } from "../services.ts";

type Params = z.output<(typeof track)["params"]>;
type Result = z.infer<(typeof track)["result"]>;

const mostTold = 1_000;

export function trackAssets({ store, hub, audit }: Services, params: Params, user: string): Result {
	const { db, clock } = store;
	const { by, dryRun } = params;
	const result = transaction(db, () => {
		const told: Result = { changed: 0, already: 0, refused: 0, items: [] };
		const touched = new Set<number>();
		const taken = new Set<string>();
		for (const id of chosen(store, params)) {
			const outcome = trackAsset(db, id, by, { dryRun, taken });
			if (outcome === null)
				throw new AppError("not-found", `There is no asset ${id}.`, { hint: "List them with: vedette assets" });
			const { displaced, ...change } = outcome;
			told[change.outcome === "changes" ? "changed" : change.outcome]++;
			if (told.items.length < mostTold) told.items.push(change);
			if (change.outcome === "changes") for (const one of [id, ...displaced]) touched.add(one);
		}
		if (dryRun || told.changed === 0) return told;
		for (const id of touched) retagAsset(db, id, clock.now());
		const after = { by, changed: told.changed, refused: told.refused, ...pick(params) };
		audit.write({ who: user, action: "assets.track", object: `${told.changed} assets`, after });
		return told;
	});
	if (!dryRun && result.changed > 0) hub.post({ kind: "inventory-changed" });
	return result;
}

function chosen({ db, clock }: Services["store"], { filter, assets }: Params): readonly number[] {
	if ((filter === undefined) === (assets === undefined))
		throw new AppError("invalid", "Say which assets either by a query or by their numbers.", {
			hint: 'For example {"filter": "address:192.0.2.0/24", "by": "DNSNAME", "dryRun": true}.',
		});
	if (assets !== undefined) return [...new Set(assets)];
	return matchingAssetIds(db, compileFilter(filter ?? "", assetFields, { now: clock.now() }).where);
}

function pick({ filter, assets }: Params): Pick<Params, "filter" | "assets"> {
	return filter === undefined ? { assets } : { filter };
}
