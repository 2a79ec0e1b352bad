/** The bundles that were made and taken in here, from one start of the daemon to the next. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { type KeptBundle, keptBundle } from "../../../protocol/model/knowledge-bundle.ts";

const entry = keptBundle.omit({ linked: true });
type Entry = z.infer<typeof entry>;
const mostKept = 1_000;

export class BundleLog {
	readonly #path: string;
	#entries: Entry[];

	constructor(path: string) {
		this.#path = path;
		this.#entries = read(path);
	}

	/** Newest first. */
	list(): KeptBundle[] {
		const known = new Set(this.#entries.map(({ hash }) => hash));
		return this.#entries
			.map((one) => ({ ...one, linked: one.base === null || (one.previous !== null && known.has(one.previous)) }))
			.toReversed();
	}

	/** Throws when it cannot be written down. */
	add(bundle: Entry): KeptBundle {
		this.#entries = [...this.#entries, bundle].slice(-mostKept);
		mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
		const next = `${this.#path}.next`;
		writeFileSync(next, JSON.stringify(this.#entries), { mode: 0o600 });
		renameSync(next, this.#path);
		return this.list()[0] ?? { ...bundle, linked: false };
	}
}

function read(path: string): Entry[] {
	try {
		if (existsSync(path)) return z.array(entry).parse(JSON.parse(readFileSync(path, "utf8")));
	} catch {
		// Not whole, or of another version: the chain is for people to look at, nothing is decided by it.
	}
	return [];
}
