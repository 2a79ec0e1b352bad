/**
 * Sends the probes of any number of jobs and hears their answers, on its own thread. One `turn` at a time: hear, give up,
 * send, report. The guard of a job is asked for every packet.
 */
import { constants } from "node:os";
import type { Scope } from "../../scope/scope.ts";
import { strandedForMs, strandedNote } from "../connect-loop.ts";
import type { PortJob } from "../engine.ts";
import { Gate } from "../gate.ts";
import { type Libc, linux, type NativeMemory } from "../libc.ts";
import type { LimitClaim } from "../limit-table.ts";
import { LinkWatch } from "../link-watch.ts";
import type { EndNote, FromWorker } from "../messages.ts";
import { Pacer, RateController } from "../raw-rate.ts";
import type { SharedLimits } from "../shared-limits.ts";
import { type Answer, newAnswer, readAnswer4, readAnswer6 } from "./answer.ts";
import { Departures } from "./departures.ts";
import { filter4, filter6 } from "./packet-filter.ts";
import { ProbeProof } from "./probe-proof.ts";
import { ProbeSender } from "./probe-sender.ts";
import { type AddressValue, Network } from "./raw-host.ts";
import { RawSweep } from "./raw-sweep.ts";
import { ReceiveRing } from "./receive-ring.ts";

const { errno } = constants;
const flushEveryMs = 50;
/** How often a job tells what it meets in each network. */
const figuresEveryMs = 250;
const flushAtAnswers = 16_384;
/** Results on their way to a reader that has not taken them: beyond this a job waits for its reader. */
const unreadLimit = 262_144;
const packetsPerTurn = 256;
const answersPerTurn = 4_096;
/** Probes in a row for one job. */
const packetsPerJob = 32;
const longestWaitMs = 10;
/** Networks whose round trips are remembered. */
const mostNetworks = 65_536;
/** Jobs that can be told apart by the source port: 8 bits of it, above the 4 of the try. */
export const mostJobs = 256;
const ring4Blocks = 8;
const ring6Blocks = 2;

interface Group {
	readonly name: string;
	readonly pacer: Pacer;
	readonly controller: RateController;
	/** For the rate of the group; what limits hosts is in the jobs' own. */
	readonly gate: Gate;
	readonly jobs: RawJob[];
	readonly load: { inFlight: number; lateMs: number };
	turnOf: number;
}

interface RawJob {
	readonly id: number;
	readonly tag: number;
	readonly sweep: RawSweep;
	readonly group: Group;
	unread: number;
	flushAtMs: number;
	figuresAtMs: number;
	/** Since when all that is left waits for an interface. */
	strandedMs: number | null;
	told: number;
}

export class RawLoop {
	private readonly libc: Libc;
	private readonly report: (message: FromWorker) => void;
	private readonly clock: () => number;
	private readonly limits: SharedLimits;
	private readonly watch = new LinkWatch();
	private readonly portBlock: number;
	private readonly proof = new ProbeProof();
	private readonly sender: ProbeSender;
	private readonly rings: readonly ReceiveRing[];
	private readonly pollEntries: NativeMemory;
	private readonly answer: Answer = newAnswer();
	private readonly pause = new Int32Array(new SharedArrayBuffer(4));
	private readonly groups: Group[] = [];
	private readonly jobs = new Map<number, RawJob>();
	private readonly byTag: (RawJob | undefined)[] = [];
	private readonly networks = new Map<number, Network>();
	private readonly heardPaths = new Set<string>();
	private now: number;
	private nextTag = 0;
	private turnOf = 0;
	private pausedUntilMs = 0;
	private heardAtMs = 0;
	private readonly departures = new Departures();

	/** Throws `RawSocketError` where raw sockets cannot be had. `portBlock` is the first of the 4,096 source ports. */
	constructor(
		libc: Libc,
		portBlock: number,
		report: (message: FromWorker) => void,
		clock: () => number,
		limits: SharedLimits,
	) {
		this.limits = limits;
		this.libc = libc;
		this.portBlock = portBlock;
		this.report = report;
		this.clock = clock;
		this.now = clock();
		this.sender = new ProbeSender(libc);
		this.rings = [
			new ReceiveRing(libc, 0x0800, filter4(portBlock), ring4Blocks),
			...(this.sender.hasIp6 ? [new ReceiveRing(libc, 0x86dd, filter6(portBlock), ring6Blocks)] : []),
		];
		const fds = [...this.rings.map(({ fd }) => fd), this.sender.neighbours.fd];
		// struct pollfd { int fd; short events; short revents; }
		this.pollEntries = libc.allocate(fds.length * 8);
		fds.forEach((fd, i) => {
			this.pollEntries.view.setInt32(i * 8, fd, true);
			this.pollEntries.view.setInt16(i * 8 + 4, linux.POLLIN, true);
		});
	}

	get idle(): boolean {
		return this.jobs.size === 0;
	}
	get hasRoom(): boolean {
		return this.jobs.size < mostJobs;
	}
	get hasIp6(): boolean {
		return this.sender.hasIp6;
	}

	/** The ceiling of a group's rate is that of the job which began it. Only while `hasRoom`. */
	start(id: number, job: PortJob, scope: Scope | null, claim: LimitClaim): void {
		this.now = this.clock();
		this.watch.check(this.now);
		const gate = new Gate(this.limits, claim);
		const group = this.groupOf(job.group ?? `job ${id}`, job, gate);
		const sweep = new RawSweep(job, scope, {
			controller: group.controller,
			gate,
			watch: this.watch,
			load: group.load,
			networkOf: (address) => this.networkOf(address),
			findPath: (address, found) => this.sender.findPath(address, this.now, found),
		});
		while (this.byTag[this.nextTag] !== undefined) this.nextTag = (this.nextTag + 1) % mostJobs;
		const started = {
			...{ id, tag: this.nextTag, sweep, group },
			...{ unread: 0, flushAtMs: this.now + flushEveryMs, figuresAtMs: this.now + figuresEveryMs },
			...{ told: 0, strandedMs: null },
		};
		// The next job gets another one, so that late answers to this one find nobody.
		this.nextTag = (this.nextTag + 1) % mostJobs;
		group.jobs.push(started);
		this.jobs.set(id, started);
		this.byTag[started.tag] = started;
	}

	/** Ends a job: what is not sent yet never will be; what was settled is reported, and the job's end after it. */
	stop(id: number): void {
		const job = this.jobs.get(id);
		if (job === undefined) return;
		for (const batch of this.sender.batches) batch.drop((host) => host?.sweep === job.sweep);
		job.sweep.abandon();
		this.end(job);
	}

	/** The reader has taken this many results. */
	acknowledge(id: number, results: number): void {
		const job = this.jobs.get(id);
		if (job !== undefined) job.unread -= results;
	}

	/** How many of the entries to poll: what the kernel asks neighbours for itself is answered to us as well, and not read. */
	private get polled(): number {
		return this.rings.length + (this.sender.neighbours.busy ? 1 : 0);
	}

	/** Returns how many milliseconds the next turn may wait. */
	turn(waitMs: number): number {
		// A short wait is for the pace: answers that come meanwhile are heard together.
		if (waitMs > 1) this.libc.poll(this.pollEntries.pointer, this.polled, Math.ceil(waitMs));
		else if (waitMs > 0) Atomics.wait(this.pause, 0, 0, waitMs);
		this.now = this.clock();
		for (const { load } of this.groups) load.lateMs = this.now - this.heardAtMs;
		this.heardAtMs = this.now;
		const heard = this.hear();
		if (!this.idle) this.watchLinks();
		for (const { sweep } of this.jobs.values()) sweep.expire(this.now);
		for (const { controller } of this.groups) controller.update(this.now);
		const wait = this.send();
		this.now = this.clock();
		for (const job of this.jobs.values()) {
			if (job.sweep.done) this.end(job);
			else if (this.isStranded(job)) this.end(job, strandedNote(job.sweep.strandedAt));
			else if (this.now >= job.flushAtMs || job.sweep.results.length >= flushAtAnswers) this.flush(job);
		}
		return heard >= answersPerTurn ? 0 : Math.min(wait, longestWaitMs);
	}

	close(): void {
		this.sender.close();
		for (const ring of this.rings) ring.close();
	}

	private watchLinks(failed = false): void {
		this.watch.check(this.now, failed);
		for (const { sweep } of this.jobs.values()) sweep.linksChanged(this.now);
	}

	private isStranded(job: RawJob): boolean {
		if (job.sweep.strandedAt === null) job.strandedMs = null;
		else job.strandedMs ??= this.now;
		return job.strandedMs !== null && this.now - job.strandedMs >= strandedForMs;
	}

	private groupOf(name: string, job: PortJob, gate: Gate): Group {
		const known = this.groups.find((one) => one.name === name);
		if (known !== undefined) return known;
		const controller = new RateController({ ceiling: job.limits.ratePerSecond }, this.now);
		const group = {
			name,
			pacer: new Pacer(this.now),
			controller,
			gate,
			jobs: [],
			load: { inFlight: 0, lateMs: 0 },
			turnOf: 0,
		};
		this.groups.push(group);
		return group;
	}

	private networkOf(address: AddressValue): Network {
		const key =
			typeof address === "number" ? address >>> 8 : (address[0] ?? 0) * 0x1_0000_0000 + (address[1] ?? 0) + 0.5;
		let network = this.networks.get(key);
		if (network === undefined) {
			if (this.networks.size >= mostNetworks) this.networks.clear();
			network = new Network();
			this.networks.set(key, network);
		}
		return network;
	}

	private hear(): number {
		const [ring4, ring6] = this.rings;
		let count = ring4?.drain(answersPerTurn, (view, at, length) => {
			if (readAnswer4(view, at, length, this.answer)) this.answered();
		});
		count =
			(count ?? 0) +
			(ring6?.drain(answersPerTurn, (view, at, length) => {
				if (readAnswer6(view, at, length, this.answer)) this.answered();
			}) ?? 0);
		return count;
	}

	/** Only what carries our hash is an answer. */
	private answered(): void {
		const { answer } = this;
		// After it was read: a thread that is kept waiting in between must not make the way seem short.
		this.now = this.clock();
		const inBlock = answer.localPort - this.portBlock;
		const job = this.byTag[inBlock >>> 4];
		if (inBlock < 0 || job === undefined) return;
		const host = job.sweep.hostAt(answer);
		if (host === undefined) return;
		const proof = this.proof.of(host.address, answer.localPort, answer.port);
		if (proof === answer.proof || proof === answer.laxProof) job.sweep.answered(host, answer, inBlock & 15, this.now);
	}

	/** Sends what may be sent. Returns milliseconds until more may be. */
	private send(): number {
		if (this.now < this.pausedUntilMs) return this.pausedUntilMs - this.now;
		if (!this.dispatch()) return this.pausedUntilMs - this.now;
		let budget = packetsPerTurn;
		let wait = longestWaitMs;
		const { neighbours } = this.sender;
		for (let i = 0; i < this.groups.length && budget > 0; i++) {
			const group = this.groups[this.turnOf++ % this.groups.length];
			if (group === undefined) break;
			const { rate, ceiling } = group.controller;
			const wanted = Math.min(budget, group.pacer.allowance(rate, this.now, ceiling));
			// What all threads of the scan may send together.
			const taken = group.gate.takeScan(wanted, this.now);
			if (taken < wanted) wait = Math.min(wait, group.gate.scanWaitMs(this.now));
			let allowed = taken;
			// Questions for hardware addresses count as packets of the group whose turn it is.
			const asked = allowed > 0 ? neighbours.turn(this.now, allowed) : 0;
			allowed -= asked;
			const added = this.fill(group, allowed);
			group.pacer.take(added + asked);
			if (taken > added + asked) group.gate.giveBackScan(taken - added - asked);
			group.controller.onSent(added);
			budget -= added + asked;
			if (added === allowed) wait = Math.min(wait, group.pacer.waitMs(rate));
			else for (const { sweep } of group.jobs) wait = Math.min(wait, sweep.parkedMs(this.now));
		}
		if (!this.dispatch()) return this.pausedUntilMs - this.now;
		if (neighbours.busy) wait = Math.min(wait, 5);
		return wait;
	}

	/** Adds up to `allowed` probes, jobs in turn. */
	private fill(group: Group, allowed: number): number {
		let added = 0;
		let stuck = 0;
		while (added < allowed && stuck < group.jobs.length) {
			const job = group.jobs[group.turnOf++ % group.jobs.length];
			if (job === undefined) break;
			const before = added;
			const most = Math.min(allowed, added + packetsPerJob);
			while (added < most && this.addOne(job)) added++;
			stuck = added === before ? stuck + 1 : 0;
		}
		return added;
	}

	private addOne(job: RawJob): boolean {
		const { sweep, group } = job;
		const { sender } = this;
		if (job.unread > unreadLimit || group.load.inFlight >= sweep.job.limits.inFlight || sender.isFull) return false;
		const host = sweep.take(this.now);
		if (host === null || host.path === null) return false;
		if (typeof host.address === "number" && !sweep.mayLeave(host.address)) {
			sweep.unsent(host, this.now);
			sweep.unreachable(host);
			return true;
		}
		const fromPort = this.portBlock + (job.tag << 4) + (sweep.repeats & 15);
		const sequence = this.proof.of(host.address, fromPort, sweep.port);
		sender.add(host, host.path, fromPort, sweep.port, sequence);
		sweep.sending(host, this.now);
		this.departures.letThrough(group.gate, sweep.gate, host.limits, this.now);
		return true;
	}

	/** Hands the batches to the kernel. False when it has no room: then nothing is added for a while. */
	private dispatch(): boolean {
		for (const batch of this.sender.batches) {
			for (let result = batch.send(); result !== "done"; result = batch.send()) {
				if (result === "full") {
					this.pausedUntilMs = this.clock() + 1;
					batch.nextOwner?.sweep.lacked("buffers");
					return false;
				}
				const host = batch.nextOwner;
				batch.skip();
				if (host?.tally.hasWay === true && result !== errno.EPERM) this.watchLinks(true);
				if (host?.tally.isCut === true) continue;
				// The machine's own packet filter forbids it: to us the same as a filter further on.
				if (host !== undefined && result !== errno.EPERM) host.sweep.unreachable(host);
			}
		}
		this.departures.left(this.clock);
		return true;
	}

	private end(job: RawJob, note: EndNote = {}): void {
		const { group, sweep } = job;
		this.jobs.delete(job.id);
		this.byTag[job.tag] = undefined;
		group.jobs.splice(group.jobs.indexOf(job), 1);
		if (group.jobs.length === 0) this.groups.splice(this.groups.indexOf(group), 1);
		this.flush(job);
		this.report({ kind: "end", run: job.id, unheard: sweep.paths.size > 0 && !this.isHeard(sweep), ...note });
	}

	/** Something once came back over one of its ways at least. */
	private isHeard(sweep: RawSweep): boolean {
		for (const path of sweep.paths) if (this.heardPaths.has(path)) return true;
		return false;
	}

	private flush(job: RawJob): void {
		const { sweep } = job;
		job.flushAtMs = this.now + flushEveryMs;
		for (const path of sweep.heard) this.heardPaths.add(path);
		const told = sweep.settled + sweep.sent;
		const due = this.now >= job.figuresAtMs || sweep.done;
		const networks = due ? sweep.drainNetworks() : [];
		const slowedBy = due ? sweep.drainSlowdowns() : [];
		if (this.now >= job.figuresAtMs) job.figuresAtMs = this.now + figuresEveryMs;
		if (told === job.told && sweep.results.length === 0 && networks.length + slowedBy.length === 0) return;
		job.told = told;
		job.unread += sweep.results.length;
		const { settled, sent, refused } = sweep;
		const unheard = !this.isHeard(sweep);
		this.report({
			kind: "batch",
			run: job.id,
			settled,
			sent,
			refused,
			unheard,
			networks,
			slowedBy,
			...sweep.results.drain(),
		});
	}
}
