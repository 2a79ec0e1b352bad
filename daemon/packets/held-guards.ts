/** The guards a sending thread was told of, by their numbers: what each of its jobs may reach. */
import { AddressSet } from "../scope/address-set.ts";
import { Scope } from "../scope/scope.ts";
import type { ToSender } from "./messages.ts";

export class HeldGuards {
	readonly #scopes = new Map<number, Scope>();

	take(message: Extract<ToSender<unknown>, { kind: "guard" | "forget" }>): void {
		if (message.kind === "guard") this.#scopes.set(message.guard, Scope.fromGuard(message.ranges));
		else this.#scopes.delete(message.guard);
	}

	/** Null for a job that names none. A guard that is not there lets nothing through. */
	scopeOf(guard: number | null): Scope | null {
		return guard === null ? null : (this.#scopes.get(guard) ?? new Scope(AddressSet.empty));
	}
}
