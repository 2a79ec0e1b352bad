/** Facets in the narrow strip of a wide screen: the most frequent values of each, and which of them are in force. */
import type { FacetName } from "../../../protocol/model/facet.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { fitted } from "../../text/fit.ts";
import { count } from "../../text/format.ts";
import { widthOfPieces } from "../../theme/line.ts";
import { type Block, failureBlocks } from "../reader/document.ts";
import type { FacetFeed } from "./facet-feed.ts";
import { countText, type FacetRow, facetRows, facetTitles, valueLook } from "./facet-rows.ts";
import { allValues, type CountedFacets } from "./hidden-values.ts";

const shownValues: Partial<Record<FacetName, number>> = { risk: 6, severity: 5, age: 5, seen: 5 };
const usuallyShown = 4;
/** Beside the count. Columns. */
const rowWidth = 18;

const described = new WeakMap<CountedFacets, { filter: string; blocks: readonly Block[] }>();
const asking: readonly Block[] = [{ kind: "text", text: "Asking …", token: "faint" }];

export function facetStrip({ facets, failure }: ReturnType<FacetFeed["of"]>, filter: string): readonly Block[] {
	if (facets === undefined) return failure === undefined ? asking : failureBlocks(failure);
	const known = described.get(facets);
	if (known?.filter === filter) return known.blocks;
	const blocks = describe(facets, filter);
	described.set(facets, { filter, blocks });
	return blocks;
}

function describe(facets: CountedFacets, filter: string): Block[] {
	const rows = facetRows(facets, filter);
	const blocks: Block[] = [
		{
			kind: "pieces",
			pieces: [
				[keyOf("narrowing", "facets"), "key"],
				[" narrows by these", "muted"],
			],
		},
	];
	if (filter.trim() !== "") blocks.push({ kind: "text", text: "of what the filter keeps", token: "muted" });
	if (!facets.isAll) blocks.push({ kind: "text", text: `of the first ${count(facets.looked)}`, token: "warning" });
	for (const { name, values, others } of allValues(facets)) {
		const most = shownValues[name] ?? usuallyShown;
		const hidden = others + Math.max(0, values.length - most);
		blocks.push({
			...{ kind: "heading", text: facetTitles[name] },
			...(hidden > 0 ? { figures: [[`+${count(hidden)}`, "faint"]] } : {}),
		});
		for (const row of firstOf(
			rows.filter(({ facet }) => facet === name),
			most,
		)) {
			const { before, token } = valueLook(row);
			const width = rowWidth - widthOfPieces(before);
			blocks.push({
				kind: "pieces",
				pieces: [
					...before,
					[fitted(row.label, width), token],
					[countText(row.count).padStart(8), row.hiddenBy === undefined ? "number" : "faint"],
				],
			});
		}
	}
	return blocks;
}

/** What is kept is among them. */
function firstOf(rows: readonly FacetRow[], most: number): readonly FacetRow[] {
	const [kept] = rows.slice(most).filter(({ isChosen }) => isChosen);
	return kept === undefined ? rows.slice(0, most) : [...rows.slice(0, most - 1), kept];
}
