/**
 * The file settings are kept in, as an adapter for lowdb: 0600, checksummed, replaced in one step, with the version
 * before it at hand. Knows nothing of what is in it. One process at a time may use it.
 */
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { link, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Adapter } from "lowdb";
import { z } from "zod";
import { AppError } from "../../protocol/errors.ts";

/** `checksum` is the SHA-256, in hex, of `data` as JSON. */
const envelope = z.object({ checksum: z.string(), data: z.unknown() });
const largest = 32 * 1_048_576;

type Content = { readonly state: "good"; readonly data: unknown } | { readonly state: "missing" | "damaged" };

export class SettingsFile implements Adapter<unknown> {
	readonly path: string;
	readonly #onNotice: (notice: string) => void;
	#count = 0;

	/** `onNotice` is told in a sentence when something had to be recovered. */
	constructor(path: string, onNotice: (notice: string) => void) {
		this.path = path;
		this.#onNotice = onNotice;
	}

	get backupPath(): string {
		return `${this.path}.bak`;
	}

	/**
	 * What is kept, or null when nothing is. A damaged file is moved aside and the version before it used; when that is
	 * no good either, raises `unavailable`.
	 */
	async read(): Promise<unknown> {
		await this.#sweep();
		const current = await readContent(this.path);
		if (current.state === "good") return current.data;
		const backup = await readContent(this.backupPath);
		if (current.state === "missing" && backup.state === "missing") return null;
		if (backup.state !== "good") {
			throw new AppError("unavailable", `The settings in ${this.path} are damaged, and so is the copy beside them.`, {
				hint: `Move both away to begin with the defaults: mkdir -p ~/vedette-damaged && mv ${this.path}* ~/vedette-damaged/`,
			});
		}
		if (current.state === "damaged") {
			const aside = `${this.path}.damaged-${new Date().toISOString().replaceAll(":", "")}`;
			await rename(this.path, aside);
			this.#onNotice(`The settings were damaged; the version before is used and the damaged file kept as ${aside}.`);
		} else this.#onNotice("The settings file was gone; the version before is used.");
		await this.#put(backup.data);
		return backup.data;
	}

	/** Resolves when the data is on disk. The version before becomes the `.bak`. */
	async write(data: unknown): Promise<void> {
		const existed = (await readContent(this.path)).state === "good";
		if (existed) {
			const spare = this.#temporary();
			await link(this.path, spare);
			await rename(spare, this.backupPath);
		}
		await this.#put(data);
		// The first version needs a second copy of its own: a link to the same file would be damaged with it.
		if (!existed) await this.#put(data, this.backupPath);
	}

	async #put(data: unknown, path = this.path): Promise<void> {
		const temporary = this.#temporary();
		const json = JSON.stringify(data);
		const text = `${JSON.stringify({ checksum: checksumOf(json), data }, null, "\t")}\n`;
		const file = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
		try {
			await file.writeFile(text);
			await file.sync();
		} finally {
			await file.close();
		}
		await rename(temporary, path);
		const folder = await open(dirname(path), "r");
		try {
			await folder.sync();
		} finally {
			await folder.close();
		}
	}

	#temporary(): string {
		return `${this.path}.${process.pid}.${++this.#count}.tmp`;
	}

	/** A killed process leaves its unfinished files. */
	async #sweep(): Promise<void> {
		const folder = dirname(this.path);
		const names = await readdir(folder);
		const ours = names.filter((name) => name.startsWith(`${basename(this.path)}.`) && /\.\d+\.\d+\.tmp$/.test(name));
		await Promise.all(ours.map((name) => rm(join(folder, name), { force: true })));
	}
}

async function readContent(path: string): Promise<Content> {
	let text: string;
	try {
		const file = await open(path, "r");
		try {
			if ((await file.stat()).size > largest) return { state: "damaged" };
			text = await readFile(file, "utf8");
		} finally {
			await file.close();
		}
	} catch (cause) {
		const reason = (cause as NodeJS.ErrnoException).code;
		if (reason === "ENOENT") return { state: "missing" };
		throw new AppError("unavailable", `The settings in ${path} cannot be read (${reason ?? String(cause)}).`, {
			hint: `Check who owns the file and its permissions: ls -l ${path}`,
			cause,
		});
	}
	return unwrap(text);
}

function unwrap(text: string): Content {
	try {
		const { checksum, data } = envelope.parse(JSON.parse(text));
		return checksum === checksumOf(JSON.stringify(data)) ? { state: "good", data } : { state: "damaged" };
	} catch {
		return { state: "damaged" };
	}
}

function checksumOf(json: string): string {
	return createHash("sha256").update(json).digest("hex");
}
