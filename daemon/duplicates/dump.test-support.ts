/**
 * The whole store as text, without what a merge and its undoing may change: numbers of rows, the logs of merges and of changes,
 * why evidence was then taken for that of an asset, and audit.
 */
import type { DatabaseSync } from "node:sqlite";

const left =
	/^(merge|audit|resolution$|poisoned$|saved_query$|duplicate_|not_same|migration|sqlite_|asset_group$|network$|subject|judged_system$|package_list$|finding_log$|order_version$)/;

/** Texts and bodies in place of their numbers; points of the trend that repeat the one before left out. */
export function dumpStore(db: DatabaseSync): Record<string, unknown[]> {
	const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
	const names = tables.map(({ name }) => String(name)).filter((name) => !left.test(name));
	const dump = Object.fromEntries(
		names.map((name): [string, unknown[]] => [name, sorted(db.prepare(`SELECT * FROM "${name}"`).all())]),
	);
	dump.body = [];
	dump.record = sorted(
		db
			.prepare("SELECT r.*, b.packed, hex(b.data) AS data, 0 AS body FROM record r LEFT JOIN body b ON b.id = r.body")
			.all(),
	);
	dump.bodies = db.prepare("SELECT count(*) AS n FROM body").all();
	dump.result = sorted(db.prepare("SELECT text, uses FROM result").all());
	dump.finding = sorted(
		db.prepare("SELECT f.*, 0 AS result, r.text FROM finding f LEFT JOIN result r ON r.id = f.result").all(),
	);
	dump.finding_event = sorted(
		db.prepare("SELECT e.*, 0 AS result, r.text FROM finding_event e LEFT JOIN result r ON r.id = e.result").all(),
	);
	dump.counter = sorted(db.prepare("SELECT * FROM counter WHERE n <> 0 AND key NOT LIKE 'next:%'").all());
	dump.trend = changesOf(db.prepare("SELECT * FROM trend ORDER BY day").all());
	return dump;
}

function sorted(rows: readonly object[]): unknown[] {
	return rows
		.map((row) => JSON.stringify({ ...row }, (_, value) => (value instanceof Uint8Array ? [...value] : value)))
		.sort();
}

function changesOf(rows: readonly object[]): unknown[] {
	const points = rows.map((row) => {
		const { day, ...counts } = row as Record<string, unknown>;
		return { day, counts: JSON.stringify(counts) };
	});
	return points.filter(({ counts }, at) => counts !== points[at - 1]?.counts);
}
