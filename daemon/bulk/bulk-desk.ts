/**
 * Work on many rows without holding up the daemon: what it would be is read on a thread of its own, and done a few rows at a time
 * on the thread that writes, with everybody else served in between. What is few is done at once.
 */
import { setImmediate } from "node:timers/promises";
import { AppError } from "../../protocol/errors.ts";
import {
	addBulkWork,
	type BulkStep,
	type BulkStepOf,
	findBulkWork,
	listBulkWorks,
	type StoredBulkWork,
	saveBulkPlace,
} from "../store/bulk-works.ts";
import { holdCheckpoints } from "../store/checkpointer.ts";
import { ReadThread } from "../store/read-thread.ts";
import { afterCommit, transaction } from "../store/sql.ts";
import type { Store } from "../store/store.ts";
import { type BulkAnswer, type BulkQuestion, type BulkQuestions, look } from "./questions.ts";
import { type BulkKind, type BulkWhat, bulkSteps, isBulkKind } from "./works.ts";

/** So many are done in the caller's transaction, all or nothing. */
export const fewRows = 500;
/** How long a step may take. Milliseconds. */
const stepMs = 5;
const leastRows = 50;
const mostRows = 5_000;
const mostTold = 10_000;
const retryMs = 5_000;

export interface BulkDone {
	readonly changed: number;
	/** Numbers of the first ten thousand that were made. */
	readonly made: readonly number[];
}

/** Begun: done already, or under way. */
export type BulkBegun = { readonly done: BulkDone } | { readonly done: null; readonly work: number };

export interface BulkParts {
	readonly store: Store;
	/** More rows than this are done in steps. */
	readonly few?: number;
	readonly onFault: (err: unknown) => void;
	/** What was more than a few is done, also what another daemon had begun. */
	readonly onDone: (work: { readonly kind: BulkKind; readonly what: unknown }) => void;
}

type AnyStep = BulkStepOf<unknown>;

export class BulkDesk {
	readonly #parts: BulkParts;
	readonly #reader: ReadThread<BulkQuestion, BulkAnswer> | null;
	readonly #queue: number[] = [];
	readonly #waiting = new Map<number, PromiseWithResolvers<BulkDone>>();
	#running: Promise<void> | null = null;
	#retry: NodeJS.Timeout | undefined;
	#closed = false;

	constructor(parts: BulkParts) {
		this.#parts = parts;
		const path = parts.store.db.location();
		this.#reader = path === null || path === "" ? null : new ReadThread({ path }, "bulk-worker");
	}

	/** Takes up what was left undone when the daemon stopped. */
	begin(): void {
		for (const id of listBulkWorks(this.#parts.store.db)) this.#enqueue(id);
	}

	/** What a work would be. Rejects as looking does. A database in memory is looked at here. */
	async ask<K extends keyof BulkQuestions>(
		kind: K,
		asked: BulkQuestions[K]["asks"],
		signal: AbortSignal,
	): Promise<BulkQuestions[K]["answers"]> {
		const question = { kind, asked } as BulkQuestion;
		const answer = this.#reader === null ? look(this.#parts.store.db, question) : this.#reader.read(question, signal);
		return (await answer) as BulkQuestions[K]["answers"];
	}

	/** Begins a work in the caller's transaction; `size`: about how many rows it is. */
	start<K extends BulkKind>(
		kind: K,
		what: BulkWhat<K>,
		{ list, size = list.length }: { readonly list: readonly number[]; readonly size?: number },
	): BulkBegun {
		const { few = fewRows, store } = this.#parts;
		const { db, clock } = store;
		if (size <= few) {
			const sum = new Sum();
			const step = bulkSteps[kind] as AnyStep;
			for (let place: number | null = 0; place !== null; )
				place = sum.add(step(db, what, list, { place, most: fewRows }));
			return { done: sum.done };
		}
		const work = addBulkWork(db, { kind, what, list, at: clock.now() });
		afterCommit(db, () => this.#enqueue(work));
		return { done: null, work };
	}

	/**
	 * Resolves when all of it is done. Rejects with `unavailable` when the daemon stops before, or the store refuses: what is left is
	 * then done later, by itself.
	 */
	async finish(begun: BulkBegun): Promise<BulkDone> {
		if (begun.done !== null) return begun.done;
		const waiting = this.#waiting.get(begun.work) ?? Promise.withResolvers<BulkDone>();
		this.#waiting.set(begun.work, waiting);
		return await waiting.promise;
	}

	async close(): Promise<void> {
		this.#closed = true;
		clearTimeout(this.#retry);
		await this.#running;
		for (const { reject } of this.#waiting.values()) reject(laterOn("The daemon is stopping."));
		this.#waiting.clear();
		await this.#reader?.close();
	}

	#enqueue(id: number): void {
		if (!this.#queue.includes(id)) this.#queue.push(id);
		this.#wake();
	}

	#wake(): void {
		this.#running ??= this.#run();
	}

	/** In the order of the queue, in which those that fail stay: each is tried once, and holds up no other. */
	async #run(): Promise<void> {
		const failed = new Set<number>();
		const next = () => (this.#closed ? undefined : this.#queue.find((id) => !failed.has(id)));
		try {
			for (let id = next(); id !== undefined; id = next()) {
				// Whoever began it waits for it from the next moment on.
				await setImmediate();
				try {
					await this.#carryOut(id);
					this.#queue.splice(this.#queue.indexOf(id), 1);
				} catch (err) {
					failed.add(id);
					this.#failed(id, err);
				}
			}
		} finally {
			this.#running = null;
		}
	}

	async #carryOut(id: number): Promise<void> {
		const { store, onDone } = this.#parts;
		const work = findBulkWork(store.db, id);
		if (work === null || !isBulkKind(work.kind)) return;
		const { kind, what } = work;
		const log = holdCheckpoints(store.db);
		try {
			const done = await this.#steps({ ...work, kind }, () => log.room());
			if (done === null) return;
			this.#waiting.get(id)?.resolve(done);
			this.#waiting.delete(id);
		} finally {
			log.end();
		}
		onDone({ kind, what });
	}

	/** Null: the daemon stops before the end. */
	async #steps(work: StoredBulkWork & { kind: BulkKind }, room: () => Promise<void>): Promise<BulkDone | null> {
		const { id, kind, what, list, place: from } = work;
		const { few = fewRows, store } = this.#parts;
		const { db } = store;
		const step = bulkSteps[kind] as AnyStep;
		const sum = new Sum();
		let most = few;
		for (let place: number | null = from; place !== null; ) {
			const began = performance.now();
			const at = { place, most };
			const done = transaction(db, () => {
				const done = step(db, what, list, at);
				saveBulkPlace(db, id, done.next);
				return done;
			});
			place = sum.add(done);
			most = done.isOther === true ? few : fitting(most, performance.now() - began);
			await setImmediate();
			await room();
			if (this.#closed && place !== null) return null;
		}
		return sum.done;
	}

	#failed(id: number, err: unknown): void {
		const words = err instanceof AppError ? err.message : "The daemon's log says why.";
		this.#waiting.get(id)?.reject(laterOn(words));
		this.#waiting.delete(id);
		this.#parts.onFault(err);
		clearTimeout(this.#retry);
		if (!this.#closed) this.#retry = setTimeout(() => this.#wake(), retryMs).unref();
	}
}

/** How many rows a step may be, by what the last one took. */
function fitting(most: number, tookMs: number): number {
	const wanted = (most * stepMs) / tookMs;
	return Math.ceil(Math.min(mostRows, Math.max(leastRows, most / 2, Math.min(wanted, most * 1.5))));
}

class Sum {
	#changed = 0;
	readonly #made: number[] = [];

	/** Where the next begins. */
	add({ next, changed, made = [] }: BulkStep): number | null {
		this.#changed += changed;
		this.#made.push(...made.slice(0, mostTold - this.#made.length));
		return next;
	}

	get done(): BulkDone {
		return { changed: this.#changed, made: this.#made };
	}
}

function laterOn(why: string): AppError {
	return new AppError("unavailable", `It is decided, and not all of it is done yet. ${why}`, {
		hint: "What is left is done by itself as soon as that is possible, also when the daemon is started again.",
	});
}
