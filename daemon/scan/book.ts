/**
 * What each scan is said to be, by whoever asks: as stored, or, while the store takes nothing (a full disk), as it would
 * be. What could not be stored is tried again until it is, so that stopping never waits for the disk.
 */
import { AppError } from "../../protocol/errors.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import type { ScanCoverage } from "../../protocol/model/scan-coverage.ts";

export interface BookDependencies {
	readonly findScan: (id: number) => Scan | null;
	readonly save: (scan: Scan, coverage?: ScanCoverage) => void;
	readonly findCoverage: (scan: number) => ScanCoverage | null;
	/** Told of every change, stored or not. */
	readonly onScan: (scan: Scan) => void;
	readonly onFault: (scan: number, err: unknown) => void;
}

interface Entry {
	readonly scan: Scan;
	readonly coverage?: ScanCoverage;
}

const retryMs = 1_000;

export class ScanBook {
	readonly #deps: BookDependencies;
	readonly #unsaved = new Map<number, Entry>();
	#timer: NodeJS.Timeout | undefined;

	constructor(deps: BookDependencies) {
		this.#deps = deps;
	}

	/** Throws `not-found`. */
	get(id: number): Scan {
		const scan = this.#unsaved.get(id)?.scan ?? this.#deps.findScan(id);
		if (scan !== null) return scan;
		throw new AppError("not-found", `There is no scan ${id}.`, { hint: "List them with: vedette scans" });
	}

	/** As it was last put; null for a scan that has none. */
	coverage(id: number): ScanCoverage | null {
		return this.#unsaved.get(id)?.coverage ?? this.#deps.findCoverage(id);
	}

	/** Makes it so for everybody, at once. A coverage that is not given stays what it is. Never throws. */
	put(scan: Scan, given?: ScanCoverage): Scan {
		const coverage = given ?? this.#unsaved.get(scan.id)?.coverage;
		const entry = coverage === undefined ? { scan } : { scan, coverage };
		if (!this.#save(entry)) this.#unsaved.set(scan.id, entry);
		this.#deps.onScan(scan);
		return scan;
	}

	/** Writes progress down when that is possible; nothing depends on it. */
	note(scan: Scan, coverage?: ScanCoverage): void {
		if (!this.#unsaved.has(scan.id)) this.#save(coverage === undefined ? { scan } : { scan, coverage });
	}

	/** Tries once more what was not stored, and then no longer. */
	close(): void {
		this.#retry();
		clearTimeout(this.#timer);
		this.#timer = undefined;
	}

	#save({ scan, coverage }: Entry): boolean {
		try {
			this.#deps.save(scan, coverage);
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
		for (const entry of [...this.#unsaved.values()]) if (!this.#save(entry)) return;
	}
}
