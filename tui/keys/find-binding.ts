/** Finds what a key means among scopes, nearest first, two-key sequences included. */
import { bindingsOf } from "./in-force.ts";
import { type ActionOf, type Binding, type EditingAction, editingKeys, type Scope } from "./keymap.ts";

export type Found =
	| { readonly kind: "binding"; readonly binding: Binding; readonly scope: Scope }
	/** The first of two keys; the next one decides. */
	| { readonly kind: "prefix"; readonly keys: string }
	| { readonly kind: "none" };

/** `before` is the first key of a sequence under way, empty when there is none. */
export function findBinding(scopes: readonly Scope[], before: string, key: string): Found {
	const keys = before === "" ? key : `${before} ${key}`;
	let isPrefix = false;
	for (const scope of scopes) {
		for (const binding of bindingsOf(scope)) {
			if (binding.keys.includes(keys)) return { kind: "binding", binding, scope };
			isPrefix ||= binding.keys.some((wanted) => wanted.startsWith(`${keys} `));
		}
	}
	return isPrefix ? { kind: "prefix", keys } : { kind: "none" };
}

/**
 * What the keys of a place mean, nearest scope first: each action with those of its keys that no nearer one takes. An action
 * that has lost all of its keys is left out; one that never had any is not.
 */
export function bindingsInReach(
	scopes: readonly Scope[],
): readonly { readonly scope: Scope; readonly binding: Binding }[] {
	const taken = new Set<string>();
	return scopes.flatMap((scope) =>
		bindingsOf(scope).flatMap((binding) => {
			const keys = binding.keys.filter((key) => !taken.has(key));
			for (const key of keys) taken.add(key);
			if (keys.length === binding.keys.length) return [{ scope, binding }];
			return keys.length === 0 ? [] : [{ scope, binding: { ...binding, keys } }];
		}),
	);
}

/** What a key does in a text field; undefined: it is text, or nothing to the field. */
export function editingAction(key: string): EditingAction | undefined {
	for (const action of Object.keys(editingKeys) as EditingAction[]) {
		if ((editingKeys[action] as readonly string[]).includes(key)) return action;
	}
	return undefined;
}

/** The first key of an action, as a person reads it: for sentences that say what to press. */
export function keyOf<S extends Scope>(scope: S, action: ActionOf<S>): string {
	const binding = bindingsOf(scope).find((one) => one.action === action);
	return keyLabel(binding?.keys[0] ?? "");
}

const shown: Readonly<Record<string, string>> = {
	enter: "Enter",
	up: "↑",
	down: "↓",
	left: "←",
	right: "→",
	esc: "Esc",
	tab: "Tab",
	space: "Space",
};

/** A key as a person reads it. */
export function keyLabel(key: string): string {
	return key
		.split(" ")
		.map((part) => shown[part] ?? part)
		.join("");
}
