/**
 * The knowledge base of a home over time: the one in force, the one before it, and the next one while a feed is taken in.
 * A new one takes its place by a rename, whole or not at all.
 */
import {
	closeSync,
	existsSync,
	fsyncSync,
	linkSync,
	mkdirSync,
	openSync,
	readdirSync,
	renameSync,
	rmSync,
} from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { AppError } from "../../../protocol/errors.ts";
import { workerUrl } from "../../worker-url.ts";
import { type FeedStatus, KnowledgeBase } from "./base.ts";
import type { FromImporter } from "./import-worker.ts";
import type { TakeIn, TakenIn } from "./take-in.ts";

export interface ImportRequest {
	/** A file or folder on the daemon's machine. */
	readonly path: string;
	/** What the feed is called; null: after its format. */
	readonly name: string | null;
	/** Also take in what is older than what is held. */
	readonly older: boolean;
}

export interface Importing {
	readonly path: string;
	readonly records: number;
}

export class KnowledgeLibrary {
	readonly #folder: string;
	readonly #now: () => number;
	#base: KnowledgeBase | null;
	#importing: Importing | null = null;
	#worker: Worker | null = null;
	#closed = false;
	/** Called when another base is in force, before the one before it is let go of. */
	onSwap: () => void = () => {};

	/** `folder` is made when something is put there. What an import that was cut off left behind is cleared away. */
	constructor(folder: string, now: () => number) {
		this.#folder = folder;
		this.#now = now;
		if (existsSync(folder)) {
			for (const name of readdirSync(folder)) if (name.startsWith("next-")) rmSync(join(folder, name), { force: true });
		}
		this.#base = KnowledgeBase.open(this.#current);
	}

	/** Null when nothing was ever taken in. */
	get base(): KnowledgeBase | null {
		return this.#base;
	}

	/** What is being taken in now, and how far it is. */
	get importing(): Importing | null {
		return this.#importing;
	}

	/** True when `rollback` has somewhere to go. */
	get hasPrevious(): boolean {
		return existsSync(this.#previous);
	}

	/**
	 * Takes a feed in and puts the new base in force. Throws `busy` while another is taken in, `invalid` for a file that
	 * is none, `conflict` for one that is older than what is held; then nothing has changed.
	 */
	async import(request: ImportRequest): Promise<FeedStatus> {
		this.#begin(request.path);
		mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
		const next = join(this.#folder, `next-${process.pid}.db`);
		try {
			const { path, name } = request;
			const taken = await this.#take({ path, name, current: this.#current, next, now: this.#now() });
			this.#refuseOlder(taken, request.older);
			this.#putInForce(next);
			const feed = this.#base?.feeds().find((one) => one.name === taken.name);
			if (feed === undefined) throw new AppError("internal", "The new knowledge base does not hold what was taken in.");
			return feed;
		} finally {
			rmSync(next, { force: true });
			this.#importing = null;
		}
	}

	/**
	 * Works with the base as it would be with the file taken in, which then is thrown away. Throws as `import` does, but not
	 * for an older one.
	 */
	async preview<T>(request: Omit<ImportRequest, "older">, work: (next: KnowledgeBase) => Promise<T>): Promise<T> {
		this.#begin(request.path);
		mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
		const next = join(this.#folder, `next-${process.pid}.db`);
		try {
			const { path, name } = request;
			await this.#take({ path, name, current: this.#current, next, now: this.#now() });
			return await workOn(next, work);
		} finally {
			rmSync(next, { force: true });
			this.#importing = null;
		}
	}

	/** The same with the base before this one. Throws `conflict` when there is none. */
	async previous<T>(work: (previous: KnowledgeBase) => Promise<T>): Promise<T> {
		if (!this.hasPrevious) throw nothingBefore();
		this.#begin(this.#previous);
		try {
			return await workOn(this.#previous, work);
		} finally {
			this.#importing = null;
		}
	}

	/** Puts the base before this one in force again; the two change places. Throws `conflict` when there is none. */
	rollback(): void {
		if (this.#importing !== null) {
			throw new AppError("busy", `${this.#importing.path} is being taken in just now.`, { hint: "Wait for it." });
		}
		if (!this.hasPrevious) {
			throw nothingBefore();
		}
		const next = join(this.#folder, `next-${process.pid}.db`);
		linkSync(this.#previous, next);
		this.#putInForce(next);
	}

	async close(): Promise<void> {
		this.#closed = true;
		await this.#worker?.terminate();
		this.#base?.close();
		this.#base = null;
	}

	get #current(): string {
		return join(this.#folder, "base.db");
	}

	get #previous(): string {
		return join(this.#folder, "base.previous.db");
	}

	/** One at a time, so that no base goes while somebody works with it. */
	#begin(path: string): void {
		if (this.#importing !== null) {
			throw new AppError("busy", `${this.#importing.path} is being taken in just now.`, {
				hint: "Wait for it: vedette knowledge status",
			});
		}
		this.#importing = { path, records: 0 };
	}

	#take(work: TakeIn): Promise<TakenIn> {
		const { promise, resolve, reject } = Promise.withResolvers<TakenIn>();
		const worker = new Worker(workerUrl("import-worker"), { workerData: work, name: "import-worker", execArgv: [] });
		this.#worker = worker;
		worker.on("message", (message: FromImporter) => {
			if (message.kind === "records") this.#importing = { path: work.path, records: message.records };
			else if (message.kind === "taken") resolve(message.taken);
			else reject(failureOf(message));
		});
		worker.on("error", reject);
		worker.on("exit", () =>
			reject(new AppError("unavailable", "The import was cut off.", { hint: "Start it again." })),
		);
		return promise.finally(() => {
			this.#worker = null;
		});
	}

	#refuseOlder({ name, publishedAt }: TakenIn, allowed: boolean): void {
		const held = this.#base?.feeds().find((one) => one.name === name)?.publishedAt ?? null;
		if (allowed || held === null || publishedAt === null || publishedAt >= held) return;
		const day = (at: number) => new Date(at).toISOString().slice(0, 10);
		throw new AppError(
			"conflict",
			`This ${name} is of ${day(publishedAt)}, older than the one held, of ${day(held)}.`,
			{
				hint: "Nothing was changed. To take it in all the same: --older",
			},
		);
	}

	/** On disk before it is named; the one in force becomes the one before. */
	#putInForce(next: string): void {
		if (this.#closed)
			throw new AppError("unavailable", "The daemon is going down.", { hint: "Start the import again." });
		const fd = openSync(next, "r+");
		fsyncSync(fd);
		closeSync(fd);
		const opened = KnowledgeBase.open(next);
		if (opened === null) throw new AppError("internal", "The new knowledge base cannot be read.");
		if (existsSync(this.#current)) {
			// By way of a second name, so that there is one in force at every moment.
			const kept = `${next}.kept`;
			rmSync(kept, { force: true });
			linkSync(this.#current, kept);
			renameSync(kept, this.#previous);
		}
		renameSync(next, this.#current);
		const before = this.#base;
		this.#base = opened;
		this.onSwap();
		before?.close();
	}
}

function nothingBefore(): AppError {
	return new AppError("conflict", "There is no knowledge before this one to go back to.", {
		hint: "One is kept each time a feed is taken in.",
	});
}

async function workOn<T>(path: string, work: (base: KnowledgeBase) => Promise<T>): Promise<T> {
	const base = KnowledgeBase.open(path);
	if (base === null) throw new AppError("internal", "The other knowledge base cannot be read.");
	try {
		return await work(base);
	} finally {
		base.close();
	}
}

function failureOf({ refused, message, hint }: Extract<FromImporter, { kind: "failed" }>): AppError {
	if (refused) return new AppError("invalid", message, hint === null ? {} : { hint });
	return new AppError("unavailable", `The feed could not be taken in: ${message}`, {
		hint: "Nothing was changed. Check the space on the disk of the state folder, then try again.",
	});
}
