/** What is known of a source's last download, beside the file itself: so that one cut off goes on, and nothing comes twice. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { record, text } from "../advisories/untrusted.ts";

export interface DownloadState {
	readonly url: string;
	readonly etag: string | null;
	readonly lastModified: string | null;
	/** Of the whole file, as the server said; null when it did not. */
	readonly totalBytes: number | null;
	/** Of the whole file; null until it is there. */
	readonly sha256: string | null;
	/** What stands for what it said once it was taken in; null before. */
	readonly takenAs: string | null;
}

export class DownloadPlace {
	/** While it comes, and when it is whole. */
	readonly part: string;
	readonly whole: string;
	readonly #state: string;

	constructor(folder: string, source: string) {
		this.part = join(folder, `${source}.part`);
		this.whole = join(folder, `${source}.feed`);
		this.#state = join(folder, `${source}.json`);
	}

	/** Null when there is none, or none that can be read. */
	read(): DownloadState | null {
		if (!existsSync(this.#state)) return null;
		try {
			const state = record(JSON.parse(readFileSync(this.#state, "utf8")));
			const url = text(state.url);
			if (url === null) return null;
			return {
				url,
				etag: text(state.etag),
				lastModified: text(state.lastModified),
				totalBytes: typeof state.totalBytes === "number" ? state.totalBytes : null,
				sha256: text(state.sha256),
				takenAs: text(state.takenAs),
			};
		} catch {
			return null;
		}
	}

	write(state: DownloadState): void {
		const next = `${this.#state}.next`;
		writeFileSync(next, JSON.stringify(state), { mode: 0o600 });
		renameSync(next, this.#state);
	}

	/** The files, not what is known of them. */
	dropFiles(): void {
		for (const path of [this.part, this.whole]) rmSync(path, { force: true });
	}

	dropAll(): void {
		this.dropFiles();
		rmSync(this.#state, { force: true });
	}
}
