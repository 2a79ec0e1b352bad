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
import { type WorkerName, workerUrl } from "../../worker-url.ts";
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
		this.#clear();
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

	/** What the base before this one held, and where it lies; null when there is none. */
	previousFeeds(): { readonly path: string; readonly feeds: FeedStatus[] } | null {
		const base = KnowledgeBase.open(this.#previous);
		if (base === null) return null;
		try {
			return { path: this.#previous, feeds: base.feeds() };
		} finally {
			base.close();
		}
	}

	/** Where it lies: what belongs to it besides the bases may lie there too. */
	get folder(): string {
		return this.#folder;
	}

	/**
	 * Takes a feed in and puts the new base in force. Throws `busy` while another is taken in, `invalid` for a file that
	 * is none, `conflict` for one that is older than what is held; then nothing has changed.
	 */
	async import(request: ImportRequest): Promise<FeedStatus & Pick<TakenIn, "refused">> {
		const { path, name } = request;
		return this.change(path, async (paths) => {
			const taken = await this.#take({ path, name, ...paths, now: this.#now() });
			this.#refuseOlder(taken, request.older);
			return {
				next: paths.next,
				result: () => {
					const feed = this.#base?.feeds().find((one) => one.name === taken.name);
					if (feed === undefined)
						throw new AppError("internal", "The new knowledge base does not hold what was taken in.");
					return { ...feed, refused: taken.refused };
				},
			};
		});
	}

	/**
	 * Has a new base made beside the one in force and puts it in its place. `make` says which file is the new one, null for
	 * nothing new; it may leave others that begin with `next`. Throws `busy` while another is made.
	 */
	async change<T>(
		what: string,
		make: (paths: { current: string; next: string }) => Promise<{ next: string | null; result: () => T }>,
	): Promise<T> {
		this.#begin(what);
		try {
			mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
			const { next, result } = await make({
				current: this.#current,
				next: join(this.#folder, `next-${process.pid}.db`),
			});
			if (next !== null) this.#putInForce(next);
			return result();
		} finally {
			this.#clear();
			this.#importing = null;
		}
	}

	/** Runs one of the worker threads that make a base. Whoever started it must have called `change` or the like. */
	run<Message>(name: WorkerName, workerData: unknown, onMessage: (message: Message) => void): Promise<void> {
		const { promise, resolve, reject } = Promise.withResolvers<void>();
		const worker = new Worker(workerUrl(name), { workerData, name, execArgv: [] });
		this.#worker = worker;
		worker.on("message", onMessage);
		worker.on("error", reject);
		worker.on("exit", () => resolve());
		return promise.finally(() => {
			this.#worker = null;
		});
	}

	/** Ends what is under way; nothing has changed then. False when nothing is. */
	stop(): boolean {
		const worker = this.#worker;
		void worker?.terminate();
		return worker !== null;
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

	/** The same, while the base in force stays what it is; null when there is none before it. */
	async sinceBefore<T>(work: (before: KnowledgeBase | null) => Promise<T>): Promise<T> {
		if (KnowledgeBase.isThere(this.#previous)) return await this.previous(work);
		this.#begin("a comparison");
		try {
			return await work(null);
		} finally {
			this.#importing = null;
		}
	}

	/** Puts the base before this one in force again; the two change places. Throws `conflict` when there is none. */
	rollback(): void {
		if (this.#importing !== null) {
			throw new AppError("busy", busyWith(this.#importing.path), { hint: "Wait for it." });
		}
		if (!KnowledgeBase.isThere(this.#previous)) throw nothingBefore();
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

	/** What was begun and is not in force. */
	#clear(): void {
		if (!existsSync(this.#folder)) return;
		for (const name of readdirSync(this.#folder)) {
			if (name.startsWith("next-")) rmSync(join(this.#folder, name), { force: true });
		}
	}

	/** One at a time, so that no base goes while somebody works with it. */
	#begin(path: string): void {
		if (this.#importing !== null) {
			throw new AppError("busy", busyWith(this.#importing.path), {
				hint: "Wait for it: vedette knowledge status",
			});
		}
		this.#importing = { path, records: 0 };
	}

	async #take(work: TakeIn): Promise<TakenIn> {
		let last: FromImporter | undefined;
		await this.run("import-worker", work, (message: FromImporter) => {
			if (message.kind === "records") this.#importing = { path: work.path, records: message.records };
			else last = message;
		});
		if (last?.kind === "taken") return last.taken;
		if (last?.kind === "failed") throw failureOf(last);
		throw new AppError("unavailable", "The import was cut off.", { hint: "Start it again." });
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
		const sound = KnowledgeBase.open(next);
		if (sound === null) throw new AppError("internal", "The new knowledge base cannot be read.");
		sound.close();
		if (existsSync(this.#current)) {
			// By way of a second name, so that there is one in force at every moment.
			const kept = `${next}.kept`;
			rmSync(kept, { force: true });
			linkSync(this.#current, kept);
			renameSync(kept, this.#previous);
		}
		renameSync(next, this.#current);
		// By its last name: SQLite looks for a journal beside the name it was opened by, and the next import writes under that.
		const opened = KnowledgeBase.open(this.#current);
		const before = this.#base;
		this.#base = opened;
		this.onSwap();
		before?.close();
	}
}

function busyWith(what: string): string {
	return what.startsWith("/") ? `${what} is being taken in just now.` : `There is ${what} under way just now.`;
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
