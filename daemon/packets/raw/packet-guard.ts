/** The last look at an IPv4 address before a packet to it leaves: plain numbers, so that it can be done for each packet. */
import type { Scope } from "../../scope/scope.ts";
import { neverTargets } from "../../scope/special.ts";

export class PacketGuard {
	private readonly firsts: Uint32Array;
	private readonly lasts: Uint32Array;
	private readonly allows: boolean;

	/** Without a scope everything passes that may ever be a target. */
	constructor(scope: Scope | null) {
		const { v4 } = (scope?.addresses ?? neverTargets).parts;
		this.firsts = v4.filter((_, i) => i % 2 === 0);
		this.lasts = v4.filter((_, i) => i % 2 === 1);
		this.allows = scope !== null;
	}

	mayLeave(address: number): boolean {
		let low = 0;
		let high = this.firsts.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((this.firsts[middle] ?? 0) <= address) low = middle + 1;
			else high = middle;
		}
		const inside = low > 0 && address <= (this.lasts[low - 1] ?? -1);
		return inside === this.allows;
	}
}
