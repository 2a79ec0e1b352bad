/** The file an import is told of: by its path, or "-" for what comes over standard input, as through ssh. */
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import type { CommandContext } from "./command.ts";

/** `done` takes away what was written for it. */
export async function importPath({ stdin }: CommandContext, file: string): Promise<{ path: string; done(): void }> {
	if (file !== "-") return { path: resolve(file), done: () => {} };
	const folder = mkdtempSync(join(tmpdir(), "vedette-import-"));
	const done = () => rmSync(folder, { recursive: true, force: true });
	const path = join(folder, "standard-input");
	try {
		await pipeline(stdin, createWriteStream(path, { mode: 0o600 }));
	} catch (err) {
		done();
		throw err;
	}
	return { path, done };
}
