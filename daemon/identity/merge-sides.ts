/** To which side of a merge an address belongs, and what came in there since. */
import type { DatabaseSync } from "node:sqlite";
import type { IdentifierKind } from "../store/identifiers.ts";
import type { LooseRow } from "../store/loose-rows.ts";
import { type Arrival, type ArrivedIdentifier, listArrivals } from "../store/merge-arrivals.ts";
import { listSides, type MergeSide, readShelf } from "../store/merges.ts";
import { identifierRules } from "./strength.ts";

export interface SideFacts {
	readonly side: MergeSide;
	/** As they were: columns network, kind, value. */
	readonly identifiers: readonly LooseRow[];
	/** As they were: columns address, last_seen. */
	readonly addresses: readonly LooseRow[];
}

export interface MergeSides {
	readonly sides: readonly SideFacts[];
	readonly arrivals: readonly Arrival[];
	/** The asset an address, as a sort key, belongs to. */
	ownerOf(address: string): number;
}

/** `survivor` comes first of the sides. */
export function readMergeSides(
	db: DatabaseSync,
	merge: { id: number; survivor: number },
	shelf = readShelf(db, merge.id, ["identifier", "asset_address"]),
): MergeSides {
	const sides = listSides(db, merge.id).map((side): SideFacts => {
		const rowsOf = (table: string) => shelf.get(table)?.get(side.asset) ?? [];
		return { side, identifiers: rowsOf("identifier"), addresses: rowsOf("asset_address") };
	});
	sides.sort((a, b) => Number(b.side.asset === merge.survivor) - Number(a.side.asset === merge.survivor));
	const arrivals = listArrivals(db, merge.id);
	const byAddress = new Map(arrivals.map((arrival) => [arrival.address, arrival]));
	const owners = new Map<string, number>();
	const ownerOf = (address: string) => {
		const owner = owners.get(address) ?? sideOf(address, sides, byAddress.get(address));
		owners.set(address, owner);
		return owner;
	};
	return { sides, arrivals, ownerOf };
}

/**
 * The asset an address belongs to. What only one side had, it keeps; of what both or neither had, the strongest identifier
 * that came in there and that only some of them had tells; else the one that had it last; else the first, which is what stayed.
 */
export function sideOf(address: string, sides: readonly SideFacts[], arrival: Arrival | undefined): number {
	const having = sides.filter(({ side }) => side.addresses.includes(address));
	const [only, another] = having;
	if (only !== undefined && another === undefined) return only.side.asset;
	const candidates = having.length > 0 ? having : sides;
	const told = toldBy(arrival?.identifiers ?? [], candidates);
	if (told !== null) return told;
	const lastSeen = ({ addresses }: SideFacts) =>
		Number(addresses.find(({ columns }) => columns.address === address)?.columns.last_seen ?? -1);
	const latest = candidates.reduce((one, other) => (lastSeen(other) > lastSeen(one) ? other : one));
	return latest.side.asset;
}

function toldBy(arrived: readonly ArrivedIdentifier[], sides: readonly SideFacts[]): number | null {
	const strength = ({ kind }: ArrivedIdentifier) => identifierRules[kind as IdentifierKind]?.strength ?? 0;
	const strongestFirst = [...arrived].sort((a, b) => strength(b) - strength(a));
	for (const identifier of strongestFirst) {
		// Each side may have had the address itself.
		if (identifier.kind === "ip") continue;
		const holders = sides.filter(({ identifiers }) => identifiers.some((row) => isSame(row, identifier)));
		const [holder] = holders;
		if (holder !== undefined && holders.length === 1) return holder.side.asset;
	}
	return null;
}

function isSame({ columns }: LooseRow, identifier: ArrivedIdentifier): boolean {
	return (
		columns.kind === identifier.kind &&
		columns.value === identifier.value &&
		Number(columns.network) === identifier.network
	);
}
