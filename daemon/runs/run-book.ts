/**
 * What each run is said to be, by whoever asks: as stored, or, while the store takes nothing (a full disk), as it would
 * be. What could not be stored is tried again until it is, so that stopping never waits for the disk.
 */
import { AppError } from "../../protocol/errors.ts";

export interface BookDependencies<R, Coverage> {
	/** What it is called, and which command lists them. */
	readonly words: { readonly one: string; readonly list: string };
	readonly find: (id: number) => R | null;
	/** Both or neither; a coverage that is not given stays what it is. */
	readonly save: (run: R, coverage?: Coverage) => void;
	readonly findCoverage: (id: number) => Coverage | null;
	/** Told of every change, stored or not. */
	readonly onRun: (run: R) => void;
	readonly onFault: (id: number, err: unknown) => void;
}

interface Entry<R, Coverage> {
	readonly run: R;
	readonly coverage?: Coverage;
}

const retryMs = 1_000;

export class RunBook<R extends { readonly id: number }, Coverage> {
	readonly #deps: BookDependencies<R, Coverage>;
	readonly #unsaved = new Map<number, Entry<R, Coverage>>();
	#timer: NodeJS.Timeout | undefined;

	constructor(deps: BookDependencies<R, Coverage>) {
		this.#deps = deps;
	}

	/** Throws `not-found`. */
	get(id: number): R {
		const run = this.#unsaved.get(id)?.run ?? this.#deps.find(id);
		if (run !== null) return run;
		const { one, list } = this.#deps.words;
		throw new AppError("not-found", `There is no ${one.toLowerCase()} ${id}.`, { hint: `List them with: ${list}` });
	}

	/** As it was last put; null for a run that has none. */
	coverage(id: number): Coverage | null {
		return this.#unsaved.get(id)?.coverage ?? this.#deps.findCoverage(id);
	}

	/** Makes it so for everybody, at once. A coverage that is not given stays what it is. Never throws. */
	put(run: R, given?: Coverage): R {
		const coverage = given ?? this.#unsaved.get(run.id)?.coverage;
		const entry = coverage === undefined ? { run } : { run, coverage };
		if (!this.#save(entry)) this.#unsaved.set(run.id, entry);
		this.#deps.onRun(run);
		return run;
	}

	/** Writes progress down when that is possible; nothing depends on it. */
	note(run: R, coverage?: Coverage): void {
		if (!this.#unsaved.has(run.id)) this.#save(coverage === undefined ? { run } : { run, coverage });
	}

	/** Tries once more what was not stored, and then no longer. */
	close(): void {
		this.#retry();
		clearTimeout(this.#timer);
		this.#timer = undefined;
	}

	#save(entry: Entry<R, Coverage>): boolean {
		const { id } = entry.run;
		try {
			this.#deps.save(entry.run, entry.coverage);
			this.#unsaved.delete(id);
			return true;
		} catch (err) {
			this.#timer ??= setTimeout(() => this.#retry(), retryMs).unref();
			if (!this.#unsaved.has(id)) this.#deps.onFault(id, err);
			return false;
		}
	}

	#retry(): void {
		this.#timer = undefined;
		for (const entry of [...this.#unsaved.values()]) if (!this.#save(entry)) return;
	}
}
