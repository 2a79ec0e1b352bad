/** Facets as rows to choose from: what is in force but not among them first, then each value of each facet. Pure. */

import type { FacetName, Facets } from "../../../protocol/model/facet.ts";
import type { Severity } from "../../../protocol/model/severity.ts";
import { opposite, termsOf } from "../../text/filter-terms.ts";
import { count } from "../../text/format.ts";
import type { Piece } from "../../theme/line.ts";
import type { Token } from "../../theme/look.ts";
import { severityShape } from "../../theme/severity.ts";

export interface FacetRow {
	/** What choosing it puts into the filter, or takes out of it. */
	readonly term: string;
	/** Null: a term of the filter that is no value of a facet. */
	readonly facet: FacetName | null;
	readonly label: string;
	readonly count: number | null;
	readonly isChosen: boolean;
}

export function facetRows(facets: Facets | undefined, filter: string): FacetRow[] {
	const inForce = termsOf(filter);
	const rows = (facets?.facets ?? []).flatMap(({ name, values }) =>
		values.map((value): FacetRow => ({ facet: name, ...value, isChosen: inForce.includes(value.term) })),
	);
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
export function valueLook({ facet, term, isChosen }: FacetRow): {
	readonly before: readonly Piece[];
	readonly token: Token;
} {
	const level = facet === "severity" || facet === "risk" ? /^\w+:([1-5])$/.exec(term)?.[1] : undefined;
	const isOut = term.startsWith(opposite(""));
	const mark: Piece = [isChosen ? (isOut ? "✗ " : "✓ ") : "  ", isOut ? "bad" : "good"];
	// With one value kept the others of its kind are not found any more, and nothing else would say that there are any.
	const only: readonly Piece[] = isChosen && !isOut && facet !== null ? [["only ", "muted"]] : [];
	return {
		before: [mark, ...only, ...(level === undefined ? [] : [severityShape(Number(level) as Severity), [" "] as const])],
		token: isChosen ? "strong" : "text",
	};
}

export function countText(value: number | null): string {
	return value === null ? "" : count(value);
}
