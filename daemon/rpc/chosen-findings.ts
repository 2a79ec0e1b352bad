/** Findings somebody chose: by marks, else by a query as the list of findings takes it. */
import { compileFilter } from "../query/compile.ts";
import { findingFields, findingScope } from "../store/fields.ts";
import type { Where } from "../store/page.ts";
import { scoped } from "../store/query-lists.ts";

export interface ChosenFindings {
	readonly filter: string;
	/** These, whatever their status. */
	readonly ids?: readonly number[] | undefined;
}

/** `apart`: what is excepted or ignored comes along. Throws `invalid`. `now` in milliseconds. */
export function chosenFindings({ filter, ids }: ChosenFindings, now: number, { apart = false } = {}): Where | null {
	if (ids !== undefined) return { sql: "f.id IN (SELECT value FROM json_each(?))", params: [JSON.stringify(ids)] };
	const { where, named } = compileFilter(filter, findingFields, { now });
	return scoped(where, findingScope(apart ? new Set([...named, "excepted", "ignored"]) : named));
}
