/** The database as the daemon holds it: opening, refusing what must not be opened, closing. */
import { closeSync, existsSync, mkdirSync, openSync, readSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Clock } from "../clock.ts";
import { asUsual, startCheckpointer } from "./checkpointer.ts";
import { notOurs, storeFailure } from "./failure.ts";
import { registerFunctions } from "./functions.ts";
import { migrate, newerDatabase, readMigrations, refuseForeign } from "./migrate.ts";

export interface Store {
	readonly db: DatabaseSync;
	readonly clock: Clock;
	/** Checkpoints and closes; safe to call twice. */
	close(): void;
	/** The file with its write-ahead log. Bytes; 0 in memory. */
	sizeBytes(): number;
	/** Frees the pages that are held in memory and not in use. */
	shrink(): void;
}

/** Each with its reason; https://sqlite.org/pragma.html */
const pragmas = [
	// Readers never wait for the writer, nor it for them.
	"journal_mode = WAL",
	// A killed process loses nothing; a power cut may lose the last transactions but never damages the file.
	"synchronous = NORMAL",
	// A finding without its asset must not exist.
	"foreign_keys = ON",
	// Another process (a backup, sqlite3 by hand) may hold the lock for a moment.
	"busy_timeout = 5000",
	// Enough for the pages a list touches; the idle daemon must stay small. Negative: KiB.
	"cache_size = -16384",
	// Sorting must not leave copies of evidence in a shared temporary folder.
	"temp_store = MEMORY",
	// The file may have been written by somebody else: its schema may not call functions behind our back.
	"trusted_schema = OFF",
	// Finds a damaged page where it is read instead of returning nonsense.
	"cell_size_check = ON",
] as const;

/**
 * Opens (and, when there is none, creates with mode 0600) the database and brings it to the newest schema. ":memory:" is
 * for tests. Throws AppError `version-mismatch` for a newer database and `unavailable` for one that is damaged, not ours,
 * read-only or on a full disk; the file is then as it was.
 */
export function openStore(path: string, options: { clock: Clock }): Store {
	const inMemory = path === ":memory:";
	const migrations = readMigrations();
	if (!inMemory) {
		refuseByHeader(path, migrations.length);
		createPrivate(path);
	}
	let db: DatabaseSync | undefined;
	try {
		db = new DatabaseSync(path, { timeout: 5_000, defensive: true });
		// Before the pragmas: setting the journal mode already writes to the file.
		refuseForeign(db, path);
		refuseNewer(db, path, migrations.length);
		for (const pragma of pragmas) db.exec(`PRAGMA ${pragma}`);
		asUsual(db);
		migrate(db, path, options.clock, migrations);
		registerFunctions(db, options.clock);
	} catch (error) {
		db?.close();
		throw storeFailure(error, path);
	}
	return wrap(db, path, options.clock);
}

function wrap(db: DatabaseSync, path: string, clock: Clock): Store {
	const stopCheckpointer = path === ":memory:" ? () => {} : startCheckpointer(db, path);
	return {
		db,
		clock,
		close() {
			stopCheckpointer();
			if (db.isOpen) db.close();
		},
		sizeBytes() {
			return path === ":memory:" ? 0 : sizeOf(path) + sizeOf(`${path}-wal`);
		},
		shrink() {
			db.exec("PRAGMA shrink_memory");
		},
	};
}

/** Looks at the file's first 100 bytes (https://sqlite.org/fileformat.html, 1.3) before SQLite opens, and so touches, it. */
function refuseByHeader(path: string, known: number): void {
	if (!existsSync(path)) return;
	const header = Buffer.alloc(100);
	let length = 0;
	try {
		const file = openSync(path, "r");
		try {
			length = readSync(file, header);
		} finally {
			closeSync(file);
		}
	} catch {
		throw notOurs(path, "cannot be read");
	}
	if (length === 0) return;
	if (length < 100 || header.toString("latin1", 0, 16) !== "SQLite format 3\0")
		throw notOurs(path, "is not a database");
	const version = header.readUInt32BE(60);
	if (version > known) throw newerDatabase(path, version, known);
}

/** Again through SQLite: the newest schema number may still be in the write-ahead log. */
function refuseNewer(db: DatabaseSync, path: string, known: number): void {
	const version = Number(db.prepare("PRAGMA user_version").get()?.user_version);
	if (version > known) throw newerDatabase(path, version, known);
}

/** SQLite gives its -wal and -shm files the mode of the database. */
function createPrivate(path: string): void {
	try {
		mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
		closeSync(openSync(path, "a", 0o600));
	} catch (error) {
		throw storeFailure(Object.assign(new Error("open", { cause: error }), asCannotOpen), path);
	}
}

/** What SQLite itself would say of a file it may not open. */
const asCannotOpen = { code: "ERR_SQLITE_ERROR", errcode: 14 };

function sizeOf(path: string): number {
	return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
