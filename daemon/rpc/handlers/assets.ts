/** Handlers of the assets area. */
import { AppError } from "../../../protocol/errors.ts";
import { findAssetDetail, listAssets } from "../../store/assets.ts";
import { readCounters } from "../../store/counters.ts";
import { assetFields } from "../../store/fields.ts";
import type { AreaHandlers, AreaStreams } from "../handler.ts";
import { compileListing } from "../listing.ts";
import type { Services } from "../services.ts";
import { watchHub } from "../watch-hub.ts";

export function assetsHandlers({ store }: Services): AreaHandlers<"assets"> {
	return {
		list: (params) => listAssets(store.db, compileListing(params, assetFields, store.clock.now()).query),
		get: ({ id, name }) => {
			if ((id === undefined) === (name === undefined))
				throw new AppError("invalid", "Name an asset either by id or by name.", {
					hint: 'For example {"name": "127.0.0.1"}.',
				});
			const detail = findAssetDetail(store.db, id === undefined ? { name: name ?? "" } : { id });
			if (detail !== null) return detail;
			throw new AppError("not-found", `There is no asset ${id ?? name}.`, { hint: "List them with: vedette assets" });
		},
	};
}

export function assetsStreams({ store, hub }: Services): AreaStreams<"assets"> {
	const total = () => readCounters(store.db).get("assets") ?? 0;
	return {
		watch: watchHub(hub, {
			everyMs: 1_000,
			when: (bulletin) => bulletin.kind === "inventory-changed" || bulletin.kind === "findings-changed",
			snapshot: () => ({ total: total() }),
			event: () => ({ kind: "changed" as const, total: total() }),
		}),
	};
}
