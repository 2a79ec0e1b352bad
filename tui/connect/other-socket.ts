/** A daemon of somebody else, named by `VEDETTE_SOCKET`; it is never started from here. */
import { lstatSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { AppError } from "../../protocol/errors.ts";

/**
 * The path, or null when none is named. Throws `forbidden` for a folder of the kind a daemon makes in /tmp that does not
 * belong to the user its name says: anybody can make one there, and listen.
 */
export function otherSocket(env: NodeJS.ProcessEnv): string | null {
	if (!env.VEDETTE_SOCKET) return null;
	const path = resolve(env.VEDETTE_SOCKET);
	const folder = dirname(path);
	const owner = /^vedette-(\d+)-[\da-f]{16}$/.exec(basename(folder))?.[1];
	const found = lstatSync(folder, { throwIfNoEntry: false });
	if (owner !== undefined && found !== undefined && (found.uid !== Number(owner) || !found.isDirectory())) {
		throw new AppError("forbidden", `${folder} is not what it says: it belongs to user ${found.uid}, not ${owner}.`, {
			hint: "Somebody may be posing as the daemon. Ask whoever runs it.",
		});
	}
	return path;
}
