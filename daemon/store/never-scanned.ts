/** Addresses nobody knows anything of: those no scan has reached, and those that never answered one. */
import { setImmediate } from "node:timers/promises";
import type { NeverScanned } from "../../protocol/model/group.ts";
import { formatAddress } from "../../protocol/target/address.ts";
import { type AddressRange, AddressSet } from "../../protocol/target/address-set.ts";
import { addressOfKey } from "./address-key.ts";
import { all } from "./sql.ts";
import type { Store } from "./store.ts";

const rowsAtOnce = 5_000;

/** What is never answered and what never asked among `wanted`. Lets others have their turn while it reads. */
export async function neverScanned(
	{ db }: Pick<Store, "db">,
	wanted: AddressSet,
	/** Null: in any of them. */
	network: number | null = null,
): Promise<{ neverAsked: AddressSet; neverAnswered: AddressSet }> {
	const answered: string[] = [];
	// Coverage is kept of what answered alone.
	const known = all<{ address: string }>(
		db,
		`SELECT DISTINCT c.address FROM coverage c JOIN asset a ON a.id = c.asset
		WHERE c.scan IS NOT NULL AND (?1 IS NULL OR a.network = ?1)`,
		network,
	);
	for (const { address } of known) answered.push(addressOfKey(address));
	// Of a machine that has moved on it lies at the address it has now.
	const before = `SELECT i.value AS address FROM identifier i JOIN asset a ON a.id = i.asset
		WHERE i.network IN (SELECT id FROM network WHERE ?1 IS NULL OR id = ?1) AND i.kind = 'ip' AND i.answered = 1 AND a.last_scan IS NOT NULL`;
	for (const { address } of all<{ address: string }>(db, before, network)) answered.push(address);
	const silent = wanted.subtract(setOf(answered));
	if (silent.size === 0) return { neverAsked: AddressSet.empty, neverAnswered: AddressSet.empty };
	let asked = AddressSet.empty;
	for (let scan = 0, idx = -1; asked.size < silent.size; ) {
		const rows = all<{ scan: number; idx: number; address: string }>(
			db,
			`SELECT scan, idx, address FROM scan_target WHERE (scan, idx) > (?1, ?2) AND state NOT IN ('pending', 'excluded') AND how IS NOT 'excluded'
				AND (?3 IS NULL OR scan IN (SELECT id FROM scan WHERE network = ?3))
			ORDER BY scan, idx LIMIT ${rowsAtOnce}`,
			scan,
			idx,
			network,
		);
		const last = rows.at(-1);
		if (last === undefined) break;
		asked = asked.union(setOf(rows.map(({ address }) => address)).intersect(silent));
		({ scan, idx } = last);
		await setImmediate();
	}
	return { neverAsked: silent.subtract(asked), neverAnswered: asked };
}

/** Stretches of both, ascending by address within each family. */
export function stretchesOf(found: { neverAsked: AddressSet; neverAnswered: AddressSet }): NeverScanned[] {
	const view = (why: NeverScanned["why"]) => (range: AddressRange) => ({ ...range, why });
	const all = [
		...Array.from(found.neverAsked.blocks(), view("never-asked")),
		...Array.from(found.neverAnswered.blocks(), view("never-answered")),
	];
	all.sort((a, b) => a.family - b.family || (a.first < b.first ? -1 : 1));
	return all.map(({ family, first, last, why }) => ({
		first: formatAddress({ family, value: first }),
		last: formatAddress({ family, value: last }),
		addresses: Number(last - first + 1n),
		why,
	}));
}

function setOf(addresses: readonly string[]): AddressSet {
	return AddressSet.fromText(addresses.map((address) => [address, address] as const));
}
