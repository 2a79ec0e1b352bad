/**
 * Runs that take turns: a few at work at once, each only while its window is open; paused, resumed, cancelled, planned again, and
 * left as they are when the daemon goes down. What a run does, and what is kept of it, is the business of whoever owns the queue.
 */
import { AppError } from "../../protocol/errors.ts";
import { isOver, type RunStatus } from "../../protocol/model/run-status.ts";
import type { AddressSet } from "../scope/address-set.ts";
import type { Active, Ending, Outcome, Run, RunOwner } from "./run-owner.ts";
import { conflict, failedInside, outage, waitsForWindow } from "./run-words.ts";
import { WindowWatch } from "./window-watch.ts";

export class RunQueue<R extends Run, Own, How extends Ending> {
	readonly #owner: RunOwner<R, Own, How>;
	readonly #active = new Map<number, Active<Own>>();
	readonly #queue: number[] = [];
	/** Waiting for their windows. */
	readonly #waiting = new Set<number>();
	readonly #windows: WindowWatch;
	/** Whose stop was completed by `recover`; what was found by them is still to be kept. */
	readonly #halfStopped: number[] = [];
	#suspended = false;

	constructor(owner: RunOwner<R, Own, How>) {
		this.#owner = owner;
		const { setTimer } = owner;
		this.#windows = new WindowWatch({ now: () => owner.now(), setTimer, onTime: () => this.#review() });
	}

	/** Takes runs that are stored as queued. */
	enqueue(...ids: readonly number[]): void {
		for (const id of ids) if (!this.#queue.includes(id) && !this.#active.has(id)) this.#queue.push(id);
		this.#pump();
	}

	/**
	 * Takes up what an earlier process left: half-done stops are completed, running and queued ones stand first in the
	 * queue. Call it before anybody can start one, and `begin` when they may go on.
	 */
	recover(unfinished: readonly R[]): void {
		for (const run of unfinished) {
			if (run.status === "pausing" || run.status === "cancelling") {
				const isPaused = run.status === "pausing";
				this.#owner.put(isPaused ? this.#still(run, "paused") : this.#closed(run, "cancelled", run.reason));
				this.#halfStopped.push(run.id);
			} else if (run.status === "waiting") this.#waiting.add(run.id);
			else if (run.status === "queued" || run.status === "running") {
				if (run.status === "running") this.#owner.put(this.#still(run, "queued"));
				this.#queue.push(run.id);
			}
		}
	}

	/** Begins what waits, as far as there is room. */
	begin(): void {
		for (const id of this.#halfStopped.splice(0)) void this.#owner.keep(id);
		this.#review();
	}

	/** As it stands this moment, also while it is at work. Throws `not-found`. */
	current(id: number): R {
		const active = this.#active.get(id);
		return active === undefined ? this.#owner.get(id) : { ...this.#owner.standing(id, active.own), ...saying(active) };
	}

	/** What is kept of a run while it is at work. */
	own(id: number): Own | undefined {
		return this.#active.get(id)?.own;
	}

	/** Number of runs that may be sending. */
	get running(): number {
		return this.#active.size;
	}

	/** Resolves when nothing is sent any more. `reason` is shown with the run. */
	async pause(id: number, reason: string | null = null): Promise<R> {
		const { words } = this.#owner;
		const run = this.#owner.get(id);
		const active = this.#active.get(id);
		if (active !== undefined) return this.#end(id, active, "pause", reason);
		// One is called running or pausing and is at work no more where what became of it could not be written down.
		if (run.status !== "queued" && run.status !== "waiting" && run.status !== "running" && run.status !== "pausing")
			throw conflict(words, run, "pause", `Only queued, waiting and running ${words.many} can be paused.`);
		this.#unqueue(id);
		this.#owner.put({ ...run, status: "paused", reason, ignoreWindow: false, continuesAt: null });
		return this.#owner.keep(id);
	}

	/** `ignoreWindow`: at once, and until it is paused or over. */
	resume(id: number, { ignoreWindow }: { ignoreWindow: boolean } = { ignoreWindow: false }): R {
		const { words } = this.#owner;
		const run = this.#owner.get(id);
		if (run.status === "waiting" && !ignoreWindow) throw waitsForWindow(words, run);
		if (run.status !== "paused" && run.status !== "waiting")
			throw conflict(words, run, "resume", `Only paused ${words.many} can be resumed.`);
		this.#unqueue(id);
		this.#owner.put({ ...run, status: "queued", reason: null, ignoreWindow, continuesAt: null });
		this.enqueue(id);
		return this.current(id);
	}

	async cancel(id: number): Promise<R> {
		const run = this.#owner.get(id);
		const active = this.#active.get(id);
		if (active !== undefined) return this.#end(id, active, "cancel", null);
		if (isOver(run)) throw conflict(this.#owner.words, run, "cancel", "It is already over.");
		this.#unqueue(id);
		this.#owner.put(this.#closed(run, "cancelled", null));
		return this.#owner.keep(id);
	}

	/** Pauses everything; resolves when no packet leaves any more. */
	async stopAll(): Promise<number[]> {
		const ids = [...new Set([...this.#queue, ...this.#active.keys(), ...this.#waiting])].sort((a, b) => a - b);
		const stops = await Promise.allSettled(ids.map((id) => this.pause(id, "Stopped by stop-all.")));
		for (const stop of stops) if (stop.status === "rejected") throw stop.reason;
		return ids;
	}

	/**
	 * What may be sent to these addresses (all: null) has changed. Runs at work that reach into them are halted and go on by
	 * what holds now, so that it holds whatever sends. Resolves with them when nothing leaves by what held before.
	 */
	async replan(addresses: AddressSet | null): Promise<number[]> {
		const reached = [...this.#active].filter(([id, { own }]) => {
			const reach = addresses === null ? null : this.#owner.reachOf(id, own);
			return addresses === null || reach === null || reach.intersect(addresses).size > 0;
		});
		await Promise.all(
			reached.map(([, active]) => {
				active.end ??= "replan";
				active.controller.abort();
				return active.ended;
			}),
		);
		return reached.map(([id]) => id);
	}

	/** For a daemon that is going down: runs at work are left as running, so that the next start carries on. */
	async suspend(): Promise<void> {
		this.#suspended = true;
		this.#windows.close();
		await Promise.all(
			[...this.#active.values()].map((active) => {
				if (active.end === null || active.end === "replan" || active.end === "wait") active.end = "suspend";
				active.controller.abort();
				return active.ended;
			}),
		);
	}

	#pump(): void {
		while (!this.#suspended && this.#active.size < this.#owner.inParallel) {
			const id = this.#queue.shift();
			if (id === undefined) return;
			try {
				this.#goOn(this.#owner.get(id));
			} catch (err) {
				this.#owner.onFault(id, err);
			}
		}
	}

	#goOn(run: R): void {
		if (this.#windows.isOpen(run)) this.#begin(run);
		else this.#wait(run);
	}

	#wait(run: R): void {
		const continuesAt = this.#windows.opensAt(run);
		this.#waiting.add(run.id);
		this.#owner.put({ ...run, status: "waiting", reason: "Its window is closed.", continuesAt });
		this.#followWindows();
	}

	/** Windows may have opened or closed: those that wait go on, those at work halt. */
	#review(): void {
		if (this.#suspended) return;
		for (const id of [...this.#waiting]) {
			try {
				const run = this.#owner.get(id);
				if (!this.#windows.isOpen(run)) continue;
				this.#owner.put({ ...run, status: "queued", reason: null, continuesAt: null });
				this.#waiting.delete(id);
				this.#queue.push(id);
			} catch (err) {
				this.#owner.onFault(id, err);
			}
		}
		for (const [id, active] of this.#active) {
			if (active.end === "pause" || active.end === "cancel") continue;
			const run = this.current(id);
			if (this.#windows.isSpent(run, active.beganAt)) {
				this.#end(id, active, "pause", "It has run as long as it was to; resume it to go on.").catch((err) =>
					this.#owner.onFault(id, err),
				);
			} else if (!this.#windows.isOpen(run)) {
				active.end = "wait";
				active.controller.abort();
			}
		}
		this.#pump();
		this.#followWindows();
	}

	#followWindows(): void {
		if (this.#suspended) return;
		const runs = [...this.#waiting, ...this.#active.keys()].map((id) => this.current(id));
		this.#windows.follow(runs.filter(({ window }) => window != null));
	}

	#begin(run: R): void {
		const owner = this.#owner;
		const controller = new AbortController();
		const beganAt = owner.now();
		const startedAt = run.startedAt ?? new Date(beganAt).toISOString();
		const started = owner.put({ ...run, status: "running", reason: null, startedAt });
		const active: Active<Own> = {
			...{ own: owner.open(started), controller, beganAt },
			...{ ended: Promise.resolve(), end: null, reason: null },
		};
		this.#active.set(run.id, active);
		active.ended = owner
			.carryOut(started, active)
			.catch((err: unknown) => {
				controller.abort();
				owner.onFault(run.id, err);
				return err instanceof AppError ? err : ("fault" as const);
			})
			.then(async (how) => {
				if (!isFinished(how) && !goesOn(active, how)) await owner.conclude?.(run.id, active.own);
				this.#active.delete(run.id);
				try {
					this.#settle(run.id, active, how);
				} finally {
					this.#pump();
				}
			})
			.catch((err: unknown) => owner.onFault(run.id, err));
		if (run.window != null) this.#followWindows();
	}

	/** What becomes of a run that is at work no more. What somebody asked for counts more than a failure on the way there. */
	#settle(id: number, { own, end, reason }: Active<Own>, how: Outcome<How>): void {
		const owner = this.#owner;
		const run = { ...owner.still(owner.standing(id, own)), reason };
		const close = (status: RunStatus, why: string | null, over = run) =>
			owner.put(this.#closed(over, status, why), own);
		if (isFinished(how)) {
			const finished = owner.finished(run, own, how);
			close("finished", finished.reason, finished);
		} else if (end === "cancel") close("cancelled", null);
		else if (end === "suspend") owner.note({ ...run, status: "running" }, own);
		else if (how === "fault") close("error", failedInside);
		else if (how instanceof AppError) {
			const why = outage(owner.words, how);
			if (why === null) close("error", how.message);
			else owner.put({ ...run, status: "paused", reason: reason ?? why }, own);
		} else if (end === "replan" || end === "wait") {
			// The next part of the run takes the books up from here.
			owner.note({ ...run, status: "running" }, own);
			this.#goOn(run);
		} else owner.put({ ...run, status: "paused", ignoreWindow: false }, own);
	}

	/** Sending ends first: nothing that is written or told may hold it up. Cancelling outdoes pausing. */
	async #end(id: number, active: Active<Own>, end: "pause" | "cancel", reason: string | null): Promise<R> {
		if (active.end !== "cancel" || end === "cancel") Object.assign(active, { end, reason });
		active.controller.abort();
		try {
			this.#owner.put(this.current(id));
		} finally {
			await active.ended;
		}
		return this.#owner.get(id);
	}

	#unqueue(id: number): void {
		this.#waiting.delete(id);
		const place = this.#queue.indexOf(id);
		if (place >= 0) this.#queue.splice(place, 1);
	}

	/** The same run, over. */
	#closed(run: R, status: RunStatus, reason: string | null): R {
		const finishedAt = new Date(this.#owner.now()).toISOString();
		return { ...this.#owner.still(run), status, reason, finishedAt };
	}

	#still(run: R, status: RunStatus): R {
		return { ...this.#owner.still(run), status };
	}
}

function isFinished<How extends Ending>(how: Outcome<How>): how is How {
	return how !== "fault" && !(how instanceof AppError) && how.how === "finished";
}

/** By itself: now, when its window opens, or when the daemon runs again. */
function goesOn<How extends Ending>({ end }: Pick<Active<unknown>, "end">, how: Outcome<How>): boolean {
	if (end === "suspend") return true;
	return (end === "replan" || end === "wait") && how !== "fault" && !(how instanceof AppError);
}

/** What a run at work is called: by what it was asked to become. */
function saying({ end, reason }: Pick<Active<unknown>, "end" | "reason">): Pick<Run, "status" | "reason"> {
	if (end === "cancel") return { status: "cancelling", reason };
	return end === "pause" ? { status: "pausing", reason } : { status: "running", reason: null };
}
