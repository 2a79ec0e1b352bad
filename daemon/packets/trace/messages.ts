/** What is said between the daemon's main thread and the thread that traces routes: plain data only. */
import type { AddressGuard, PortJob } from "../engine.ts";
import type { LimitClaim, LimitMemory } from "../limit-table.ts";
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
	/** Whose packets these are: its limits hold over them and all else it sends. Absent: only `limits` do. */
	readonly sender?: Pick<PortJob, "limits" | "group">;
}

/** What the thread is started with. */
export interface TracerOptions {
	readonly job: TraceJob;
	readonly pace: { readonly limits: LimitMemory; readonly claim: LimitClaim } | null;
}

export interface TracedRoute extends Route {
	readonly address: string;
}

export type FromTracer =
	| { readonly kind: "route"; readonly route: TracedRoute; readonly sent: number }
	/** Nothing leaves any more. */
	| { readonly kind: "done"; readonly sent: number; readonly problem: string | null };
