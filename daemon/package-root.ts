/** Where the installed package lies, so that data files are found from the source and from the bundle alike. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError } from "../protocol/errors.ts";

/**
 * The folder that holds our package.json: upwards from this module, which is daemon/ in the source and dist/ or
 * dist/chunks/ in the bundle. Throws `internal` when the package has been taken apart.
 */
export function packageRoot(from: string = fileURLToPath(import.meta.url)): string {
	for (let folder = dirname(from); ; folder = dirname(folder)) {
		if (existsSync(join(folder, "package.json"))) return folder;
		if (dirname(folder) === folder) {
			throw new AppError("internal", `No package.json above ${from}.`, { hint: "Install Vedette again." });
		}
	}
}
