/** What a list says of itself in the breadcrumb and the status line. Pure. */
import { isLoading, type PagedList } from "../../state/paged-list.ts";
import { count, plural } from "../../text/format.ts";
import type { Piece } from "../../theme/line.ts";

type AnyList = PagedList<{ readonly id: number }>;

export function figuresOf(list: AnyList, nouns: readonly [string, string]): Piece[] {
	if (list.failure && list.failure.code !== "invalid") return [["not up to date", "warning"]];
	if (list.answered.generation === 0) return [];
	const matching = list.answered.filter === "" ? "" : list.total === 1 ? " matches" : " match";
	const rows = list.isCounted ? plural(list.total, ...nouns) : `${totalText(list)} ${nouns[1]}`;
	const state = list.failure ? " · last good result" : isLoading(list) ? " · asking …" : "";
	return [[`${rows}${matching}${state}`, "muted"]];
}

/** `3,000,000`, or `101+` as long as nobody has counted. */
export function totalText({ total, isCounted }: Pick<AnyList, "total" | "isCounted">): string {
	return `${count(total)}${isCounted ? "" : "+"}`;
}

/** `17/3,000 ●2`: the row under the cursor, of how many, and how many are marked. */
export function positionOf(list: AnyList, marked: number): string {
	if (list.total === 0) return "";
	return `${count(list.cursor + 1)}/${totalText(list)}${marked > 0 ? ` ●${count(marked)}` : ""}`;
}
