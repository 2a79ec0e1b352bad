/**
 * Drives a connector for any number of jobs at once: rates, limits, time-outs, shortages, batches. One `turn` at a time;
 * who calls it decides how to wait in between.
 */
import type { Scope } from "../scope/scope.ts";
import { type Connector, type Outcome, outcome } from "./connector.ts";
import { Deadlines } from "./deadlines.ts";
import type { PortJob } from "./engine.ts";
import { Gate } from "./gate.ts";
import type { LimitClaim } from "./limit-table.ts";
import { LinkWatch } from "./link-watch.ts";
import { LossMeter } from "./loss.ts";
import type { EndNote, FromWorker } from "./messages.ts";
import type { SharedLimits } from "./shared-limits.ts";
import { type Attempt, Sweep } from "./sweep.ts";

const flushEveryMs = 50;
/** How often a job tells what it meets in each network. */
const figuresEveryMs = 250;
/** Answers that make a batch early, so that none is ever large. */
const flushAtAnswers = 16_384;
/** Answers on their way to a reader that has not taken them: beyond this a job waits for its reader. */
const unreadLimit = 262_144;
/** Attempts started in one turn before answers are looked at again, and in a row for one job. */
const startsPerTurn = 256;
const startsPerJob = 32;
const longestWaitMs = 10;
/** Another thread may have taken what was there: above 0, or it would look like something was sent. */
const minWaitMs = 0.01;
/** All that is left of a job waits so long for an interface to come back; then the job fails, and nothing of it is lost. */
export const strandedForMs = 10_000;
/** How often a pair may come back as `again` before it counts as unreachable. */
const maxAgain = 16;

/** Jobs that count as one sender. */
interface Group {
	readonly name: string;
	readonly loss: LossMeter;
	readonly jobs: Job[];
	inFlight: number;
	turnOf: number;
}

interface Job {
	readonly id: number;
	readonly sweep: Sweep;
	readonly group: Group;
	readonly gate: Gate;
	unread: number;
	flushAtMs: number;
	figuresAtMs: number;
	/** Since when all that is left waits for an interface. */
	strandedMs: number | null;
	/** What the reader knows, so that an unchanged job is not reported. */
	told: number;
	again: number;
}

export class ConnectLoop {
	private readonly connector: Connector;
	private readonly report: (message: FromWorker) => void;
	private readonly clock: () => number;
	private readonly limits: SharedLimits;
	private readonly watch: LinkWatch;
	private readonly groups: Group[] = [];
	private readonly jobs = new Map<number, Job>();
	private readonly jobOf = new Map<Sweep, Job>();
	private readonly slots: (Attempt | undefined)[] = [];
	private readonly freeSlots: number[] = [];
	private readonly deadlines: Deadlines<Attempt>;
	private inFlight = 0;
	private turnOf = 0;
	private pausedUntilMs = 0;
	private pauseMs = 0;
	/** Attempts that may be open at once now: the capacity, less after a shortage, growing back with each answer. */
	private ceiling: number;

	constructor(
		connector: Connector,
		report: (message: FromWorker) => void,
		clock: () => number,
		limits: SharedLimits,
		watch = new LinkWatch(),
	) {
		this.watch = watch;
		this.limits = limits;
		this.connector = connector;
		this.report = report;
		this.clock = clock;
		this.deadlines = new Deadlines(clock());
		this.ceiling = connector.capacity;
		for (let slot = connector.capacity - 1; slot >= 0; slot--) this.freeSlots.push(slot);
	}

	get idle(): boolean {
		return this.jobs.size === 0;
	}

	/** How fast it may be is in the claim. */
	start(id: number, job: PortJob, scope: Scope | null, claim: LimitClaim): void {
		const now = this.clock();
		const name = job.group ?? `job ${id}`;
		let group = this.groups.find((one) => one.name === name);
		if (group === undefined) {
			group = { name, loss: new LossMeter(), jobs: [], inFlight: 0, turnOf: 0 };
			this.groups.push(group);
		}
		this.watch.check(now);
		const gate = new Gate(this.limits, claim);
		const sweep = new Sweep(job, scope, gate, group.loss, this.watch);
		const started = {
			...{ id, sweep, group, gate, unread: 0, told: 0, again: 0, strandedMs: null },
			...{ flushAtMs: now + flushEveryMs, figuresAtMs: now + figuresEveryMs },
		};
		group.jobs.push(started);
		this.jobs.set(id, started);
		this.jobOf.set(sweep, started);
	}

	/** Ends a job: every attempt is dropped, what was settled is reported, and the job's end after it. */
	stop(id: number): void {
		const job = this.jobs.get(id);
		if (job === undefined) return;
		for (const attempt of job.sweep.inFlight) this.drop(attempt);
		job.sweep.abandon();
		this.end(job);
	}

	/** The reader has taken this many answers. */
	acknowledge(id: number, answers: number): void {
		const job = this.jobs.get(id);
		if (job !== undefined) job.unread -= answers;
	}

	/**
	 * Hears answers (waiting for the first up to `waitMs`), gives up what is due, sends what may be sent. Returns how long
	 * the next turn may wait.
	 */
	turn(waitMs: number): number {
		if (this.inFlight > 0 || waitMs > 0) this.connector.poll(waitMs, (slot, result) => this.finished(slot, result));
		let now = this.clock();
		if (!this.idle) this.watchLinks(now);
		this.deadlines.expire(now, (attempt) => {
			if (attempt.over || attempt.slot < 0) return;
			this.drop(attempt);
			this.conclude(attempt, outcome.silent, now);
		});
		const wait = this.send(now);
		now = this.clock();
		for (const job of this.jobs.values()) {
			if (job.sweep.done) this.end(job);
			else if (this.isStranded(job, now)) this.end(job, strandedNote(job.sweep.strandedAt));
			else if (now >= job.flushAtMs || job.sweep.waiting >= flushAtAnswers) this.flush(job, now);
		}
		return this.inFlight === 0 && this.idle ? longestWaitMs : Math.min(wait, longestWaitMs);
	}

	/** What is under way over an interface that is gone is taken back: it was asked nothing. */
	private watchLinks(now: number, failed = false): void {
		this.watch.check(now, failed);
		for (const { sweep } of this.jobs.values()) {
			for (const attempt of sweep.linksChanged()) {
				this.drop(attempt);
				sweep.giveBack(attempt);
			}
		}
	}

	private isStranded(job: Job, now: number): boolean {
		if (job.sweep.strandedAt === null) job.strandedMs = null;
		else job.strandedMs ??= now;
		return job.strandedMs !== null && now - job.strandedMs >= strandedForMs;
	}

	/** Starts attempts, jobs in turn. Returns milliseconds until more may be started. */
	private send(now: number): number {
		if (now < this.pausedUntilMs) return this.pausedUntilMs - now;
		let budget = startsPerTurn;
		let wait = longestWaitMs;
		let stuck = 0;
		while (budget > 0 && stuck < this.jobs.size * this.groups.length) {
			const group = this.groups[this.turnOf++ % this.groups.length];
			const job = group?.jobs[group.turnOf++ % group.jobs.length];
			if (job === undefined) break;
			const before = budget;
			for (let i = 0; i < startsPerJob && budget > 0; i++) {
				const pause = this.startOne(job);
				if (pause > 0) {
					wait = Math.min(wait, pause);
					break;
				}
				budget--;
			}
			stuck = budget === before ? stuck + 1 : 0;
			if (this.pausedUntilMs > now) return this.pausedUntilMs - now;
		}
		return budget === 0 ? 0 : wait;
	}

	/** Starts one attempt of the job; else how long to wait, `longestWaitMs` meaning until something is answered. */
	private startOne(job: Job): number {
		const { sweep, group, gate } = job;
		if (job.unread > unreadLimit || group.inFlight >= this.shareOf(job) || this.inFlight >= this.ceiling) {
			return longestWaitMs;
		}
		const now = this.clock();
		if (gate.takeScan(1, now) === 0) return Math.max(minWaitMs, gate.scanWaitMs(now));
		const attempt = sweep.next(now);
		const slot = attempt === null ? undefined : this.freeSlots.pop();
		if (attempt === null || slot === undefined) {
			gate.giveBackScan(1);
			return Math.min(longestWaitMs, sweep.heldMs(now));
		}
		attempt.startedAtMs = now;
		const result = this.connector.start(slot, attempt.host, attempt.port);
		if (result === outcome.shortage || result === outcome.noPort) gate.unasked(attempt.host.pass, now);
		else sweep.leaves(attempt);
		if (result !== outcome.pending) {
			this.freeSlots.push(slot);
			if (result === outcome.unreachable && attempt.host.tally.hasWay) {
				// Refused by this machine itself. Where the way has just gone, nothing was asked: it has been taken back.
				this.watchLinks(now, true);
				if (attempt.over) return 0;
			}
			this.conclude(attempt, result, this.clock());
			return 0;
		}
		attempt.slot = slot;
		attempt.deadlineMs = now + sweep.waitMs(attempt);
		this.slots[slot] = attempt;
		this.inFlight++;
		group.inFlight++;
		this.deadlines.add(attempt, attempt.deadlineMs);
		return 0;
	}

	/** A group alone leaves room for the next one to begin at once; several share alike. */
	private shareOf(job: Job): number {
		const { capacity } = this.connector;
		const share = this.groups.length === 1 ? capacity * 0.75 : capacity / this.groups.length;
		return Math.max(1, Math.min(job.sweep.job.limits.inFlight, Math.floor(share)));
	}

	private finished(slot: number, result: Outcome): void {
		const attempt = this.slots[slot];
		if (attempt === undefined) return;
		this.free(attempt);
		this.conclude(attempt, result, this.clock());
	}

	private conclude(attempt: Attempt, result: Outcome, now: number): void {
		const { sweep } = attempt;
		if (result === outcome.shortage || (result === outcome.noPort && sweep.mayComeBack(attempt))) {
			sweep.lacked(result === outcome.shortage ? "descriptors" : "local ports");
			this.yieldResources(now);
			sweep.giveBack(attempt);
			return;
		}
		const job = this.jobOf.get(sweep);
		if (result === outcome.again && job !== undefined && job.again++ < maxAgain) {
			sweep.giveBack(attempt);
			return;
		}
		if (job !== undefined && result !== outcome.again) job.again = 0;
		this.pauseMs = 0;
		this.ceiling = Math.min(this.connector.capacity, this.ceiling + 1 / 16);
		for (const pointless of sweep.settle(attempt, result, now)) this.drop(pointless);
	}

	/** The machine is short of something: half as much at once, after a pause. Failures of one moment count once. */
	private yieldResources(now: number): void {
		if (now < this.pausedUntilMs) return;
		this.pauseMs = Math.min(100, Math.max(5, this.pauseMs * 2));
		this.pausedUntilMs = now + this.pauseMs;
		this.ceiling = Math.max(1, this.inFlight / 2);
	}

	private drop(attempt: Attempt): void {
		if (attempt.slot < 0) return;
		this.connector.cancel(attempt.slot);
		this.free(attempt);
	}

	private free(attempt: Attempt): void {
		this.slots[attempt.slot] = undefined;
		this.freeSlots.push(attempt.slot);
		attempt.slot = -1;
		this.inFlight--;
		const job = this.jobOf.get(attempt.sweep);
		if (job !== undefined) job.group.inFlight--;
	}

	private end(job: Job, note: EndNote = {}): void {
		const { group } = job;
		this.jobs.delete(job.id);
		this.jobOf.delete(job.sweep);
		group.jobs.splice(group.jobs.indexOf(job), 1);
		if (group.jobs.length === 0) this.groups.splice(this.groups.indexOf(group), 1);
		this.flush(job, this.clock());
		this.report({ kind: "end", run: job.id, ...note });
	}

	private flush(job: Job, now: number): void {
		const { sweep } = job;
		job.flushAtMs = now + flushEveryMs;
		const told = sweep.settled + sweep.sent;
		const due = now >= job.figuresAtMs || sweep.done;
		const networks = due ? sweep.drainNetworks() : [];
		const slowedBy = due ? sweep.drainSlowdowns() : [];
		if (now >= job.figuresAtMs) job.figuresAtMs = now + figuresEveryMs;
		if (networks.length + slowedBy.length === 0 && told === job.told && sweep.waiting === 0) return;
		job.told = told;
		job.unread += sweep.waiting;
		const { settled, sent, refused } = sweep;
		this.report({ kind: "batch", run: job.id, settled, sent, refused, networks, slowedBy, ...sweep.drain() });
	}
}

/** What is said of a job that cannot go on. */
export function strandedNote(at: { network: string; link: string } | null): EndNote {
	const { network = "A network", link = "its interface" } = at ?? {};
	return {
		failed: {
			message: `${network} cannot be reached any more: ${link} is down, gone or without a route.`,
			hint: "Bring it up again, then resume.",
		},
	};
}
