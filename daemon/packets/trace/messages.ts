/** What is said between the daemon's main thread and the thread that traces routes: plain data only. */
import type { AddressGuard } from "../engine.ts";
import type { Route } from "./find-route.ts";
import type { HopLimits } from "./hop-asker.ts";

export interface TraceJob {
	/** Canonical addresses; each group lies together, and is tried until one of it answers. */
	readonly groups: readonly (readonly string[])[];
	/** Trace every address of a group, not only until one has answered. */
	readonly all: boolean;
	/** Checked again before each packet. */
	readonly guard: AddressGuard;
	/** Ports that get no datagram. */
	readonly fragilePorts: readonly number[];
	readonly limits: HopLimits;
}

export interface TracedRoute extends Route {
	readonly address: string;
}

export type FromTracer =
	| { readonly kind: "route"; readonly route: TracedRoute; readonly sent: number }
	/** Nothing leaves any more. */
	| { readonly kind: "done"; readonly sent: number; readonly problem: string | null };
