/**
 * What each scan is said to be, by whoever asks: as stored, or, while the store takes nothing (a full disk), as it would
 * be. What could not be stored is tried again until it is, so that stopping never waits for the disk.
 */
import { AppError } from "../../protocol/errors.ts";
import type { Scan } from "../../protocol/model/scan.ts";

export interface BookDependencies {
	readonly findScan: (id: number) => Scan | null;
	readonly save: (scan: Scan) => void;
	/** Told of every change, stored or not. */
	readonly onScan: (scan: Scan) => void;
	readonly onFault: (scan: number, err: unknown) => void;
}

const retryMs = 1_000;

export class ScanBook {
	readonly #deps: BookDependencies;
	readonly #unsaved = new Map<number, Scan>();
	#timer: NodeJS.Timeout | undefined;

	constructor(deps: BookDependencies) {
		this.#deps = deps;
	}

	/** Throws `not-found`. */
	get(id: number): Scan {
		const scan = this.#unsaved.get(id) ?? this.#deps.findScan(id);
		if (scan !== null) return scan;
		throw new AppError("not-found", `There is no scan ${id}.`, { hint: "List them with: vedette scans" });
	}

	/** Makes it so for everybody, at once. Never throws. */
	put(scan: Scan): Scan {
		if (!this.#save(scan)) this.#unsaved.set(scan.id, scan);
		this.#deps.onScan(scan);
		return scan;
	}

	/** Writes progress down when that is possible; nothing depends on it. */
	note(scan: Scan): void {
		if (!this.#unsaved.has(scan.id)) this.#save(scan);
	}

	/** Tries once more what was not stored, and then no longer. */
	close(): void {
		this.#retry();
		clearTimeout(this.#timer);
		this.#timer = undefined;
	}

	#save(scan: Scan): boolean {
		try {
			this.#deps.save(scan);
			this.#unsaved.delete(scan.id);
			return true;
		} catch (err) {
			this.#timer ??= setTimeout(() => this.#retry(), retryMs).unref();
			if (!this.#unsaved.has(scan.id)) this.#deps.onFault(scan.id, err);
			return false;
		}
	}

	#retry(): void {
		this.#timer = undefined;
		for (const scan of [...this.#unsaved.values()]) if (!this.#save(scan)) return;
	}
}
