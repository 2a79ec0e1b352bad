/** Makes the folders of a home and refuses one that somebody else could tamper with. */
import { chmodSync, existsSync, lstatSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { AppError } from "../protocol/errors.ts";
import type { HomePaths } from "../protocol/home.ts";

/**
 * Creates what is missing with mode 0700. Raises `forbidden` when a folder belongs to another user or others may write
 * to it, `unavailable` when it cannot be made. Call with umask 0077 in force, so that files follow.
 */
export function prepareHome(home: HomePaths): void {
	for (const folder of new Set([home.stateDir, home.configDir])) own(folder, false);
	for (const folder of [home.runDir, home.logDir]) own(folder, true);
}

/** `inside`: a folder of ours alone, so its mode is put right; the home itself is the user's and is only judged. */
function own(folder: string, inside: boolean): void {
	make(folder);
	// A link planted in /tmp must not lead elsewhere; the home itself may be a link its owner made.
	const found = inside ? lstatSync(folder) : statSync(folder);
	if (!found.isDirectory()) {
		throw new AppError("unavailable", `${folder} is in the way: it is not a folder.`, {
			hint: "Move it away, or choose another home with VEDETTE_HOME.",
		});
	}
	const uid = process.geteuid?.();
	if (uid !== undefined && found.uid !== uid) {
		throw new AppError("forbidden", `${folder} belongs to user ${found.uid}, and this is user ${uid}.`, {
			hint: "Run Vedette as that user, or choose another home with VEDETTE_HOME.",
		});
	}
	if (inside && (found.mode & 0o777) !== 0o700) chmodSync(folder, 0o700);
	else if ((found.mode & 0o022) !== 0) {
		throw new AppError("forbidden", `Other users may write to ${folder}.`, {
			hint: `Take that away, then start again: chmod go-w ${folder}`,
		});
	}
}

function make(folder: string): void {
	try {
		makeWithParents(folder);
	} catch (cause) {
		const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
		if (reason === "EEXIST" || reason === "ENOTDIR") notFolder(folder, cause);
		throw new AppError("unavailable", `The folder ${folder} cannot be made (${reason}).`, {
			hint: "Check the permissions above it, or choose another home with VEDETTE_HOME.",
			cause,
		});
	}
}

/** Not mkdirSync's own `recursive`: in a file system that makes no folders at all (/proc) it tries for ever. */
function makeWithParents(folder: string): void {
	try {
		mkdirSync(folder, { mode: 0o700 });
	} catch (err) {
		const { code } = err as NodeJS.ErrnoException;
		// It is there already, or another process was quicker.
		if (code === "EEXIST" && statSync(folder).isDirectory()) return;
		const parent = dirname(folder);
		if (code !== "ENOENT" || existsSync(parent)) throw err;
		makeWithParents(parent);
		makeWithParents(folder);
	}
}

function notFolder(folder: string, cause: unknown): never {
	throw new AppError("unavailable", `${folder} cannot be a folder: a file is in the way.`, {
		hint: "Move it away, or choose another home with VEDETTE_HOME.",
		cause,
	});
}
