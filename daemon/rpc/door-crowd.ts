/**
 * Who stands at the door to the network: how many may be there without having shown a token, and how fast they may come.
 * Those with a token take no place of strangers, and strangers none of theirs.
 */
import { NetworkAllowance } from "./network-allowance.ts";
import { isLoopback, networkOf } from "./network-of.ts";

/** Connections at once that have shown no token: all, and from one network. */
const strangersAtOnce = 64;
const strangersEach = 32;
/** New connections from one network: 40 at once, then 20 a second. */
const pace = { burst: 40, oneEachMs: 50 };

export class DoorCrowd<T> {
	/** Strangers, and the network of each. */
	readonly #strangers = new Map<T, string>();
	readonly #allowance: NetworkAllowance;

	/** `now` in milliseconds, never going back. */
	constructor(now: () => number) {
		this.#allowance = new NetworkAllowance(pace, now);
	}

	/** False: there is no room for it, or its network comes too fast. */
	enter(one: T, address: string): boolean {
		const network = networkOf(address);
		// Behind a tunnel or a proxy loopback is everybody: one user's haste there must not keep the others out.
		if (!isLoopback(address)) {
			if (this.#allowance.isUsedUp(address)) return false;
			this.#allowance.use(address);
		}
		const alike = [...this.#strangers.values()].filter((other) => other === network).length;
		if (this.#strangers.size >= strangersAtOnce || alike >= strangersEach) return false;
		this.#strangers.set(one, network);
		return true;
	}

	/** It has shown a token that holds, or is gone. */
	leave(one: T): void {
		this.#strangers.delete(one);
	}
}
