/** The last look at an IPv4 address before a packet to it leaves: plain numbers, so that it can be done for each packet. */
import type { Scope } from "../../scope/scope.ts";
import { neverTargets } from "../../scope/special.ts";

export class PacketGuard {
	private readonly firsts: Float64Array;
	private readonly lasts: Float64Array;
	private readonly allows: boolean;

	/** Without a scope everything passes that may ever be a target. */
	constructor(scope: Scope | null) {
		const ranges = (scope?.addresses ?? neverTargets).ranges.filter(({ family }) => family === 4);
		this.firsts = Float64Array.from(ranges, ({ first }) => Number(first));
		this.lasts = Float64Array.from(ranges, ({ last }) => Number(last));
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
