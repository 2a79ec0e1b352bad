/** Paths that callers name on the daemon's machine. */
import { isAbsolute } from "node:path";
import { AppError } from "../../../protocol/errors.ts";

/** Throws `invalid` for one that is not absolute. */
export function absolutePath(path: string): string {
	if (isAbsolute(path)) return path;
	throw new AppError("invalid", `${JSON.stringify(path)} is not an absolute path.`, {
		hint: "The daemon may run in another folder: write the whole path, from / on.",
	});
}
