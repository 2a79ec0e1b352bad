/** Handlers of the assets area. */
import { AppError } from "../../../protocol/errors.ts";
import type { AssetDetail } from "../../../protocol/model/asset.ts";
import { identityOf, poisonedOf } from "../../identity/view.ts";
import type { Knowledge } from "../../knowledge/knowledge.ts";
import { compileFilter } from "../../query/compile.ts";
import { findAssetDetail } from "../../store/assets.ts";
import { readCounters } from "../../store/counters.ts";
import { assetFields } from "../../store/fields.ts";
import { deletePoisoned } from "../../store/identifiers.ts";
import { transaction } from "../../store/sql.ts";
import type { AreaHandlers, AreaStreams } from "../handler.ts";
import { compileListing } from "../listing.ts";
import type { Services } from "../services.ts";
import { watchHub } from "../watch-hub.ts";
import { trackAssets } from "./asset-tracking.ts";

export function assetsHandlers(services: Services): AreaHandlers<"assets"> {
	const { store, audit, reader, knowledge } = services;
	return {
		list: (params, { signal }) => {
			const { query } = compileListing(params, assetFields, store.clock.now());
			return reader.page("assets", { ...query, counted: params.counted }, signal);
		},
		count: ({ filter }, { signal }) => {
			const { where } = compileFilter(filter, assetFields, { now: store.clock.now() });
			return reader.count("assets", where, signal).then((total) => ({ total }));
		},
		facets: ({ filter }, { signal }) => {
			const now = store.clock.now();
			return reader.assetFacets({ where: compileFilter(filter, assetFields, { now }).where, now }, signal);
		},
		get: ({ id, name }) => {
			if ((id === undefined) === (name === undefined))
				throw new AppError("invalid", "Name an asset either by id or by name.", {
					hint: 'For example {"name": "127.0.0.1"}.',
				});
			const detail = findAssetDetail(store.db, id === undefined ? { name: name ?? "" } : { id });
			if (detail !== null) return withVendors({ ...detail, ...identityOf(store.db, detail.asset.id) }, knowledge());
			throw new AppError("not-found", `There is no asset ${id ?? name}.`, { hint: "List them with: vedette assets" });
		},
		track: (params, { user }) => trackAssets(services, params, user),
		poisoned: ({ limit }) => poisonedOf(store.db, limit),
		heal: ({ kind, value }, { user }) =>
			transaction(store.db, () => {
				const healed = deletePoisoned(store.db, kind, value);
				if (healed > 0) {
					audit.write({ who: user, action: "identifier.heal", object: `${kind} ${value}` });
					return { healed };
				}
				throw new AppError("not-found", `The ${kind} ${value} is not poisoned.`, {
					hint: "See those that are with: vedette assets poisoned",
				});
			}),
	};
}

function withVendors(detail: AssetDetail, { advisories }: Knowledge): AssetDetail {
	const vendorOf = (mac: string) => (isLocal(mac) ? "made up locally" : (advisories?.base.vendorOf(mac) ?? null));
	const identifiers = detail.identifiers.map((one) =>
		one.kind === "mac" ? { ...one, vendor: vendorOf(one.value) } : one,
	);
	return { ...detail, identifiers };
}

/** IEEE Std 802, 8.4: the second bit of the first octet; what virtual machines and phones give themselves. */
function isLocal(mac: string): boolean {
	return (Number.parseInt(mac.slice(0, 2), 16) & 2) !== 0;
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
