/**
 * Rows of an asset lifted out of the store with all that hangs on them (a record's body, a finding's texts and log), and put
 * back under the same or another asset. For merging and for taking apart; counters are the caller's.
 */
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from "node:sqlite";
import type { AssetTable } from "./asset-tables.ts";
import { dropResult, takeResult } from "./results.ts";
import { all, run } from "./sql.ts";

export interface LooseRow {
	/** Without `asset`, a record's `body` and a finding's `result`. */
	readonly columns: Readonly<Record<string, SQLOutputValue>>;
	/** A record's. */
	readonly body?: LooseBody;
	/** A finding's text. */
	readonly text?: string;
	/** A finding's log, oldest first. */
	readonly events?: readonly LooseEvent[];
}

export interface LooseBody {
	readonly packed: number;
	readonly data: Uint8Array;
	readonly list: number | null;
}

export interface LooseEvent {
	readonly at: number;
	readonly kind: string;
	readonly scan: number | null;
	/** Missing where it was not kept. */
	readonly source?: string;
	readonly text: string;
}

/** Rows of one asset, those at the given addresses (sort keys) alone when there are any. */
export function readLooseRows(
	db: DatabaseSync,
	table: AssetTable,
	asset: number,
	addresses: readonly string[] | null,
): LooseRow[] {
	const at = addresses === null ? "" : " AND t.address IN (SELECT value FROM json_each(?))";
	const params: SQLInputValue[] = addresses === null ? [asset] : [asset, JSON.stringify(addresses)];
	const columns = plainColumns(table).map((column) => `t.${column}`);
	const join = joins[table.name];
	const wanted = [...columns, ...(join?.columns ?? [])].join(", ");
	const order = table.key.map((column) => `t.${column}`).join(", ") || "t.rowid";
	const text = `SELECT ${wanted} FROM ${table.name} t ${join?.sql ?? ""} WHERE t.asset = ?${at} ORDER BY ${order}`;
	const rows = all<Record<string, SQLOutputValue>>(db, text, ...params);
	return rows.map(({ "~data": data, "~packed": packed, "~list": list, "~text": told, ...columns }) => ({
		columns,
		...(data instanceof Uint8Array
			? { body: { data, packed: Number(packed), list: list == null ? null : Number(list) } }
			: {}),
		...(told === undefined ? {} : { text: String(told), events: readEvents(db, Number(columns.id)) }),
	}));
}

/**
 * Takes rows out, with what hangs on them. Returns what is still to be done once they have been put back elsewhere: a list of
 * packages goes with the last body that is one.
 */
export function removeLooseRows(
	db: DatabaseSync,
	table: AssetTable,
	asset: number,
	rows: readonly LooseRow[],
	addresses: readonly string[] | null,
): () => void {
	if (rows.length === 0) return () => undefined;
	const at = addresses === null ? "" : " AND address IN (SELECT value FROM json_each(?))";
	const params: SQLInputValue[] = addresses === null ? [asset] : [asset, JSON.stringify(addresses)];
	const bodies =
		table.name === "record"
			? all<{ body: number }>(db, `SELECT body FROM record WHERE asset = ?${at}`, ...params).map(({ body }) => body)
			: [];
	if (table.name === "finding") for (const row of rows) removeTexts(db, Number(row.columns.id));
	run(db, `DELETE FROM ${table.name} WHERE asset = ?${at}`, ...params);
	return () => {
		for (const body of bodies) run(db, "DELETE FROM body WHERE id = ?", body);
	};
}

/** Puts a row under an asset. */
export function writeLooseRow(db: DatabaseSync, table: AssetTable, asset: number, row: LooseRow): void {
	const values: Record<string, SQLInputValue> = { ...row.columns };
	if (table.name === "record" && row.body !== undefined) values.body = insertBody(db, row.body);
	if (table.name === "finding") values.result = takeResult(db, row.text ?? "");
	const columns = table.columns.filter((column) => column in values);
	const marks = columns.map(() => "?").join(", ");
	run(
		db,
		`INSERT INTO ${table.name} (asset, ${columns.join(", ")}) VALUES (?, ${marks})`,
		asset,
		...columns.map((column) => values[column] ?? null),
	);
	if (table.name === "finding") writeEvents(db, Number(row.columns.id), row.events ?? []);
}

/** The key of a row within its asset. */
export function keyOf(table: AssetTable, { columns }: LooseRow): string {
	return JSON.stringify(table.key.map((column) => columns[column] ?? null));
}

/** Whether two rows say the same. */
export function sameRow(a: LooseRow, b: LooseRow): boolean {
	return formOf(a) === formOf(b);
}

/** Returns its number. */
export function insertBody(db: DatabaseSync, { packed, data, list }: LooseBody): number {
	return run(db, "INSERT INTO body (packed, data, list) VALUES (?, ?, ?)", packed, data, list).id;
}

/** JSON has no bytes. */
export function bytesOut(_key: string, value: unknown): unknown {
	return value instanceof Uint8Array ? { "~bytes": Buffer.from(value).toString("base64") } : value;
}

export function bytesIn(_key: string, value: unknown): unknown {
	const bytes = (value as { "~bytes"?: unknown } | null)?.["~bytes"];
	return typeof bytes === "string" ? new Uint8Array(Buffer.from(bytes, "base64")) : value;
}

const joins: Readonly<Record<string, { sql: string; columns: string[]; left: string }>> = {
	record: {
		sql: "JOIN body b ON b.id = t.body",
		columns: ['b.packed AS "~packed"', 'b.data AS "~data"', 'b.list AS "~list"'],
		left: "body",
	},
	finding: { sql: "JOIN result x ON x.id = t.result", columns: ['x.text AS "~text"'], left: "result" },
};

function plainColumns(table: AssetTable): string[] {
	const left = joins[table.name]?.left;
	return table.columns.filter((column) => column !== left);
}

function formOf(row: LooseRow): string {
	const columns = Object.entries(row.columns).sort(([a], [b]) => (a < b ? -1 : 1));
	const { packed, data, list } = row.body ?? {};
	return JSON.stringify([columns, packed, data, list, row.text, row.events], bytesOut);
}

function readEvents(db: DatabaseSync, finding: number): LooseEvent[] {
	return all<Omit<LooseEvent, "source"> & { source: string | null }>(
		db,
		"SELECT e.at, e.kind, e.scan, e.source, r.text FROM finding_event e JOIN result r ON r.id = e.result WHERE e.finding = ? ORDER BY e.n",
		finding,
	).map(({ source, ...event }) => (source === null ? event : { ...event, source }));
}

function writeEvents(db: DatabaseSync, finding: number, events: readonly LooseEvent[]): void {
	for (const [at, event] of events.entries()) {
		run(
			db,
			"INSERT INTO finding_event (finding, n, at, kind, scan, source, result) VALUES (?, ?, ?, ?, ?, ?, ?)",
			...[finding, at + 1, event.at, event.kind, event.scan, event.source ?? null],
			takeResult(db, event.text),
		);
	}
}

function removeTexts(db: DatabaseSync, finding: number): void {
	const used = all<{ result: number; n: number }>(
		db,
		`SELECT result, count(*) AS n FROM (SELECT result FROM finding_event WHERE finding = ?1
			UNION ALL SELECT result FROM finding WHERE id = ?1) GROUP BY result`,
		finding,
	);
	run(db, "DELETE FROM finding_event WHERE finding = ?", finding);
	for (const { result, n } of used) dropResult(db, result, n);
}
