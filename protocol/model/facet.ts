/** Facets: what findings or assets that match have in common, with how many each, so that one can narrow down without typing. */
import { z } from "zod";

/**
 * family: the folder of the check, `ssh` of `ssh/terrapin`. age: since a finding was found first. apart: excepted or ignored.
 * risk: the worst that is open on an asset. seen: since an asset was seen last.
 */
export const facetNames = [
	...(["risk", "severity", "type", "status", "kev", "age", "apart"] as const),
	...(["family", "signature", "port", "service", "tag", "os", "network", "tracking", "seen"] as const),
] as const;
export const facetName = z.enum(facetNames);
export type FacetName = z.infer<typeof facetName>;

export const facetLimits = {
	/** Findings that are looked at: beyond them counts are of these alone. */
	findings: 5_000_000,
	/** Assets likewise: what hangs on each is looked at too. */
	assets: 50_000,
	/** Values of one facet that are told, the most frequent first. */
	values: 12,
} as const;

export const facetValue = z.object({
	term: z.string().describe("ANDed to the filter it leaves exactly these"),
	label: z.string(),
	count: z.int().positive(),
});
export type FacetValue = z.infer<typeof facetValue>;

export const facet = z.object({
	name: facetName,
	values: z.array(facetValue),
	others: z.int().nonnegative().describe("values that are not told"),
});
export type Facet = z.infer<typeof facet>;

export const facets = z.object({
	facets: z.array(facet).describe("those without a value are left out"),
	looked: z.int().nonnegative().describe("of those the list has"),
	isAll: z.boolean().describe("false: the list has more, and counts are of those looked at"),
});
export type Facets = z.infer<typeof facets>;
