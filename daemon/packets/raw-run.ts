/**
 * One job of the raw engine on the main thread. When nothing at all was heard over a path that never brought an answer,
 * connects are asked for a second opinion before silence is believed.
 */
import type { PortBatch, PortEngine, PortJob, PortRun } from "./engine.ts";
import type { PortThreadRun } from "./port-thread.ts";

/** What the runs of an engine share about leaving jobs to connects. */
export interface Handover {
	readonly fallback: PortEngine;
	/** Groups of which a job was left to connects: the others follow, so that a group stays one sender. */
	readonly groups: Set<string>;
	/** Until when a second opinion is not asked again, because the last one agreed. */
	agreedUntilMs: number;
	told(reason: string): void;
}

/** Silent pairs that are held back at most; a job with more is believed as it is. */
const mostHeld = 200_000;
const agreedForMs = 60_000;
const groupsKept = 1_000;
/** Pairs of a second opinion: this many hosts, and ports of each. */
const sample = { hosts: 8, ports: 4, timeoutMs: 1_000 };

export class RawRun implements PortRun {
	private readonly job: PortJob;
	private readonly handover: Handover;
	private current: PortRun;
	private readonly raw: PortThreadRun | null;
	private stopped = false;

	constructor(job: PortJob, engine: { run(job: PortJob): PortThreadRun }, handover: Handover) {
		this.job = job;
		this.handover = handover;
		const follows = job.group !== undefined && handover.groups.has(job.group);
		this.raw = follows ? null : engine.run(job);
		this.current = this.raw ?? handover.fallback.run(job);
	}

	async stop(): Promise<void> {
		this.stopped = true;
		await this.current.stop();
	}

	async *[Symbol.asyncIterator](): AsyncGenerator<PortBatch> {
		try {
			if (this.raw === null) yield* this.current;
			else yield* this.readRaw(this.raw);
		} finally {
			await this.stop();
		}
	}

	/** Holds back silence until something was heard; what is heard comes first anyway. */
	private async *readRaw(raw: PortThreadRun): AsyncGenerator<PortBatch> {
		const held: PortBatch[] = [];
		let [heldAnswers, heard] = [0, false];
		try {
			for await (const batch of raw) {
				heldAnswers += batch.answers.length;
				heard ||= raw.note.unheard === false || heldAnswers > mostHeld;
				if (heard) {
					yield* held.splice(0);
					yield batch;
				} else {
					held.push(batch);
					// Those who follow the progress see it; the answers come later, if they are to be believed.
					yield { ...batch, settled: 0, answers: [] };
				}
			}
		} catch (err) {
			// The thread has failed. What has been told already cannot be told again by connects.
			if (heard || this.stopped || raw.note.failed !== undefined) throw err;
			yield* this.leaveToConnects("the thread of raw packets has stopped");
			return;
		}
		const { declined, unheard } = raw.note;
		if (this.stopped) {
			yield* held;
			return;
		}
		const reason = declined ?? (unheard === true && (await this.connectsHearMore()) ? notHeard : null);
		if (reason === null || this.stopped) yield* held;
		else yield* this.leaveToConnects(reason);
	}

	private leaveToConnects(reason: string): PortRun {
		const { groups, fallback, told } = this.handover;
		told(reason);
		if (this.job.group !== undefined) {
			if (groups.size >= groupsKept) groups.clear();
			groups.add(this.job.group);
		}
		this.current = fallback.run(this.job);
		return this.current;
	}

	/** Asks a few pairs by connects. */
	private async connectsHearMore(): Promise<boolean> {
		const { handover, job } = this;
		if (performance.now() < handover.agreedUntilMs) return false;
		const limits = { ...job.limits, timeoutMs: Math.min(job.limits.timeoutMs, sample.timeoutMs), retries: 0 };
		const pick = <T>(list: readonly T[], count: number): T[] =>
			list.length <= count
				? [...list]
				: Array.from({ length: count }, (_, i) => list[Math.floor((i * list.length) / count)] as T);
		const opinion = handover.fallback.run({
			...job,
			addresses: pick(job.addresses, sample.hosts),
			ports: pick(job.ports, sample.ports),
			limits,
		});
		this.current = opinion;
		for await (const { answers } of opinion) {
			if (answers.some(({ state }) => state === "open" || state === "closed")) return true;
		}
		if (!this.stopped) handover.agreedUntilMs = performance.now() + agreedForMs;
		return false;
	}
}

const notHeard = "nothing came back over this path while connects were answered";
