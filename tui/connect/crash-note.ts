/** What is left of a console that broke: a file for whoever mends it, and a sentence that says where it is. */
import { appendFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../protocol/errors.ts";
import { resolveHome } from "../../protocol/home.ts";
import { version } from "../version.ts";

/**
 * Runs a console. What it throws on purpose passes; anything else is written down first and becomes `internal`, with the place
 * of the note. The terminal is the console's to give back.
 */
export async function withCrashNote(env: NodeJS.ProcessEnv, open: () => Promise<void>): Promise<void> {
	try {
		await open();
	} catch (err) {
		if (err instanceof AppError) throw err;
		const path = await writeNote(env, err);
		const message = err instanceof Error ? err.message : String(err);
		throw new AppError("internal", `The console broke: ${message}`, {
			hint: `${path === undefined ? "It could not be written down." : `It is written down in ${path}.`} Scans go on; open it again with: vedette`,
			cause: err,
		});
	}
}

async function writeNote(env: NodeJS.ProcessEnv, err: unknown): Promise<string | undefined> {
	const { logDir } = resolveHome(env);
	const path = join(logDir, "console-crash.log");
	const text = err instanceof Error ? (err.stack ?? err.message) : String(err);
	try {
		await mkdir(logDir, { recursive: true, mode: 0o700 });
		await appendFile(path, `${new Date().toISOString()} vedette ${version}\n${text}\n\n`, { mode: 0o600 });
		return path;
	} catch {
		return undefined;
	}
}
