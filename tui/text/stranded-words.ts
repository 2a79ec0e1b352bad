/** What is said of an asset that has no address: what it is, why, and what can be done. Pure. */
import type { StrandedAsset } from "../../protocol/model/identity.ts";

/** The assets without an address, as a query. */
export const strandedFilter = "interfaces.address is null";

/** Sentences. Each that names another asset has text from hosts in it. */
export function strandedWords({ addresses, foundAgainBy }: StrandedAsset): string[] {
	const places = addresses.map(({ address, taken }) => {
		if (taken === null) return `It was last seen at ${address}, where nothing is known to answer now.`;
		const { id, name, since, because, apart } = taken;
		const why = because === null ? "" : ` Why that one: ${because}`;
		const whyNot = apart === null ? "" : ` Why not this one: ${apart}.`;
		const began = since === null ? "" : ` since ${since.slice(0, 10)}`;
		return `${address} is asset ${id} (${name})${began}.${why}${whyNot}`;
	});
	const again =
		foundAgainBy.length > 0
			? `It is found again wherever it shows its ${foundAgainBy.join(", ")}.`
			: "Nothing it has would be recognised elsewhere: no scan will find it again.";
	return [
		"Scans do not reach it: it has no address.",
		...places,
		again,
		"Its findings count until it is merged or purged: not seen is not fixed.",
	];
}

/** The assets that have its addresses now, the last one first. */
export function takersOf({ addresses }: StrandedAsset): number[] {
	return [...new Set(addresses.flatMap(({ taken }) => (taken === null ? [] : taken.id)))];
}
