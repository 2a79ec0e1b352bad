/** How fast a download comes and how long it will take, from what was seen of the last seconds. */

interface Seen {
	readonly source: string;
	readonly bytes: number;
	readonly totalBytes: number | null;
}

/** Speed is taken over this. Milliseconds. */
const windowMs = 5_000;

export class Pace {
	readonly #now: () => number;
	#seen: (Seen & { readonly at: number })[] = [];

	/** `now`: milliseconds that only go forward. */
	constructor(now: () => number = () => performance.now()) {
		this.#now = now;
	}

	saw({ source, bytes, totalBytes }: Seen): void {
		const at = this.#now();
		const before = this.#seen.at(-1);
		if (before !== undefined && (before.source !== source || bytes < before.bytes)) this.#seen = [];
		this.#seen.push({ source, bytes, totalBytes, at });
		while (this.#seen.length > 2 && at - (this.#seen[0]?.at ?? at) > windowMs) this.#seen.shift();
	}

	/** Nulls as long as nothing can be said. */
	outlook(): { bytesPerSecond: number | null; etaSeconds: number | null } {
		const [first, last] = [this.#seen[0], this.#seen.at(-1)];
		// To this moment, so that a line gone silent becomes slow.
		const seconds = first === undefined ? 0 : (this.#now() - first.at) / 1_000;
		if (first === undefined || last === undefined || seconds < 0.2) return { bytesPerSecond: null, etaSeconds: null };
		const bytesPerSecond = Math.max(0, (last.bytes - first.bytes) / seconds);
		const left = last.totalBytes === null ? null : last.totalBytes - last.bytes;
		return { bytesPerSecond, etaSeconds: left === null || bytesPerSecond === 0 ? null : left / bytesPerSecond };
	}
}
