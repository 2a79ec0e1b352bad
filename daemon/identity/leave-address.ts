/** An asset goes on without one of its addresses. */
import type { DatabaseSync } from "node:sqlite";
import { type KnownAsset, saveMainAddress, takeAddress } from "../store/candidates.ts";
import type { Tally } from "../store/counters.ts";
import { foldAddress } from "../store/fold-address.ts";

/** `asset` as it is before. What was seen of it there goes to its main address; where it has no other, nothing moves. False when it did not have it. */
export function leaveAddress(
	db: DatabaseSync,
	tally: Tally,
	{ id, addresses, mainAddress }: Pick<KnownAsset, "id" | "addresses" | "mainAddress">,
	key: string,
): boolean {
	if (!takeAddress(db, id, key)) return false;
	const left = addresses.filter((one) => one !== key);
	const main = left.includes(mainAddress) ? mainAddress : left[0];
	if (main === undefined) return true;
	saveMainAddress(db, id, main);
	foldAddress(db, tally, id, key, main);
	return true;
}
