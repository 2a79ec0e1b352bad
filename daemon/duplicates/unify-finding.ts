/**
 * One finding made of those that several assets have at one place, and taken apart again: states as semantics 3.2 has them.
 * Pure.
 */
import type { FindingStatus } from "../../protocol/model/finding.ts";
import { changeNumbers, statusNumbers, statusOf } from "../store/codes.ts";
import { openNumber } from "../store/finding-writes.ts";
import type { LooseEvent, LooseRow } from "../store/loose-rows.ts";

/**
 * The later sighting says what is so now; dates and log are those of all. The first row gives its id, and with it what was
 * decided about that number: a finding nobody decided about is not hidden by another's exception.
 */
export function unifyFindings(rows: readonly [LooseRow, ...LooseRow[]]): LooseRow {
	const [first] = rows;
	const latest = rows.reduce((one, other) => (observedAt(other) > observedAt(one) ? other : one));
	const status = unifiedStatus(latest, rows);
	return counted({
		...latest,
		columns: {
			...latest.columns,
			id: first.columns.id ?? null,
			excepted: first.columns.excepted ?? 0,
			...statusColumn(status),
			first_found: least(rows, "first_found"),
			last_found: most(rows, "last_found"),
			last_fixed: most(rows, "last_fixed"),
			last_reopened: most(rows, "last_reopened"),
			times_found: rows.reduce((sum, row) => sum + numberOf(row, "times_found"), 0),
		},
		events: unionOf(rows),
	});
}

/** The first evidence that came in at the address since the merge. */
export interface FirstArrival {
	readonly at: number;
	readonly scan: number | null;
}

/** What a side has after the merge is undone: `own` as it was, with what came of the unified finding since. Null: nothing. */
export function splitFinding(
	own: LooseRow | undefined,
	merged: LooseRow | undefined,
	current: LooseRow,
	since: FirstArrival,
): LooseRow | null {
	if (merged === undefined) return current;
	const added = numberOf(current, "times_found") - numberOf(merged, "times_found");
	const later = (current.events ?? []).slice(merged.events?.length ?? 0);
	if (own === undefined) return counted(startedSince({ merged, current, added, later, since }));
	const changed = (column: string) =>
		(merged.columns[column] === current.columns[column] ? own : current).columns[column] ?? null;
	const columns = {
		...current.columns,
		id: own.columns.id ?? null,
		excepted: changed("excepted"),
		first_found: own.columns.first_found ?? null,
		last_found: changed("last_found"),
		last_fixed: changed("last_fixed"),
		last_reopened: changed("last_reopened"),
		times_found: numberOf(own, "times_found") + added,
	};
	const replayed = replay({ own, merged, current, added, later, since });
	return counted({
		...current,
		columns: { ...columns, ...replayed.columns },
		events: [...(own.events ?? []), ...replayed.events],
	});
}

interface Since {
	readonly merged: LooseRow;
	readonly current: LooseRow;
	/** How often it was found. */
	readonly added: number;
	/** Its log. */
	readonly later: readonly LooseEvent[];
	readonly since: FirstArrival;
}

/** The same sightings, told of a finding that was in another state than the unified one. */
function replay({ own, merged, current, added, later, since }: Since & { own: LooseRow }): {
	columns: Readonly<Record<string, number | null>>;
	events: readonly LooseEvent[];
} {
	const [was, stood, is] = [statusIn(own), statusIn(merged), statusIn(current)];
	if (was === stood || was === null || is === null) return { columns: {}, events: later };
	const [head] = later;
	const event = (kind: string) => ({ ...since, ...seenBy(current), kind, text: current.text ?? "" });
	if (was === "FIXED") {
		// It was open here only by the other side's sightings.
		if (head?.kind === "fixed" && added === 0) {
			const rest = later.slice(1);
			const fixedAgain = rest.some(({ kind }) => kind === "fixed");
			return { columns: fixedAgain ? {} : { last_fixed: numberOf(own, "last_fixed") }, events: rest };
		}
		const status = is === "FIXED" ? "FIXED" : added > 1 ? "ACTIVE" : "REOPENED";
		const rest = head?.kind === "found" && head.at === since.at ? later.slice(1) : later;
		const change = status === "REOPENED" ? { change: changeNumbers.reopened } : {};
		return { columns: { ...statusColumn(status), ...change }, events: [event("reopened"), ...rest] };
	}
	if (stood === "FIXED") {
		// Here it had never been fixed, so it was not back.
		const [first, ...rest] = later;
		if (first?.kind !== "reopened") return { columns: {}, events: later };
		const found = was === "ACTIVE" ? [] : [{ ...first, kind: "found" }];
		const columns = is === "REOPENED" ? { ...statusColumn("ACTIVE"), change: changeNumbers.found } : {};
		return { columns, events: [...found, ...rest] };
	}
	// NEW and REOPENED become ACTIVE with a word, ACTIVE stays so without.
	if (was !== "ACTIVE" && added > 0 && head?.at !== since.at)
		return { columns: {}, events: [event("found"), ...later] };
	const silent = was === "ACTIVE" && head?.kind === "found" && head.text === own.text;
	return { columns: {}, events: silent ? later.slice(1) : later };
}

/** The other side's finding was seen on this one since: here it is new. */
function startedSince({ merged, current, added, later, since }: Since): LooseRow | null {
	const status = statusIn(current);
	if (added === 0) return status === null ? current : null;
	const isFirst = later[0]?.at === since.at;
	const rest = isFirst ? later.slice(1) : later;
	const start = { ...since, ...seenBy(current), kind: "new", text: (isFirst ? later[0]?.text : current.text) ?? "" };
	const fresh = (column: string) =>
		merged.columns[column] === current.columns[column] ? null : (current.columns[column] ?? null);
	const isNew = added === 1 && status !== "FIXED";
	return {
		...current,
		columns: {
			...current.columns,
			...(isNew ? { ...statusColumn(status && "NEW"), change: changeNumbers.new } : {}),
			first_found: since.at,
			excepted: fresh("excepted") ?? 0,
			last_fixed: fresh("last_fixed"),
			last_reopened: fresh("last_reopened"),
			times_found: added,
		},
		events: [start, ...rest],
	};
}

/** How a finding was last seen, for an event that is written afterwards. */
function seenBy({ columns }: LooseRow): Pick<LooseEvent, "source"> {
	return columns.source == null ? {} : { source: String(columns.source) };
}

/** NEW only once: what another asset had already is found again, and what was fixed there is back. */
function unifiedStatus(latest: LooseRow, rows: readonly LooseRow[]): FindingStatus | null {
	const status = statusIn(latest);
	if (status !== "NEW") return status;
	const others = rows.filter((row) => row !== latest);
	if (others.some((row) => statusIn(row) === "FIXED")) return "REOPENED";
	const allNew = others.every((row) => statusIn(row) === "NEW" && observedAt(row) === observedAt(latest));
	return allNew ? "NEW" : "ACTIVE";
}

function statusColumn(status: FindingStatus | null): { status: number | null } {
	return { status: status && statusNumbers[status] };
}

/** With the column that says what it counts as. */
function counted<Row extends LooseRow | null>(row: Row): Row {
	if (row === null) return row;
	return { ...row, columns: { ...row.columns, open: openNumber(statusIn(row), numberOf(row, "excepted")) } };
}

function statusIn({ columns }: LooseRow): FindingStatus | null {
	return columns.status == null ? null : statusOf(Number(columns.status));
}

/** Each event once, by time; those of the first asset first. */
function unionOf(rows: readonly LooseRow[]): LooseEvent[] {
	const events = new Map(rows.flatMap((row) => row.events ?? []).map((event) => [JSON.stringify(event), event]));
	return [...events.values()].sort((a, b) => a.at - b.at);
}

function observedAt(row: LooseRow): number {
	return Math.max(numberOf(row, "last_found"), numberOf(row, "last_fixed"));
}

function numberOf({ columns }: LooseRow, column: string): number {
	return Number(columns[column] ?? 0);
}

function most(rows: readonly LooseRow[], column: string): number | null {
	const values = rows.flatMap(({ columns }) => (columns[column] == null ? [] : Number(columns[column])));
	return values.length === 0 ? null : Math.max(...values);
}

function least(rows: readonly LooseRow[], column: string): number | null {
	return Math.min(...rows.map((row) => numberOf(row, column)));
}
