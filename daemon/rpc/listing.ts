/** Turns a list method's params into the store's query: the filter compiled, the sort read. */
import type { z } from "zod";
import type { listParams } from "../../protocol/model/common.ts";
import { compileFilter } from "../query/compile.ts";
import type { FieldCatalogue } from "../query/fields.ts";
import type { Plan } from "../query/plan.ts";
import type { ListQuery } from "../store/page.ts";

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
	const descending = params.sort?.startsWith("-") ?? false;
	const field = params.sort?.replace(/^[-+]/, "");
	return {
		query: {
			where,
			sort: field === undefined ? null : { field, descending },
			limit: params.limit,
			cursor: params.cursor ?? null,
		},
		named,
		plan,
	};
}
