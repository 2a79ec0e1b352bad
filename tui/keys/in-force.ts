/**
 * The keys that hold in this process: those of the keymap, or what the user made of them. One console runs in a process, and
 * help, hints, palette and dispatch must never be of two minds.
 */
import type { Binding } from "./binding.ts";
import { keymap, type Scope } from "./keymap.ts";

export type Keymap = Readonly<Record<Scope, readonly Binding[]>>;

let inForce: Keymap = keymap;

export function putInForce(next: Keymap): void {
	inForce = next;
}

export function keymapInForce(): Keymap {
	return inForce;
}

export function bindingsOf(scope: Scope): readonly Binding[] {
	return inForce[scope];
}
