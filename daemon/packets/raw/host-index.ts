/** The hosts of a raw job by address, so that an answer finds the one it speaks of. Pure. */
import type { RawHost } from "./raw-host.ts";

export class HostIndex {
	private readonly hosts4 = new Map<number, RawHost>();
	private readonly hosts6 = new Map<string, RawHost>();

	/** The host last added with this address, of one word or four; the others follow as its `twin`. */
	find(words: Uint32Array, wordCount: number): RawHost | undefined {
		return wordCount === 1 ? this.hosts4.get(words[0] ?? 0) : this.hosts6.get(keyOf(words));
	}

	add(host: RawHost): void {
		host.twin = this.find(host.words, host.words.length);
		this.put(host.words, host);
	}

	/** Its twins, in later blocks, are still found. */
	remove(host: RawHost): void {
		const first = this.find(host.words, host.words.length);
		if (first === host) {
			this.put(host.words, host.twin);
			return;
		}
		let before = first;
		while (before !== undefined && before.twin !== host) before = before.twin;
		if (before !== undefined) before.twin = host.twin;
	}

	private put(words: Uint32Array, host: RawHost | undefined): void {
		if (words.length === 1) {
			if (host === undefined) this.hosts4.delete(words[0] ?? 0);
			else this.hosts4.set(words[0] ?? 0, host);
		} else if (host === undefined) this.hosts6.delete(keyOf(words));
		else this.hosts6.set(keyOf(words), host);
	}
}

function keyOf(words: Uint32Array): string {
	return Array.prototype.join.call(words);
}
