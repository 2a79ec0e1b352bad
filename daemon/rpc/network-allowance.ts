/** How often each network may do something: a number at once, then one more in each span of time. */
import { networkOf } from "./network-of.ts";

export interface AllowanceLimits {
	/** At once. */
	readonly burst: number;
	/** Then one more each so many milliseconds. */
	readonly oneEachMs: number;
}

/** Networks remembered; the one that used it longest ago is forgotten first. */
const remembered = 4_096;

export class NetworkAllowance {
	readonly #limits: AllowanceLimits;
	readonly #now: () => number;
	/** Until when each network has used up its share: each use moves that on. */
	readonly #spent = new Map<string, number>();

	/** `now` in milliseconds, never going back. */
	constructor(limits: AllowanceLimits, now: () => number) {
		this.#limits = limits;
		this.#now = now;
	}

	isUsedUp(address: string): boolean {
		const { burst, oneEachMs } = this.#limits;
		return (this.#spent.get(networkOf(address)) ?? 0) - this.#now() > (burst - 1) * oneEachMs;
	}

	use(address: string): void {
		const network = networkOf(address);
		const spent = Math.max(this.#spent.get(network) ?? 0, this.#now()) + this.#limits.oneEachMs;
		this.#spent.delete(network);
		this.#spent.set(network, spent);
		if (this.#spent.size <= remembered) return;
		const [oldest] = this.#spent.keys();
		if (oldest !== undefined) this.#spent.delete(oldest);
	}
}
