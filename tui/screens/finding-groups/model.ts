/** The filter that has exactly the findings of a group. Pure. */
import type { FindingGroup } from "../../../protocol/model/finding.ts";
import { exactly, withTerm } from "../../text/filter-terms.ts";

/** Of those that `filter` has; empty: of the open ones. */
export function filterOfGroup({ by, name }: Pick<FindingGroup, "by" | "name">, filter: string): string {
	return withTerm(filter, `${by}:${exactly(name)}`);
}
