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
	private readonly allowed: AddressSet;
	private readonly denied: AddressSet;
	private readonly exclusions: AddressSet;
	private remaining: AddressSet | null = null;

	constructor(allowed: AddressSet, exclusions: AddressSet = AddressSet.empty) {
		this.allowed = allowed;
		this.exclusions = exclusions;
		this.denied = exclusions.union(neverTargets);
	}

	/** What remains to be scanned: allowed and not excluded. Made when asked for: a worker that only asks about addresses does without. */
	get addresses(): AddressSet {
		this.remaining ??= this.allowed.subtract(this.denied);
		return this.remaining;
	}

	/** What was allowed, what is excluded in it too. Not a copy. */
	get allowedParts(): AddressParts {
		return this.allowed.parts;
	}

	/** What gets nothing: excluded, or special. Not a copy. */
	get deniedParts(): AddressParts {
		return this.denied.parts;
	}

	/** How many targets the exclusions took away. */
	get excluded(): number {
		return this.allowed.size - this.allowed.subtract(this.exclusions).size;
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

	/** True for what is excluded or special: nothing goes there, also not on the way to somewhere else. */
	excludes(address: string): boolean {
		const parsed = parseAddress(address);
		return parsed !== null && this.denied.has(parsed);
	}

	guard(): ScopeGuard {
		return { allow: shared(this.allowed.parts), deny: shared(this.denied.parts) };
	}
}

/** From this many numbers on all threads read the same memory instead of a copy each. */
const sharedFrom = 65_536;

function shared(parts: AddressParts): AddressParts {
	if (parts.v4.length < sharedFrom) return parts;
	const v4 = new Uint32Array(new SharedArrayBuffer(parts.v4.byteLength));
	v4.set(parts.v4);
	return { ...parts, v4 };
}

/** Printers print what they receive: line printer daemon (RFC 1179) and the raw ports of print servers. */
export const fragilePorts: ReadonlySet<number> = new Set([515, 9100, 9101, 9102, 9103, 9104, 9105, 9106, 9107]);

/** False for a port that gets a connect and not one byte. */
export function mayTalk(port: number): boolean {
	return !fragilePorts.has(port);
}
