/**
 * A hollow host: something answers at its address, and there is no sign of a machine behind it. One such host means
 * nothing; a network that is full of the same is a ghost. Pure.
 */
import type { GhostKind } from "../../protocol/model/ghost.ts";

export interface HostLook {
	/** TCP ports asked and settled. */
	readonly asked: number;
	readonly open: readonly number[];
	readonly closed: number;
	/** A byte came from one of its ports, TCP or UDP. */
	readonly spoke: boolean;
	/** All its open ports answered HTTP, each with the same error of a gateway. */
	readonly gatewayError: boolean;
}

export interface Hollow {
	readonly kind: GhostKind;
	/** Open ports, ascending. */
	readonly pattern: readonly number[];
	/** What must be equal on all addresses. */
	readonly signature: string;
}

/** More open ports than a device answers for by a rule of its own, such as 80 and 443, or 2000 and 5060. */
const mostInPattern = 8;
/** Fewer ports asked say too little about what else there is. */
const leastAsked = 8;

/** What a proxy says when it cannot reach who was asked for: RFC 9110 15.5.8, 15.6.3-5; RFC 6585 6. */
export const gatewayErrors: ReadonlySet<number> = new Set([407, 502, 503, 504, 511]);

/** Null for what may well be a machine. */
export function hollowOf({ asked, open, closed, spoke, gatewayError }: HostLook): Hollow | null {
	if (asked < leastAsked || open.length > mostInPattern) return null;
	const pattern = [...open].sort((a, b) => a - b);
	if (pattern.length === 0) return spoke ? null : hollow(closed > 0 ? "refuses-any-port" : "nothing-open", pattern);
	// Behind the same address something refuses ports: a machine of its own does that, and a device for all is silent there.
	if (closed > 0) return null;
	if (gatewayError) return hollow("gateway-error", pattern);
	return spoke ? null : hollow("says-nothing", pattern);
}

/** What is alike has the same kind and the same pattern. */
export function hollow(kind: GhostKind, pattern: readonly number[]): Hollow {
	return { kind, pattern, signature: `${kind} ${pattern.join()}` };
}
