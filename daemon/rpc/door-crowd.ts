/**
 * Who stands at the door to the network: how many may be there without having shown a token, and how fast they may come.
 * Those with a token take no place of strangers, and strangers none of theirs.
 */
import { isLoopback, networkOf } from "./network-of.ts";

/** Connections at once that have shown no token: all, and from one network. */
const strangersAtOnce = 64;
const strangersEach = 32;
/** New connections from one network: so many at once, then so many a second. */
const burst = 40;
const perSecond = 20;
/** Networks remembered; the one that came longest ago is forgotten first. */
const remembered = 4_096;

export class DoorCrowd<T> {
	readonly #now: () => number;
	/** Strangers, and the network of each. */
	readonly #strangers = new Map<T, string>();
	/** Until when each network has used up its connections: each moves that on. */
	readonly #spent = new Map<string, number>();

	/** `now` in milliseconds, never going back. */
	constructor(now: () => number) {
		this.#now = now;
	}

	/** False: there is no room for it, or its network comes too fast. */
	enter(one: T, address: string): boolean {
		const network = networkOf(address);
		// Behind a tunnel or a proxy loopback is everybody: one user's haste there must not keep the others out.
		if (!isLoopback(address) && !this.#isSlowEnough(network)) return false;
		const alike = [...this.#strangers.values()].filter((other) => other === network).length;
		if (this.#strangers.size >= strangersAtOnce || alike >= strangersEach) return false;
		this.#strangers.set(one, network);
		return true;
	}

	/** It has shown a token that holds, or is gone. */
	leave(one: T): void {
		this.#strangers.delete(one);
	}

	#isSlowEnough(network: string): boolean {
		const now = this.#now();
		const spent = Math.max(this.#spent.get(network) ?? 0, now) + 1_000 / perSecond;
		if (spent - now > (burst * 1_000) / perSecond) return false;
		this.#spent.delete(network);
		this.#spent.set(network, spent);
		if (this.#spent.size <= remembered) return true;
		const [oldest] = this.#spent.keys();
		if (oldest !== undefined) this.#spent.delete(oldest);
		return true;
	}
}
