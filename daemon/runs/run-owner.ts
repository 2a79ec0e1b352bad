/** What a queue of runs is told of them by whoever owns it: how they are kept, what they do, and what is kept of one that stops. */
import type { AppError } from "../../protocol/errors.ts";
import type { RunStatus } from "../../protocol/model/run-status.ts";
import type { AddressSet } from "../scope/address-set.ts";
import type { RunWords } from "./run-words.ts";
import type { Windowed } from "./window-watch.ts";

/** A scan, or a map. */
export interface Run extends Windowed {
	readonly id: number;
	readonly status: RunStatus;
	readonly reason: string | null;
	readonly continuesAt?: string | null | undefined;
	readonly rate: number;
	readonly finishedAt: string | null;
}

/** Why a run was ended: decides what it becomes. A `replan` gives way to any other, a `wait` to all but that. */
export type EndReason = "pause" | "cancel" | "suspend" | "replan" | "wait";

/** A run at work. `Own` is what its owner keeps of it. */
export interface Active<Own> {
	readonly own: Own;
	readonly controller: AbortController;
	/** On the clock on the wall. Unix milliseconds. */
	readonly beganAt: number;
	/** Never rejects. */
	ended: Promise<void>;
	end: EndReason | null;
	/** Why it was ended, for the run's own reason. */
	reason: string | null;
}

/** How work is over that did not fail. */
export interface Ending {
	readonly how: "finished" | "stopped";
}

/** How the work of a run was over: as it says itself, or by an error, which is one of ours where it is an AppError. */
export type Outcome<How extends Ending> = How | AppError | "fault";

export interface RunOwner<R extends Run, Own, How extends Ending> {
	readonly words: RunWords;
	/** Further ones wait their turn. */
	readonly inParallel: number;
	now(): number;
	/** As in `WindowWatch`. */
	readonly setTimer?: ((ms: number, call: () => void) => () => void) | undefined;
	/** As it is written down. Throws `not-found`. */
	get(id: number): R;
	/** Makes it so for everybody; `own` when its work is over for now. */
	put(run: R, own?: Own): R;
	/** Writes down how far a run is that goes on. Nothing depends on it. */
	note(run: R, own: Own): void;
	/** The same run, by which nothing is sent. */
	still(run: R): R;
	/** What is kept of it while it is at work. */
	open(run: R): Own;
	/** As it stands this moment, at work; status and reason are the queue's. */
	standing(id: number, own: Own): R;
	/** What it may reach; null where that is not known yet. */
	reachOf(id: number, own: Own): AddressSet | null;
	carryOut(run: R, active: Active<Own>): Promise<How>;
	/** A run that has done all it was to do, with what there is to say of that as its reason. */
	finished(run: R, own: Own, how: How): R;
	/** Of one that has not, before it is at work no more and does not go on by itself: what it has found is kept. Must not reject. */
	conclude?(id: number, own: Own): Promise<void>;
	/** Of a run that was stopped while it was not at work; resolves with it as it is then. Must not reject. */
	keep(id: number): Promise<R>;
	onFault(id: number, err: unknown): void;
}
