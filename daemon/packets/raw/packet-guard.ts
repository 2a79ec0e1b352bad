/** The last look at an IPv4 address before a packet to it leaves: plain numbers, so that it can be done for each packet. */
import { findRange, type MergedRanges } from "../../../protocol/target/range-list.ts";
import type { Scope } from "../../scope/scope.ts";
import { neverTargets } from "../../scope/special.ts";

export class PacketGuard {
	/** Null: everything that is not denied. Not copied: a scan of millions of scattered addresses makes a guard for each host. */
	private readonly allow: MergedRanges | null;
	private readonly deny: MergedRanges;

	/** Without a scope everything passes that may ever be a target. */
	constructor(scope: Scope | null) {
		this.allow = scope === null ? null : scope.allowedParts.v4;
		this.deny = (scope === null ? neverTargets.parts : scope.deniedParts).v4;
	}

	mayLeave(address: number): boolean {
		return (this.allow === null || holds(this.allow, address)) && !holds(this.deny, address);
	}
}

function holds(ranges: MergedRanges, address: number): boolean {
	const at = findRange(ranges, address);
	return at >= 0 && address <= (ranges[at * 2 + 1] ?? -1);
}
