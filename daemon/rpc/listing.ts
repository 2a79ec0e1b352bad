/** Turns a list method's params into the store's query: the filter compiled, the sort read. */
import type { z } from "zod";
import { AppError } from "../../protocol/errors.ts";
import type { listParams } from "../../protocol/model/listing.ts";
import { compileFilter } from "../query/compile.ts";
import type { FieldCatalogue } from "../query/fields.ts";
import type { Plan } from "../query/plan.ts";
import type { ListQuery } from "../store/page.ts";
import type { SortKey } from "../store/page-order.ts";

export interface CompiledListing {
	readonly query: ListQuery;
	/** Field names the filter uses, as the catalogue spells them. */
	readonly named: ReadonlySet<string>;
	/** The filter with its names looked up; null: there is none. */
	readonly plan: Plan | null;
}

/** Throws `invalid` with the position of what is wrong in the filter. `now` in milliseconds, for relative dates. */
export function compileListing(
	params: z.output<typeof listParams>,
	catalogue: FieldCatalogue,
	now: number,
): CompiledListing {
	const { where, named, plan } = compileFilter(params.filter, catalogue, { now });
	return {
		query: {
			where,
			sort: params.sort === undefined ? null : readSort(params.sort),
			limit: params.limit,
			cursor: params.cursor ?? null,
			skip: params.skip ?? 0,
		},
		named,
		plan,
	};
}

/** More keys than these tell nothing apart. */
const mostKeys = 8;

/** `-severity,port`; a field that is named again decides nothing any more. Throws `invalid` for too many. */
function readSort(text: string): SortKey[] {
	const keys = text.split(",").map((part): SortKey => {
		const written = part.trim();
		return { field: written.replace(/^[-+]/, ""), descending: written.startsWith("-") };
	});
	const distinct = keys.filter(({ field }, n) => keys.findIndex((one) => one.field === field) === n);
	if (distinct.length <= mostKeys) return distinct;
	throw new AppError("invalid", `A list is sorted by ${mostKeys} fields at most.`, { details: { field: "sort" } });
}
