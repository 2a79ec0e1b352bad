/** The tree of a map as it stands on the screen: networks folded or not, a line under the cursor. Pure. */
import type { TopologyRow } from "../../components/map/topology.ts";

/** Networks with more hosts are folded at first. */
const mostUnfolded = 8;

/** What a row folds; undefined: nothing hangs on it. */
export function foldOf(row: TopologyRow): string | undefined {
	if (row.kind === "network") return `${row.branch.length} ${row.network}`;
	return row.kind === "untraced" ? "untraced" : undefined;
}

export function foldedAtFirst(rows: readonly TopologyRow[]): ReadonlySet<string> {
	return new Set(
		rows.flatMap((row) => {
			const fold = foldOf(row);
			return fold !== undefined && hostsOf(row) > mostUnfolded ? [fold] : [];
		}),
	);
}

export function everyFold(rows: readonly TopologyRow[]): ReadonlySet<string> {
	return new Set(rows.flatMap((row) => foldOf(row) ?? []));
}

/** The rows without the hosts of what is folded. */
export function visibleRows(rows: readonly TopologyRow[], folded: ReadonlySet<string>): TopologyRow[] {
	let isHidden = false;
	return rows.filter((row) => {
		if (row.kind === "host") return !isHidden;
		isHidden = folded.has(foldOf(row) ?? "");
		return true;
	});
}

function hostsOf(row: TopologyRow): number {
	return row.kind === "network" || row.kind === "untraced" ? row.hosts : 0;
}
