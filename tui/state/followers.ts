/** What may follow the first of two keys, told when the second does not come at once. Pure but for the clock it waits by. */
import { keyLabel } from "../keys/find-binding.ts";
import { bindingsOf } from "../keys/in-force.ts";
import type { Binding, Scope } from "../keys/keymap.ts";

export interface Follower {
	/** The second key, as a person reads it. */
	readonly key: string;
	readonly description: string;
	/** Why it would not do anything now. */
	readonly reason: string | undefined;
}

/** Whoever knows the keys has pressed the second one by then. Milliseconds. */
export const followersAfterMs = 300;

/** Nearest scope first; a key that two scopes give is the nearer one's. In the order of the keys. */
export function followersOf(
	scopes: readonly Scope[],
	prefix: string,
	reasonOf: (binding: Binding, scope: Scope) => string | undefined | null,
): Follower[] {
	const found = new Map<string, Follower>();
	for (const scope of scopes) {
		for (const binding of bindingsOf(scope)) {
			for (const keys of binding.keys) {
				const second = keys.startsWith(`${prefix} `) ? keys.slice(prefix.length + 1) : undefined;
				if (second === undefined || found.has(second)) continue;
				const reason = reasonOf(binding, scope);
				if (reason === null) continue;
				found.set(second, { key: keyLabel(second), description: binding.description, reason });
			}
		}
	}
	const order = (key: string) => `${key.toLowerCase()}${key === key.toLowerCase() ? 0 : 1}`;
	return [...found.values()].sort((one, other) => (order(one.key) < order(other.key) ? -1 : 1));
}
