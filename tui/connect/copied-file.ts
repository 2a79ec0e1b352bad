/** What is too long for a terminal's clipboard, in a file of the user's own; the last few are kept. */
import { mkdir, readdir, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { AppError } from "../../protocol/errors.ts";
import { PrivateFile } from "./private-file.ts";

const mostKept = 20;
const named = /^copied-[\dTZ-]+(?:-\d+)?\.[a-z]+$/;

/** Resolves with its path. Rejects with AppError `invalid` where nothing can be written. `now` in Unix milliseconds. */
export async function copyToFile(
	env: Readonly<Record<string, string | undefined>>,
	text: string,
	ending: string,
	now: number,
): Promise<string> {
	const folder = folderOf(env);
	try {
		await mkdir(folder, { recursive: true, mode: 0o700 });
	} catch (cause) {
		throw new AppError("invalid", `The folder ${folder} cannot be made.`, {
			hint: "Say where with XDG_CACHE_HOME, or copy fewer rows.",
			cause,
		});
	}
	const path = join(folder, `copied-${new Date(now).toISOString().replace(/[:.]/g, "-")}.${ending}`);
	const file = await PrivateFile.create(path);
	await file.write(text);
	await file.keep({ replace: true });
	await dropOldest(folder);
	return path;
}

function folderOf(env: Readonly<Record<string, string | undefined>>): string {
	if (env.VEDETTE_HOME) return join(env.VEDETTE_HOME, "copied");
	return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "vedette");
}

async function dropOldest(folder: string): Promise<void> {
	const names = (await readdir(folder)).filter((name) => named.test(name)).sort();
	await Promise.all(names.slice(0, -mostKept).map((name) => rm(join(folder, name), { force: true })));
}
