/** The daemon's own bulletin board: what changed, for whoever shows it. In memory, nothing is kept. */
import type { ExceptionEvent } from "../protocol/model/exception.ts";
import type { NetworkMap } from "../protocol/model/map.ts";
import type { Scan, ScanResult } from "../protocol/model/scan.ts";

export type Bulletin =
	| { kind: "scan"; scan: Scan }
	| { kind: "results"; scan: number; results: ScanResult[] }
	| { kind: "map"; map: NetworkMap }
	| { kind: "inventory-changed" }
	| { kind: "findings-changed" }
	| { kind: "duplicates-changed" }
	| { kind: "knowledge-changed" }
	| { kind: "recipes-changed" }
	| { kind: "access-changed" }
	| { kind: "exception"; notice: ExceptionNotice }
	| { kind: "import"; notice: ImportNotice };

/** Something that happened to a request; see `exceptions.watch`. */
export interface ExceptionNotice {
	readonly at: string;
	readonly exception: number;
	readonly what: ExceptionEvent["kind"];
	readonly who: string;
	readonly requester: string;
	readonly text: string;
}

/** A scanner's file that is being taken in, or was; see `imports.watch`. */
export interface ImportNotice {
	readonly who: string;
	readonly path: string;
	readonly state: "begun" | "ended" | "failed";
	readonly text: string;
}

type Listener = (bulletin: Bulletin) => void;

export class Hub {
	readonly #listeners = new Set<Listener>();
	readonly #onFault: (err: unknown) => void;

	/** `onFault` is told what a listener threw; neither the one who posts nor the other listeners notice. */
	constructor(onFault: (err: unknown) => void = () => undefined) {
		this.#onFault = onFault;
	}

	/** How many listen now. */
	get listeners(): number {
		return this.#listeners.size;
	}

	/** Returns the function that ends it. A listener must return quickly. */
	listen(listener: Listener): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	post(bulletin: Bulletin): void {
		for (const listener of this.#listeners) {
			try {
				listener(bulletin);
			} catch (err) {
				this.#onFault(err);
			}
		}
	}
}
