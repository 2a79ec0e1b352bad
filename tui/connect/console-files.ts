/** What a console keeps on the machine it runs on: the user's own keys, and how they like it to look. Nothing of a daemon. */
import { mkdir, open, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { resolveHome } from "../../protocol/home.ts";
import { plainKeymap, type Rebinding, readRebinding } from "../keys/rebinding.ts";
import { letterWidths } from "../text/letters.ts";
import { themeNames } from "../theme/themes.ts";
import { PrivateFile } from "./private-file.ts";

/** Nobody has that many keys. Bytes. */
const longestFile = 256 * 1_024;

export function keysPath(env: NodeJS.ProcessEnv): string {
	return join(resolveHome(env).configDir, "keys.json");
}

/** The keys in force: those of the file laid over the keymap; the keymap where there is no file. */
export async function readKeys(path: string): Promise<Rebinding> {
	try {
		const handle = await open(path, "r");
		try {
			const { buffer, bytesRead } = await handle.read(Buffer.alloc(longestFile + 1), 0, longestFile + 1, 0);
			if (bytesRead > longestFile) return unread("it is longer than 256 KiB");
			return readRebinding(buffer.toString("utf8", 0, bytesRead));
		} finally {
			await handle.close();
		}
	} catch (err) {
		const { code, message } = err as NodeJS.ErrnoException;
		return code === "ENOENT" || code === "ENOTDIR" ? plainKeymap : unread(`it cannot be read: ${code ?? message}`);
	}
}

function unread(text: string): Rebinding {
	return { ...plainKeymap, problems: [{ entry: "", text }] };
}

/** What the console remembers; what is missing or not understood is as it comes. */
const preferences = z.object({
	theme: z.enum(themeNames).optional().catch(undefined),
	letters: z.enum(letterWidths).optional().catch(undefined),
	mouse: z.boolean().optional().catch(undefined),
	details: z.number().min(0).max(1).optional().catch(undefined),
	toured: z.boolean().optional().catch(undefined),
	tourStep: z.int().nonnegative().optional().catch(undefined),
});
export type Preferences = z.infer<typeof preferences>;

export interface PreferenceStore {
	readonly first: Preferences;
	/** Keeps what is given besides the rest. A failure to write is no reason to disturb anybody: false. */
	keep(change: Preferences): Promise<boolean>;
}

async function openPreferences(env: NodeJS.ProcessEnv): Promise<PreferenceStore> {
	const path = join(resolveHome(env).configDir, "console.json");
	let known = await readPreferences(path);
	let writing: Promise<boolean> = Promise.resolve(true);
	return {
		first: known,
		keep(change) {
			known = { ...known, ...change };
			writing = writing.then(() => write(path, known));
			return writing;
		},
	};
}

/** What `openConsole` is to be told of this machine's files. */
export async function consoleOptions(env: NodeJS.ProcessEnv): Promise<{ likings: PreferenceStore; keys: Rebinding }> {
	const [likings, keys] = await Promise.all([openPreferences(env), readKeys(keysPath(env))]);
	return { likings, keys };
}

async function readPreferences(path: string): Promise<Preferences> {
	try {
		return preferences.parse(JSON.parse(await readFile(path, "utf8")));
	} catch {
		// Not there yet, or written by something else: it is written anew with the next choice.
		return {};
	}
}

async function write(path: string, value: Preferences): Promise<boolean> {
	try {
		await mkdir(dirname(path), { recursive: true, mode: 0o700 });
		const file = await PrivateFile.create(path);
		await file.write(`${JSON.stringify(value, null, "\t")}\n`);
		await file.keep({ replace: true });
		return true;
	} catch {
		return false;
	}
}
