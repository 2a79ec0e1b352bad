/** May this be probed, and may it be talked to? Default deny; asked before planning and again where packets are sent. */
import { parseAddress } from "./address.ts";
import { type AddressParts, AddressSet, type TextRange } from "./address-set.ts";
import { neverTargets } from "./special.ts";

/** What crosses to a worker: plain data, from which the same decision is made again. */
export interface ScopeGuard {
	readonly allow: AddressParts;
	readonly deny: AddressParts;
}

export class Scope {
	/** What remains to be scanned: allowed and not excluded. */
	readonly addresses: AddressSet;
	/** How many targets the exclusions took away. */
	readonly excluded: number;
	private readonly allowed: AddressSet;
	private readonly denied: AddressSet;

	constructor(allowed: AddressSet, exclusions: AddressSet = AddressSet.empty) {
		this.allowed = allowed;
		this.denied = exclusions.union(neverTargets);
		this.addresses = allowed.subtract(this.denied);
		this.excluded = allowed.size - allowed.subtract(exclusions).size;
	}

	/** Rebuilds a scope from what `guard` wrote. */
	static fromGuard(guard: {
		allow: Iterable<TextRange> | AddressParts;
		deny: Iterable<TextRange> | AddressParts;
	}): Scope {
		return new Scope(AddressSet.fromText(guard.allow), AddressSet.fromText(guard.deny));
	}

	/** False for anything not in scope, excluded, special or not an address. */
	mayProbe(address: string): boolean {
		const parsed = parseAddress(address);
		return parsed !== null && this.allowed.has(parsed) && !this.denied.has(parsed);
	}

	guard(): ScopeGuard {
		return { allow: this.allowed.parts, deny: this.denied.parts };
	}
}

/** Printers print what they receive: line printer daemon (RFC 1179) and the raw ports of print servers. */
export const fragilePorts: ReadonlySet<number> = new Set([515, 9100, 9101, 9102, 9103, 9104, 9105, 9106, 9107]);

/** False for a port that gets a connect and not one byte. */
export function mayTalk(port: number): boolean {
	return !fragilePorts.has(port);
}
