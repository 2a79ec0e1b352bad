/** What SQLite's refusals mean to a person: the one translation of its error codes. */
import { AppError } from "../../protocol/errors.ts";

/** Primary result codes, https://sqlite.org/rescode.html */
const sqlite = { busy: 5, locked: 6, readonly: 8, ioerr: 10, corrupt: 11, full: 13, cantopen: 14, notadb: 26 } as const;

/** The AppError for an error SQLite raised; anything else comes back as it is. Nothing of the failed transaction stays. */
export function storeFailure(error: unknown, path: string): unknown {
	const cause = { cause: error };
	switch (primaryCode(error)) {
		case sqlite.busy:
		case sqlite.locked:
			return new AppError("busy", `The database ${path} is in use by another process.`, {
				hint: "See which with `fuser` or `lsof`, end it, and try again.",
				...cause,
			});
		case sqlite.readonly:
		case sqlite.cantopen:
			return new AppError("unavailable", `The database ${path} cannot be opened for writing.`, {
				hint: "Check who owns the file and its folder, and that the file system is not mounted read-only.",
				...cause,
			});
		case sqlite.full:
			return new AppError("unavailable", `The disk holding ${path} is full: nothing more can be stored.`, {
				hint: "Make room on that file system and try again. What was stored before is safe.",
				...cause,
			});
		case sqlite.ioerr:
			return new AppError("unavailable", `The disk holding ${path} does not read or write as it should.`, {
				hint: "See the system log for disk errors. What was stored before has not been changed.",
				...cause,
			});
		case sqlite.corrupt:
			return new AppError("unavailable", `The database ${path} is damaged.`, {
				hint: "It has been left as it is. Move it aside and restore a copy, or start with an empty one.",
				...cause,
			});
		case sqlite.notadb:
			return notOurs(path, "is not a database");
		default:
			return error;
	}
}

/** Also of a file that SQLite keeps for itself while it sorts. */
export function isDiskFull(error: unknown): boolean {
	return primaryCode(error) === sqlite.full;
}

/** The file at `path` belongs to somebody else; it is left untouched. */
export function notOurs(path: string, what: string): AppError {
	return new AppError("unavailable", `${path} ${what}, so Vedette leaves it alone.`, {
		hint: "Move that file aside, or set VEDETTE_HOME to another folder, and start again.",
	});
}

/** The primary result code of an error raised by node:sqlite, else null. */
function primaryCode(error: unknown): number | null {
	if (!(error instanceof Error) || (error as { code?: unknown }).code !== "ERR_SQLITE_ERROR") return null;
	const code = (error as { errcode?: unknown }).errcode;
	return typeof code === "number" ? code & 0xff : null;
}
