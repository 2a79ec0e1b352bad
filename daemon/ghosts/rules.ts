/** What a user has said about addresses: these are real, these are ghosts. It counts more than any judgement. Pure. */
import { AddressSet } from "../scope/address-set.ts";

export interface GhostRules {
	/** Never judged: what answers there is a host. */
	readonly real: AddressSet;
	/** Always ghosts; nothing is asked of them but whether somebody answers. */
	readonly ghosts: AddressSet;
}

export const noGhostRules: GhostRules = { real: AddressSet.empty, ghosts: AddressSet.empty };

export interface RuleText {
	readonly ranges: readonly (readonly [string, string])[];
	readonly says: "real" | "ghost";
}

/** Of two rules over one address the later holds. */
export function readRules(rules: readonly RuleText[]): GhostRules {
	let { real, ghosts } = noGhostRules;
	for (const { ranges, says } of rules) {
		const addresses = AddressSet.fromText(ranges);
		real = says === "real" ? real.union(addresses) : real.subtract(addresses);
		ghosts = says === "ghost" ? ghosts.union(addresses) : ghosts.subtract(addresses);
	}
	return { real, ghosts };
}
