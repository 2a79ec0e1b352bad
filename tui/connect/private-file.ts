/** A file that only its owner reads, and that is there as a whole or not at all: written beside its place, then renamed. */
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { AppError } from "../../protocol/errors.ts";
import { whyNotWritten } from "../text/not-written.ts";
import { dropStaleParts, partPath } from "./part-file.ts";

export class PrivateFile {
	readonly path: string;
	bytes = 0;
	readonly #part: string;
	readonly #handle: FileHandle;

	private constructor(path: string, part: string, handle: FileHandle) {
		this.path = path;
		this.#part = part;
		this.#handle = handle;
	}

	/** Throws `invalid` where no file can be made. */
	static async create(path: string): Promise<PrivateFile> {
		const part = partPath(path);
		await dropStaleParts(path);
		try {
			return new PrivateFile(path, part, await open(part, "wx", 0o600));
		} catch (err) {
			throw refused(path, err);
		}
	}

	async write(text: string): Promise<void> {
		try {
			// As text: a buffer for each part would wait for the garbage collector.
			const { bytesWritten } = await this.#handle.write(text);
			const length = Buffer.byteLength(text);
			if (bytesWritten < length) await this.#handle.appendFile(Buffer.from(text).subarray(bytesWritten));
			this.bytes += length;
		} catch (err) {
			throw refused(this.path, err);
		}
	}

	/** Puts it in its place. With `replace` over what is there, else `conflict` when something is. */
	async keep({ replace }: { replace: boolean }): Promise<void> {
		try {
			await this.#handle.sync();
			await this.#handle.close();
			if (!replace) await reserve(this.path);
			await rename(this.#part, this.path).catch(async (err) => {
				if (!replace) await rm(this.path, { force: true });
				throw err;
			});
		} catch (err) {
			await this.drop();
			throw refused(this.path, err);
		}
	}

	/** Nothing of it stays. Safe to call twice. */
	async drop(): Promise<void> {
		await this.#handle.close().catch(() => undefined);
		await rm(this.#part, { force: true });
	}
}

/** Rejects with EEXIST when it is taken. Not by a hard link: not every file system has them. */
async function reserve(path: string): Promise<void> {
	const handle = await open(path, "wx", 0o600);
	await handle.close();
}

function refused(path: string, err: unknown): AppError {
	if ((err as NodeJS.ErrnoException).code === "EEXIST") {
		return new AppError("conflict", `${path} is there already.`, {
			hint: "Choose another name, or take that file away first; vedette export --force replaces it.",
			cause: err,
		});
	}
	return new AppError("invalid", `${path} cannot be written: ${whyNotWritten(err)}.`, {
		hint: "Choose another place for it.",
		cause: err,
	});
}
