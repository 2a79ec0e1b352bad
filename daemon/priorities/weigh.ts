/** Weighs what is at stake on one asset, in the caller's transaction. */
import type { DatabaseSync } from "node:sqlite";
import { neverTargets, privateAddresses } from "../scope/special.ts";
import { findAssetFacts, readWeights, type StoredAssetFacts, setStakes } from "../store/priorities.ts";
import { type AssetFacts, stakesOf } from "./score.ts";

/** For an asset that is new, or whose tags have changed: its findings rank as they should from the first moment on. */
export function weighAsset(db: DatabaseSync, asset: number): void {
	const facts = findAssetFacts(db, asset);
	if (facts === null) return;
	const stakes = stakesOf(factsOf(facts), readWeights(db));
	if (stakes !== facts.stakes) setStakes(db, asset, stakes);
}

/** What counts of an asset. An address outside private and special space can be asked by anybody. */
export function factsOf({ addresses, criticality, impact, isFacing }: StoredAssetFacts): AssetFacts {
	const open = addresses.find((address) => !privateAddresses.has(address) && !neverTargets.has(address));
	const exposedBy =
		open !== undefined ? `${open} is a public address` : isFacing ? "a tag says that it faces the Internet" : null;
	return { exposedBy, criticality, impact };
}
