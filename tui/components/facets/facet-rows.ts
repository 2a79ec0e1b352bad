/** Facets as rows to choose from: what is in force but not among them first, then each value of each facet. Pure. */

import type { FacetName } from "../../../protocol/model/facet.ts";
import type { Severity } from "../../../protocol/model/severity.ts";
import { opposite, termsOf } from "../../text/filter-terms.ts";
import { count } from "../../text/format.ts";
import type { Piece } from "../../theme/line.ts";
import type { Token } from "../../theme/look.ts";
import { severityShape } from "../../theme/severity.ts";
import { allValues, type CountedFacets } from "./hidden-values.ts";

export interface FacetRow {
	/** What choosing it puts into the filter, or takes out of it. */
	readonly term: string;
	/** Null: a term of the filter that is no value of a facet. */
	readonly facet: FacetName | null;
	readonly label: string;
	readonly count: number | null;
	readonly isChosen: boolean;
	/** The value of its kind that is kept, which hides this one; choosing this one takes its place. */
	readonly hiddenBy?: string;
}

export function facetRows(facets: CountedFacets | undefined, filter: string): FacetRow[] {
	const inForce = termsOf(filter);
	const rows = (facets === undefined ? [] : allValues(facets)).flatMap(({ name, values }) => {
		const kept = facets?.hidden?.has(name) ? values.find(({ term }) => inForce.includes(term))?.term : undefined;
		return values.map((value): FacetRow => {
			const isChosen = inForce.includes(value.term);
			return { facet: name, ...value, isChosen, ...(isChosen || kept === undefined ? {} : { hiddenBy: kept }) };
		});
	});
	const others = inForce.filter((term) => !rows.some((row) => row.term === term));
	return [
		...others.map((term): FacetRow => ({ term, facet: null, label: term, count: null, isChosen: true })),
		...rows,
	];
}

/** The index of the first row of the next facet, or of the one before; where there is none, the same. */
export function stepFacet(rows: readonly FacetRow[], at: number, by: 1 | -1): number {
	const starts = rows.flatMap((row, index) => (rows[index - 1]?.facet === row.facet && index > 0 ? [] : [index]));
	if (by > 0) return starts.find((start) => start > at) ?? at;
	return starts.findLast((start) => start < at) ?? at;
}

/** What a facet is called. */
export const facetTitles: Readonly<Record<FacetName, string>> = {
	severity: "severity",
	type: "type",
	status: "status",
	kev: "exploited",
	age: "age",
	apart: "set apart",
	family: "family",
	signature: "check",
	port: "port",
	tag: "tag",
	os: "system",
	risk: "worst",
	service: "service",
	network: "network",
	tracking: "tracked by",
	seen: "seen",
};

/** What stands before the label of a value, and how the label looks. */
export function valueLook({ facet, term, isChosen, hiddenBy }: FacetRow): {
	readonly before: readonly Piece[];
	readonly token: Token;
} {
	const level = facet === "severity" || facet === "risk" ? /^\w+:([1-5])$/.exec(term)?.[1] : undefined;
	const isOut = term.startsWith(opposite(""));
	const mark: Piece = [isChosen ? (isOut ? "✗ " : "✓ ") : "  ", isOut ? "bad" : "good"];
	// With one value kept the others of its kind are not found any more.
	const only: readonly Piece[] = isChosen && !isOut && facet !== null ? [["only ", "muted"]] : [];
	return {
		before: [mark, ...only, ...(level === undefined ? [] : [severityShape(Number(level) as Severity), [" "] as const])],
		token: isChosen ? "strong" : hiddenBy === undefined ? "text" : "faint",
	};
}

export function countText(value: number | null): string {
	return value === null ? "" : count(value);
}
