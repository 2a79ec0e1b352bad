/** Brings a database to the newest schema: numbered SQL files, in order, each in a transaction of its own. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../../protocol/errors.ts";
import type { Clock } from "../clock.ts";
import { packageRoot } from "../package-root.ts";
import { notOurs, storeFailure } from "./failure.ts";

/** "Vdtt" in the header of the file, so that no other program's database is ever migrated. */
const applicationId = 0x56647474;

export interface Migration {
	number: number;
	name: string;
	sql: string;
}

/** Every migration that came with this program, in order. Throws `internal` when one is missing. */
export function readMigrations(folder: string = join(packageRoot(), "daemon/store/migrations")): Migration[] {
	const names = readdirSync(folder)
		.filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name))
		.sort();
	return names.map((name, index) => {
		const number = Number(name.slice(0, 4));
		if (number !== index + 1) throw new AppError("internal", `Migration ${index + 1} is missing in ${folder}.`);
		return { number, name, sql: readFileSync(join(folder, name), "utf8") };
	});
}

/**
 * Applies what is not yet applied; returns how many were. Each migration, its row in the `migration` table and
 * `user_version` are one transaction: a process killed half-way leaves the database at the number before.
 * The caller has made sure that the database is ours and not newer than this program.
 */
export function migrate(db: DatabaseSync, path: string, clock: Clock, migrations = readMigrations()): number {
	let applied = 0;
	for (const migration of migrations) {
		try {
			db.exec("BEGIN IMMEDIATE");
			// Read inside the transaction: another process may have migrated since.
			if (pragma(db, "user_version") < migration.number) {
				apply(db, migration, clock.now());
				applied++;
			}
			db.exec("COMMIT");
		} catch (error) {
			if (db.isTransaction) db.exec("ROLLBACK");
			throw storeFailure(error, path);
		}
	}
	return applied;
}

/** The refusal for a database whose schema number is above what this program knows. */
export function newerDatabase(path: string, theirs: number, ours: number): AppError {
	return new AppError(
		"version-mismatch",
		`The database ${path} has schema ${theirs}; this Vedette knows schemas up to ${ours}.`,
		{
			hint: "It was written by a newer version: start that version again, or set VEDETTE_HOME to another folder. Nothing was changed.",
			details: { found: theirs, known: ours },
		},
	);
}

function apply(db: DatabaseSync, migration: Migration, at: number): void {
	db.exec(`PRAGMA application_id = ${applicationId}`);
	db.exec(
		"CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT",
	);
	db.exec(migration.sql);
	db.prepare("INSERT INTO migration (number, name, applied_at) VALUES (?, ?, ?)").run(
		migration.number,
		migration.name,
		at,
	);
	db.exec(`PRAGMA user_version = ${migration.number}`);
}

/** Throws `unavailable` when the database has tables and they are not ours. */
export function refuseForeign(db: DatabaseSync, path: string): void {
	const owner = pragma(db, "application_id");
	const tables = db.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.n;
	if (owner !== applicationId && tables !== 0) throw notOurs(path, "is another program's database");
}

function pragma(db: DatabaseSync, name: "user_version" | "application_id"): number {
	return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}
