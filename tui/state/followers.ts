/** The first of two keys while the second is awaited, and what that may be, told when it does not come at once. */

import type { Binding } from "../keys/binding.ts";
import { keyLabel } from "../keys/find-binding.ts";
import { bindingsOf } from "../keys/in-force.ts";
import type { Scope } from "../keys/keymap.ts";

export interface Follower {
	/** The second key, as a person reads it. */
	readonly key: string;
	readonly description: string;
	/** Why it would not do anything now. */
	readonly reason: string | undefined;
}

/** Whoever knows the keys has pressed the second one by then. Milliseconds. */
const followersAfterMs = 300;

export interface Pending {
	/** Empty while none is awaited. */
	keys(): string;
	followers(): readonly Follower[];
	set(keys: string): void;
	close(): void;
}

export interface PendingParts {
	/** Over a slow line nothing pops up. */
	isThrifty(): boolean;
	relayout(): void;
	scopes(): readonly Scope[];
	/** Why a binding would not do anything now; null where it means nothing at all. */
	reasonOf(binding: Binding, scope: Scope): string | undefined | null;
}

export function createPending({ isThrifty, relayout, scopes, reasonOf }: PendingParts): Pending {
	let keys = "";
	let followers: readonly Follower[] = [];
	let timer: NodeJS.Timeout | undefined;
	return {
		keys: () => keys,
		followers: () => followers,
		set(next) {
			clearTimeout(timer);
			keys = next;
			if (followers.length > 0) {
				followers = [];
				relayout();
			}
			if (keys === "" || isThrifty()) return;
			timer = setTimeout(() => {
				followers = followersOf(scopes(), keys, reasonOf);
				relayout();
			}, followersAfterMs);
		},
		close: () => clearTimeout(timer),
	};
}

/** Nearest scope first; a key that two scopes give is the nearer one's. In the order of the keys. */
function followersOf(
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
