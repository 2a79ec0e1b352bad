/** Finds what a key means among scopes, nearest first, two-key sequences included. */

import type { Binding } from "./binding.ts";
import { type EditingAction, editingKeys } from "./editing-keys.ts";
import { bindingsOf, type Keymap, keymapInForce } from "./in-force.ts";
import type { ActionOf, Scope } from "./keymap.ts";

export type Found =
	| { readonly kind: "binding"; readonly binding: Binding; readonly scope: Scope }
	/** The first of two keys; the next one decides. */
	| { readonly kind: "prefix"; readonly keys: string }
	| { readonly kind: "none" };

/** `before` is the first key of a sequence under way, empty when there is none. */
export function findBinding(scopes: readonly Scope[], before: string, key: string): Found {
	const keys = before === "" ? key : `${before} ${key}`;
	return placeOf(scopes).meanings.get(keys) ?? { kind: "none" };
}

/**
 * What the keys of a place mean, nearest scope first: each action with those of its keys that no nearer one takes. An action
 * that has lost all of its keys is left out; one that never had any is not.
 */
export function bindingsInReach(scopes: readonly Scope[]): readonly InReach[] {
	return placeOf(scopes).inReach;
}

/** Those of them that have a word and a key for the hint line, and the key as a person reads it. */
export function hintsInReach(scopes: readonly Scope[]): readonly HintInReach[] {
	return placeOf(scopes).hints;
}

export interface InReach {
	readonly scope: Scope;
	readonly binding: Binding;
}

export interface HintInReach extends InReach {
	readonly word: string;
	/** As the keymap writes them. */
	readonly keys: string;
	readonly label: string;
}

/** The keys of one place, read from the keymap once: dispatch and hints ask with every key. */
interface Place {
	readonly meanings: ReadonlyMap<string, Found>;
	readonly inReach: readonly InReach[];
	readonly hints: readonly HintInReach[];
}

const places = new WeakMap<Keymap, Map<string, Place>>();

function placeOf(scopes: readonly Scope[]): Place {
	const keymap = keymapInForce();
	const known = places.get(keymap) ?? new Map<string, Place>();
	places.set(keymap, known);
	const name = scopes.join(" ");
	const place = known.get(name) ?? readPlace(scopes);
	known.set(name, place);
	return place;
}

function readPlace(scopes: readonly Scope[]): Place {
	const inReach = findInReach(scopes);
	return {
		meanings: findMeanings(scopes),
		inReach,
		hints: inReach.flatMap(({ scope, binding }) => {
			const [keys] = binding.keys;
			return binding.footer && keys ? [{ scope, binding, word: binding.footer, keys, label: keyLabel(keys) }] : [];
		}),
	};
}

function findMeanings(scopes: readonly Scope[]): ReadonlyMap<string, Found> {
	const meanings = new Map<string, Found>();
	const prefixes = new Set<string>();
	for (const scope of scopes) {
		for (const binding of bindingsOf(scope)) {
			for (const keys of binding.keys) {
				if (!meanings.has(keys)) meanings.set(keys, { kind: "binding", binding, scope });
				for (let at = keys.indexOf(" "); at > 0; at = keys.indexOf(" ", at + 1)) prefixes.add(keys.slice(0, at));
			}
		}
	}
	// What is an action of its own in any scope is not waited behind.
	for (const keys of prefixes) if (!meanings.has(keys)) meanings.set(keys, { kind: "prefix", keys });
	return meanings;
}

function findInReach(scopes: readonly Scope[]): readonly InReach[] {
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

/** The key that does it in every line that is typed, where keys of the keymap are text. */
export function editingKeyOf(action: EditingAction): string {
	return keyLabel(editingKeys[action][0]);
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
