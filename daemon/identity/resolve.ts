/** Which asset is this? For now the address decides (tracking method IP), within one network; the rest is gathered. */
import type { DatabaseSync } from "node:sqlite";
import { createAsset } from "../store/assets.ts";
import type { Tally } from "../store/counters.ts";
import { findAssetsByIdentifier, type SeenIdentifier, saveIdentifier } from "../store/identifiers.ts";
import { networkOfKind } from "./strength.ts";

/** The one network there is. Addresses are only the same within a network. */
export const defaultNetwork = 1;

export interface Resolved {
	assetId: number;
	created: boolean;
}

/** The asset tracked by an address; null when none is. */
export function findAssetByAddress(db: DatabaseSync, address: string): number | null {
	const found = findAssetsByIdentifier(db, defaultNetwork, { kind: "ip", value: address });
	return found.find(({ answered }) => answered)?.asset ?? null;
}

/** The asset tracked by an address, made when there is none, with its identifiers brought up to date. `at` in milliseconds. */
export function resolveAsset(
	db: DatabaseSync,
	tally: Tally,
	host: { address: string; name: string; identifiers: readonly SeenIdentifier[]; at: number },
): Resolved {
	const known = findAssetByAddress(db, host.address);
	const assetId =
		known ?? createAsset(db, tally, { network: defaultNetwork, name: host.name, address: host.address, at: host.at });
	for (const identifier of host.identifiers)
		saveIdentifier(db, networkOfKind(identifier.kind, defaultNetwork), assetId, identifier, host.at);
	return { assetId, created: known === null };
}
