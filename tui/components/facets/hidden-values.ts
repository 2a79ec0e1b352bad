/** What a kept value hides: the other values of its kind, counted as they would be found were it not kept. */
import type { Facet, FacetName, Facets } from "../../../protocol/model/facet.ts";
import { hasTerm, withoutTerm } from "../../text/filter-terms.ts";

export interface CountedFacets extends Facets {
	/** All values of a kind of which one is kept alone. Absent: not known yet. */
	readonly hidden?: ReadonlyMap<FacetName, Facet>;
}

/** Each is a count of its own. */
const mostKept = 4;

/** Rejects as `count` does. */
export async function countHidden(
	found: Facets,
	filter: string,
	count: (filter: string) => Promise<Facets>,
): Promise<CountedFacets> {
	const hidden = new Map<FacetName, Facet>();
	for (const { name, kept } of keptAlone(found, filter).slice(0, mostKept)) {
		const { facets } = await count(withoutTerm(filter, kept.term));
		const all = facets.find((one) => one.name === name);
		if (all === undefined) continue;
		const isTold = all.values.some(({ term }) => term === kept.term);
		// What is kept is among them even where others are more frequent than are told.
		hidden.set(name, isTold ? all : { ...all, values: [kept, ...all.values], others: Math.max(0, all.others - 1) });
	}
	return { ...found, hidden };
}

/** What can have several values at once (tags, ports of an asset) goes on telling those that are found besides. */
function keptAlone({ facets }: Facets, filter: string) {
	return facets.flatMap(({ name, values: [kept, ...more], others }) =>
		kept !== undefined && more.length === 0 && others === 0 && hasTerm(filter, kept.term) ? [{ name, kept }] : [],
	);
}

/** The kinds to choose from, in their order: with what is hidden where that is known. */
export function allValues({ facets, hidden }: CountedFacets): readonly Facet[] {
	return facets.map((facet) => hidden?.get(facet.name) ?? facet);
}
