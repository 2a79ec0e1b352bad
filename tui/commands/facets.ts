/** Facets on the command line: what a list has in common, with the query that narrows it to each value. */
import type { Facets, FacetValue } from "../../protocol/model/facet.ts";
import type { CommandContext } from "./command.ts";
import { type Column, jsonText, printList } from "./print.ts";

/** `empty`: what is said when nothing matches. */
export function printFacets(ctx: CommandContext, found: Facets, options: { json?: boolean }, empty: string): void {
	if (options.json === true) {
		ctx.print(jsonText(found));
		return;
	}
	const items = found.facets.flatMap(({ name, values }) => values.map((value) => ({ name, ...value })));
	printList(ctx, { items, total: items.length }, { columns, empty });
	if (!found.isAll) ctx.print(`Of the first ${found.looked} that were looked at; there are more.`);
}

const columns: Column<FacetValue & { readonly name: string }>[] = [
	{ title: "FACET", value: ({ name }) => name },
	{ title: "HAVE IT", value: ({ count }) => count, align: "right" },
	{ title: "VALUE", value: ({ label }) => label, max: 50 },
	{ title: "QUERY", value: ({ term }) => term, max: 60 },
];
