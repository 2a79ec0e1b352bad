/**
 * How often somebody may come with a wrong token. A token cannot be guessed; what this bounds is the lines in log and audit
 * that one address can make. By address alone, since whoever is wrong has no name; it never keeps out who is right.
 */
import { networkOf } from "./network-of.ts";

/** Wrong ones in a row; then one more every `oneEachMs`. */
const burst = 10;
const oneEachMs = 6_000;
/** Addresses remembered; the one that was wrong longest ago is forgotten first. */
const remembered = 4_096;

export class TokenAttempts {
	readonly #now: () => number;
	/** Until when each address has used up its tries: each wrong one moves that on. */
	readonly #spent = new Map<string, number>();

	/** `now` in milliseconds, never going back. */
	constructor(now: () => number) {
		this.#now = now;
	}

	/** True: what is wrong from there makes no more lines now. */
	isBlocked(address: string): boolean {
		return (this.#spent.get(networkOf(address)) ?? 0) - this.#now() > (burst - 1) * oneEachMs;
	}

	/** A token from there was wrong. */
	failed(address: string): void {
		const key = networkOf(address);
		const spent = Math.max(this.#spent.get(key) ?? 0, this.#now()) + oneEachMs;
		this.#spent.delete(key);
		this.#spent.set(key, spent);
		if (this.#spent.size <= remembered) return;
		const [oldest] = this.#spent.keys();
		if (oldest !== undefined) this.#spent.delete(oldest);
	}
}
