/** The daemon's own bulletin board: what changed, for whoever shows it. In memory, nothing is kept. */
import type { Scan, ScanResult } from "../protocol/model/scan.ts";

export type Bulletin =
	| { kind: "scan"; scan: Scan }
	| { kind: "results"; scan: number; results: ScanResult[] }
	| { kind: "inventory-changed" }
	| { kind: "findings-changed" }
	| { kind: "knowledge-changed" };

type Listener = (bulletin: Bulletin) => void;

export class Hub {
	readonly #listeners = new Set<Listener>();

	/** Returns the function that ends it. A listener must not throw and must return quickly. */
	listen(listener: Listener): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	post(bulletin: Bulletin): void {
		for (const listener of this.#listeners) listener(bulletin);
	}
}
