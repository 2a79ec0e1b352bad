/**
 * What a key does: which action it means where one is, whether that may be done now, and in which order what was typed ahead
 * happens. It knows the views only as what has keys.
 */
import type { Binding } from "../keys/binding.ts";
import { bindingsInReach, findBinding } from "../keys/find-binding.ts";
import { alwaysActions, type Scope, wordlessActions } from "../keys/keymap.ts";
import type { Action, Handler, View } from "../screens/view.ts";
import { createPending, type Pending } from "./followers.ts";
import { createHeldKeys, type HeldKeys } from "./held-keys.ts";
import type { Rights } from "./rights.ts";
import { createTurns } from "./turns.ts";

export interface Dispatch {
	press(key: string): void;
	/** Does what the mouse asks for, which is going on as a key is. */
	point(act: () => void): void;
	paste(text: string): void;
	/** Everything that can be done from a view, its own first; a key that a nearer scope takes is left out. */
	actionsOf(view: View): Action[];
	/** That view lies over the others now. */
	opened(view: View): void;
	/** What runs now follows from a key after which the user has gone on. */
	isPast(): boolean;
	readonly pending: Pick<Pending, "keys" | "followers">;
	/** As in `ScreenContext`; a rejection is its caller's to say. */
	opens(opening: Promise<unknown>): void;
	readonly heldKeys: Pick<HeldKeys, "waiting" | "lookSoon">;
	close(): void;
}

export interface DispatchParts {
	top(): View;
	/** What does that where no view does. */
	everywhere(action: string): Handler | undefined;
	readonly rights: Rights;
	/** Says why something cannot be done. */
	say(reason: string): void;
	/** The user is there. */
	touched(): void;
	changed(): void;
	relayout(): void;
	/** Little is to be sent over the line now. */
	isThrifty(): boolean;
	now(): number;
}

/** A question does not take the keys that were typed for what it covers. Milliseconds. */
const dialogGuardMs = 300;
/** What works everywhere and in dialogs too. */
const dialogActions: readonly string[] = ["back", "leave", "repaint", "theme", "mouse", ...alwaysActions];

export function createDispatch(parts: DispatchParts): Dispatch {
	const { top, rights, now } = parts;
	const turns = createTurns();
	const heldKeys = createHeldKeys(top, now);
	let dialogSince = Number.NEGATIVE_INFINITY;
	/** The view that came last, and with which key. */
	let came: { readonly view: View; readonly turn: number | undefined } | undefined;
	const pending = createPending({
		isThrifty: parts.isThrifty,
		relayout: parts.relayout,
		scopes: () => scopesOf(top()),
		reasonOf(binding, scope) {
			const handler = handlerOf(top(), scope, binding);
			return handler ? rights.reasonAgainst(binding, handler) : null;
		},
	});

	/** In a dialog little of what holds everywhere does. */
	function scopesOf(view: View): readonly Scope[] {
		return view.isDialog ? view.scopes : [...view.scopes, "everywhere"];
	}

	function handlerOf(view: View, scope: Scope, { action }: Binding): Handler | undefined {
		return scope === "everywhere" ? parts.everywhere(action) : view.handlers[action];
	}

	function actionsOf(view: View): Action[] {
		return bindingsInReach([...view.scopes, "everywhere"]).flatMap(({ scope, binding }): Action[] => {
			const handler = handlerOf(view, scope, binding);
			if (!handler || wordlessActions.includes(binding.action)) return [];
			return [
				{
					binding,
					scope,
					reason: () => rights.reasonAgainst(binding, handler),
					run: () => runAbout(view, scope, binding, handler),
				},
			];
		});
	}

	function press(key: string): void {
		if (key === "") return;
		parts.touched();
		// Before its dialog is there a key is not one after which the user has gone on.
		if (heldKeys.isOpening() && isHeld(key)) return;
		turns.take(() => isHeld(key) || isTaken(key));
	}

	/** What was typed before it waits, and so does it; Escape and what always holds do not. */
	function isHeld(key: string): boolean {
		if (heldKeys.waiting() === undefined && !heldKeys.isOpening()) return false;
		const action = actionEverywhere(key);
		if (action === "back") {
			turns.goOn();
			return heldKeys.drop();
		}
		return !alwaysActions.includes(action) && heldKeys.hold(top(), "nothing", () => press(key));
	}

	/** What the key alone means where no nearer scope takes it; empty: nothing. */
	function actionEverywhere(key: string): string {
		const found = findBinding(["everywhere"], "", key);
		return found.kind === "binding" ? found.binding.action : "";
	}

	/** Does what a key means here; false when it means nothing. */
	function isTaken(key: string): boolean {
		const view = top();
		const always = actionEverywhere(key);
		const isAlways = alwaysActions.includes(always);
		if (!isAlways && view.takeKey?.(key)) return true;
		const isGuarded = view.scopes.includes("choice") && now() - dialogSince < dialogGuardMs;
		if (isGuarded && !isAlways && always !== "back") return false;
		const found = findBinding([...view.scopes, "everywhere"], pending.keys(), key);
		pending.set(found.kind === "prefix" ? found.keys : "");
		parts.changed();
		if (found.kind !== "binding") return found.kind === "prefix";
		const { binding, scope } = found;
		const handler = handlerOf(view, scope, binding);
		if (scope !== "everywhere") return runAbout(view, scope, binding, handler);
		if (view.isDialog && !dialogActions.includes(binding.action)) return false;
		return runHandler(binding, handler);
	}

	/** As `runHandler`; what is about rows waits for them. */
	function runAbout(view: View, scope: Scope, binding: Binding, handler: Handler | undefined): boolean {
		const isAboutRows = scope !== "everywhere" && binding.action !== "filter";
		const about = !isAboutRows ? "nothing" : wordlessActions.includes(binding.action) ? "rows" : "row";
		const later = () => turns.take(() => runHandler(binding, handler));
		return heldKeys.hold(view, about, later) || runHandler(binding, handler);
	}

	/** False when there is nothing to do, or a reason against it, which is said. */
	function runHandler(binding: Binding, handler: Handler | undefined): boolean {
		if (!handler) return false;
		const reason = rights.reasonAgainst(binding, handler);
		if (reason) parts.say(reason);
		else handler.run();
		return !reason;
	}

	function paste(text: string): void {
		if (heldKeys.hold(top(), "nothing", () => paste(text))) return;
		turns.goOn();
		top().takePaste?.(text);
	}

	return {
		press,
		point(act) {
			turns.take(() => {
				act();
				return true;
			});
		},
		paste,
		actionsOf,
		opened(view) {
			const turn = turns.current();
			if (turn === undefined) turns.goOn();
			came = { view, turn };
			if (view.isDialog) dialogSince = now();
			pending.set("");
		},
		isPast: turns.isPast,
		opens(opening) {
			const turn = turns.current();
			// What needs no answer is on screen before it can be waited for.
			const isThere = turn !== undefined && came?.turn === turn && came.view === top();
			if (isThere) heldKeys.opened();
			else heldKeys.opens(opening);
		},
		pending,
		heldKeys,
		close: pending.close,
	};
}
