/** A machine has left one of its addresses: what was seen of it there is from now on seen at another of its addresses. */
import type { DatabaseSync } from "node:sqlite";
import { addressOfKey } from "./address-key.ts";
import type { Tally } from "./counters.ts";
import { deleteFinding, listPriorFindings } from "./finding-writes.ts";
import { noteFold } from "./merge-folds.ts";
import { all, run } from "./sql.ts";
import { recountAsset, standingOf, writeStanding } from "./standing.ts";

/** Sort keys of the addresses an asset has evidence of. */
export function evidenceAddresses(db: DatabaseSync, asset: number): string[] {
	return all<{ address: string }>(
		db,
		`SELECT address FROM coverage WHERE asset = ?1 UNION SELECT address FROM record WHERE asset = ?1
		UNION SELECT address FROM service WHERE asset = ?1 UNION SELECT address FROM finding WHERE asset = ?1`,
		asset,
	).map(({ address }) => address);
}

/**
 * Moves services, evidence, coverage and findings of an asset from one address to another, both sort keys. Where there is
 * one of each kind at both, that of `to` stays, with the earlier of the dates it was first found. Counters are kept. In the
 * caller's transaction.
 */
export function foldAddress(db: DatabaseSync, tally: Tally, asset: number, from: string, to: string): void {
	const before = standingOf(db, [asset]);
	const folded = noteFold(db, asset, from, to);
	for (const table of ["service", "coverage", "finding", "record"] as const)
		run(db, `UPDATE OR IGNORE ${table} SET address = ? WHERE asset = ? AND address = ?`, to, asset, from);
	run(
		db,
		`UPDATE finding AS kept SET first_found = min(kept.first_found, gone.first_found), times_found = kept.times_found + gone.times_found
		FROM finding AS gone WHERE kept.asset = ?1 AND kept.address = ?2 AND gone.asset = ?1 AND gone.address = ?3
			AND gone.signature = kept.signature AND gone.port = kept.port AND gone.protocol = kept.protocol AND gone.instance = kept.instance`,
		...[asset, to, from],
	);
	for (const finding of listPriorFindings(db, asset, addressOfKey(from))) deleteFinding(db, finding);
	run(db, "DELETE FROM body WHERE id IN (SELECT body FROM record WHERE asset = ? AND address = ?)", asset, from);
	for (const table of ["service", "coverage", "record"] as const)
		run(db, `DELETE FROM ${table} WHERE asset = ? AND address = ?`, asset, from);
	folded();
	writeStanding(db, tally, before, standingOf(db, [asset]));
	recountAsset(db, asset);
}
