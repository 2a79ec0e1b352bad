/**
 * A lock that ends with the process that holds it, however that ends. It is SQLite's own lock on an empty database file:
 * the kernel lets go of it when the process dies, so there is no stale lock to judge, and two can never both hold it.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { AppError } from "../protocol/errors.ts";

export interface Lock {
	release(): void;
}

/** A database nobody refers to would be closed by the garbage collector, and its lock with it. */
const held = new Set<DatabaseSync>();

/**
 * Takes the lock or raises `conflict` with the holder's pid in the message. The pid is in a file of its own: opening and
 * closing the lock file itself would end a lock this process holds on it (POSIX fcntl locks).
 */
export function takeLock(path: string): Lock {
	const pidPath = `${path}.pid`;
	const db = openFile(path);
	try {
		// Without a journal file: a daemon must be able to start on a full disk, to show what there is.
		db.exec("PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
	} catch (cause) {
		db.close();
		throw isBusy(cause) ? heldBy(holderOf(pidPath), cause) : unusable(path, cause);
	}
	held.add(db);
	tellHolder(pidPath);
	return {
		release() {
			if (!held.delete(db)) return;
			rmSync(pidPath, { force: true });
			db.close();
		},
	};
}

/** Does some process, this one included, hold the lock now? */
export function isLocked(path: string): boolean {
	try {
		takeLock(path).release();
		return false;
	} catch (err) {
		return err instanceof AppError && err.code === "conflict";
	}
}

/** A full disk keeps the pid from being told; the lock holds all the same. */
function tellHolder(pidPath: string): void {
	try {
		writeFileSync(pidPath, `${process.pid}\n`, { mode: 0o600 });
	} catch {
		rmSync(pidPath, { force: true });
	}
}

function openFile(path: string): DatabaseSync {
	try {
		return new DatabaseSync(path, { timeout: 0 });
	} catch (cause) {
		throw unusable(path, cause);
	}
}

/** SQLITE_BUSY. */
function isBusy(err: unknown): boolean {
	return err instanceof Error && "errcode" in err && err.errcode === 5;
}

function unusable(path: string, cause: unknown): AppError {
	return new AppError("unavailable", `The lock file ${path} cannot be used.`, {
		hint: "Check who owns its folder; if it is damaged, delete it while no daemon runs.",
		cause,
	});
}

function holderOf(pidPath: string): number | null {
	try {
		const pid = Number.parseInt(readFileSync(pidPath, "utf8").slice(0, 20), 10);
		return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
	} catch {
		return null;
	}
}

function heldBy(pid: number | null, cause: unknown): AppError {
	const who = pid === null ? "" : ` (pid ${pid})`;
	return new AppError("conflict", `A daemon is already running on this home${who}.`, {
		hint: "Use it (vedette status), stop it first (vedette daemon stop), or choose another home with VEDETTE_HOME.",
		details: pid === null ? undefined : { pid },
		cause,
	});
}
