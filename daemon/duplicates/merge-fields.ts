/** The fields of an asset that two may differ in: which value a merge takes unless it is told. Pure. */
import type { SQLOutputValue } from "node:sqlite";
import { type MergeField, mergeFields } from "../../protocol/model/duplicate.ts";

export type AssetRow = Readonly<Record<string, SQLOutputValue>>;

/** Column by field, and the columns that go with it. Of those marked, evidence that comes in later would write another value: a choice has to hold. */
export const fieldColumns = {
	name: { column: "name", with: ["name_source", "name_at"], written: true },
	os: { column: "os", with: ["os_source", "os_at"], written: true },
	tracking: { column: "tracking", with: ["tracked_name"], written: false },
	address: { column: "address", with: [], written: false },
} as const satisfies Record<MergeField, { column: string; with: readonly string[]; written: boolean }>;

/** The field a column belongs to; undefined for one that is none's. */
export function fieldOf(column: string): MergeField | undefined {
	return mergeFields.find((field) => {
		const known: { column: string; with: readonly string[] } = fieldColumns[field];
		return known.column === column || known.with.includes(column);
	});
}

const trackingRank = ["AGENT", "INSTANCE_ID", "DNSNAME", "NETBIOS", "IP"];

/** What stays: what knows itself best, then what is known longest. */
export function chooseSurvivor(rows: readonly AssetRow[]): number {
	const rank = ({ tracking }: AssetRow) => {
		const at = trackingRank.indexOf(String(tracking));
		return at < 2 ? at : 2;
	};
	const sorted = [...rows].sort(
		(a, b) => rank(a) - rank(b) || Number(a.first_seen) - Number(b.first_seen) || Number(a.id) - Number(b.id),
	);
	return Number(sorted[0]?.id ?? 0);
}

/**
 * The asset whose value of a field is taken when nobody says: what was seen last and says something; of addresses and tracking
 * the value of the one that stays, unless others have its address now. `reached`: the assets that have their address.
 */
export function chooseValue(
	field: MergeField,
	rows: readonly AssetRow[],
	survivor: number,
	reached: ReadonlySet<number>,
): number {
	const { column, written } = fieldColumns[field];
	if (!written && (field !== "address" || reached.has(survivor))) return survivor;
	const telling = written
		? rows.filter((row) => row[column] !== null && !isAddress(String(row[column])))
		: rows.filter(({ id }) => reached.has(Number(id)));
	if (telling.length === 0) return survivor;
	const sorted = [...telling].sort(
		(a, b) =>
			Number(b.last_seen) - Number(a.last_seen) ||
			Number(b.id === survivor) - Number(a.id === survivor) ||
			Number(a.id) - Number(b.id),
	);
	return Number(sorted[0]?.id ?? survivor);
}

/** A name that is only the address says less than any other. */
function isAddress(text: string): boolean {
	return /^[\d.]+$/.test(text) || /^[\da-f:.]*:[\da-f:.]*$/i.test(text);
}
