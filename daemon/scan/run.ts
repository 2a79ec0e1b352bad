/**
 * One scan's life from its first unsettled target to its last: discovery feeds a bounded window of hosts, each of which
 * is port scanned, surveyed and handed to the journal. Stops within a second when told to; what was settled is kept.
 */
import type { Scan, ScanResult } from "../../protocol/model/scan.ts";
import type { PortEngine } from "../packets/engine.ts";
import { AddressSet } from "../scope/address-set.ts";
import { addTally, emptyTally, type HostTally } from "./findings-tally.ts";
import { askedAnyway, hasAnswered, scanHost } from "./host.ts";
import { readHostProgress, remainingPorts, writeHostProgress } from "./host-progress.ts";
import type { HostOutcome, ScanJournal, Target } from "./journal.ts";
import { etaOf, type MeterInput, progressOf, RateMeter, stagesOf } from "./meter.ts";
import type { ScanPlan } from "./plan.ts";
import type { ProbePool } from "./probe-pool.ts";

export interface RunDependencies {
	readonly engine: PortEngine;
	readonly pool: ProbePool;
	readonly journal: ScanJournal;
	readonly now: () => number;
	/** Lines for the live view, as they come. */
	readonly onResults: (results: ScanResult[]) => void;
}

/** Addresses asked "are you there?" in one go. */
const discoveryWindow = 1_024;
/** How often the port progress of a host in work is written down. Milliseconds. */
const checkpointEveryMs = 1_000;

export class ScanRun {
	readonly #scan: Scan;
	readonly #plan: ScanPlan;
	readonly #deps: RunDependencies;
	readonly #signal: AbortSignal;
	readonly #rate = new RateMeter();
	readonly #resumedAt: number;
	readonly #activeBefore: number;
	#counts: MeterInput;
	#dead: number;
	#tally: HostTally = emptyTally();
	#failedHosts = 0;
	/** Aborted when the scan's own time is up: what is in work is concluded, nothing else begun. */
	readonly #expired = new AbortController();
	readonly #excluded: AddressSet;
	/** Targets counted as alive for the work they make that have not answered; and those of them that are done. */
	#unanswered = 0;
	#stayedSilent = 0;

	/** `scan` as stored; `signal` ends the run for any reason. */
	constructor(scan: Scan, plan: ScanPlan, deps: RunDependencies, signal: AbortSignal) {
		this.#scan = scan;
		this.#plan = plan;
		this.#deps = deps;
		this.#signal = signal;
		this.#resumedAt = deps.now();
		this.#activeBefore = scan.activeMs;
		this.#excluded = AddressSet.fromText(plan.guard.deny);
		const stored = deps.journal.countTargets(scan.id);
		this.#dead = stored.dead;
		this.#counts = {
			addresses: Math.max(plan.addresses, stored.pending + stored.alive + stored.dead + stored.done),
			discovered: stored.alive + stored.dead + stored.done,
			alive: stored.alive + stored.done,
			portsEach: plan.ports.length,
			portsSettled: stored.done * plan.ports.length,
			hostsDone: stored.done,
			openSeen: 0,
			surveyed: 0,
		};
		this.#sumFinishedHosts();
	}

	/** Resolves when every target is settled, or soon after the signal; rejects only on a fault of ours. */
	async run(): Promise<"finished" | "stopped"> {
		const queue = new TargetQueue(this.#plan.limits.hostsInParallel * 2);
		const feed = this.#feed(queue).finally(() => queue.end());
		const lanes = Array.from({ length: this.#plan.limits.hostsInParallel }, () => this.#lane(queue));
		const end = () => queue.abort();
		this.#signal.addEventListener("abort", end, { once: true });
		this.#expired.signal.addEventListener("abort", end, { once: true });
		if (this.#signal.aborted) queue.abort();
		const { maxScanMs } = this.#plan;
		const expire = () => this.#expired.abort();
		const timer = maxScanMs == null ? undefined : setTimeout(expire, Math.max(0, maxScanMs - this.#activeBefore));
		try {
			await Promise.all([feed, ...lanes]);
		} catch (err) {
			queue.abort();
			throw err;
		} finally {
			clearTimeout(timer);
			this.#signal.removeEventListener("abort", end);
		}
		return this.#signal.aborted ? "stopped" : "finished";
	}

	/** Why not everything that was asked for was done, in sentences; null when no time ran out. */
	get shortfall(): string | null {
		const { maxScanMs, maxHostMs } = this.#plan;
		const cut = this.#tally.cutHosts ?? 0;
		const sentences: string[] = [];
		if (this.#expired.signal.aborted) {
			sentences.push(`Its time was up after ${minutes(maxScanMs)}; what was found by then is kept.`);
		}
		if (cut > 0) {
			const hosts = cut === 1 ? "1 host" : `${cut} hosts`;
			sentences.push(`${hosts} took longer than ${minutes(maxHostMs)}; what was found on them by then is kept.`);
		}
		return sentences.length === 0 ? null : sentences.join(" ");
	}

	/** The scan as it stands now; status and reason are the caller's. */
	snapshot(): Scan {
		const now = this.#deps.now();
		const activeMs = this.#activeBefore + (now - this.#resumedAt);
		const progress = progressOf(this.#counts);
		return {
			...this.#scan,
			progress,
			stages: stagesOf(this.#counts),
			rate: this.#rate.rate(now),
			etaMs: etaOf(progress, activeMs),
			activeMs,
			partial: this.#failedHosts > 0 || this.#expired.signal.aborted || (this.#tally.cutHosts ?? 0) > 0,
			hosts: {
				total: this.#counts.addresses,
				alive: this.#counts.alive - this.#unanswered,
				dead: this.#dead + this.#stayedSilent,
				done: this.#counts.hostsDone - this.#stayedSilent,
			},
			openPorts: Math.max(this.#tally.openPorts, this.#counts.openSeen),
			services: this.#tally.services,
			findings: this.#tally.findings,
			newFindings: this.#tally.newFindings,
			fixedFindings: this.#tally.fixedFindings,
		};
	}

	#sumFinishedHosts(): void {
		for (let after = -1; ; ) {
			const page = this.#deps.journal.targets(this.#scan.id, ["done"], after, 1_000);
			const last = page.at(-1);
			if (last === undefined) break;
			for (const target of page) {
				const tally = target.checkpoint === null ? null : (JSON.parse(target.checkpoint) as HostTally);
				if (tally !== null) this.#tally = addTally(this.#tally, tally);
			}
			after = last.index;
		}
		this.#bump({ openSeen: this.#tally.openPorts, surveyed: this.#tally.openPorts });
	}

	#bump(change: Partial<Record<keyof MeterInput, number>>): void {
		const counts = { ...this.#counts };
		for (const [name, by] of Object.entries(change) as [keyof MeterInput, number][]) counts[name] += by;
		this.#counts = counts;
	}

	get #ending(): boolean {
		return this.#signal.aborted || this.#expired.signal.aborted;
	}

	/** Puts hosts into the queue: first those already known alive, then each window as it is discovered. */
	async #feed(queue: TargetQueue): Promise<void> {
		for (let after = -1; !this.#ending; ) {
			const page = this.#deps.journal.targets(this.#scan.id, ["alive"], after, discoveryWindow);
			const last = page.at(-1);
			if (last === undefined) break;
			this.#unanswered += page.filter((target) => target.how === askedAnyway).length;
			for (const target of page) await queue.push(target);
			after = last.index;
		}
		for (let after = -1; !this.#ending; ) {
			const page = this.#deps.journal.targets(this.#scan.id, ["pending"], after, discoveryWindow);
			const last = page.at(-1);
			if (last === undefined) {
				if (!this.#feedMore()) break;
				continue;
			}
			await this.#discover(page, queue);
			after = last.index;
		}
	}

	/** False when every address of the scan is among its targets. */
	#feedMore(): boolean {
		const { order } = this.#plan;
		return order !== null && this.#deps.journal.feed(this.#scan.id, order, discoveryWindow) > 0;
	}

	async #discover(targets: readonly Target[], queue: TargetQueue): Promise<void> {
		const { journal, engine, now } = this.#deps;
		const excluded = targets.filter((target) => this.#excluded.has(target.address));
		this.#note(excluded.map(leftOut), "dead");
		const allowed = targets.filter((target) => !this.#excluded.has(target.address));
		const byAddress = new Map(allowed.map((target) => [target.address, target]));
		const { ratePerSecond, inFlight, inFlightPerHost, timeoutMs, retries } = this.#plan.limits;
		const run = engine.run({
			addresses: [...byAddress.keys()],
			ports: this.#plan.discoveryPorts,
			firstAnswerOnly: true,
			limits: { ratePerSecond, inFlight, inFlightPerHost, timeoutMs, retries },
			guard: this.#plan.guard,
			group: this.#plan.group,
		});
		const stop = () => void run.stop();
		this.#signal.addEventListener("abort", stop, { once: true });
		this.#expired.signal.addEventListener("abort", stop, { once: true });
		let sent = 0;
		try {
			for await (const batch of run) {
				this.#rate.add(batch.sent - sent, now());
				sent = batch.sent;
				const found: Target[] = [];
				for (const answer of batch.answers) {
					const target = byAddress.get(answer.address);
					if (target === undefined || (answer.state !== "open" && answer.state !== "closed")) continue;
					byAddress.delete(answer.address);
					const how = `tcp ${answer.port} ${answer.state}`;
					found.push({ ...target, state: "alive", how, rttMs: answer.rttMs });
				}
				this.#note(found, "alive");
				for (const target of found) await queue.push(target);
			}
		} finally {
			this.#signal.removeEventListener("abort", stop);
			this.#expired.signal.removeEventListener("abort", stop);
			await run.stop();
		}
		if (this.#ending) return;
		await this.#silent([...byAddress.values()], queue);
		journal.save(this.snapshot());
	}

	/** Those who said nothing are dead, unless they are to be asked for their ports all the same. */
	async #silent(targets: readonly Target[], queue: TargetQueue): Promise<void> {
		if (this.#plan.scanDeadHosts !== true) {
			this.#note(
				targets.map((target) => ({ ...target, state: "dead" })),
				"dead",
			);
			return;
		}
		const asked = targets.map((target) => ({ ...target, state: "alive" as const, how: askedAnyway }));
		this.#unanswered += asked.length;
		this.#note(asked, "alive");
		for (const target of asked) await queue.push(target);
	}

	#note(targets: readonly Target[], state: "alive" | "dead"): void {
		if (targets.length === 0) return;
		this.#deps.journal.mark(
			this.#scan.id,
			targets.map(({ address, how, rttMs }) => ({ address, state, how, rttMs })),
		);
		this.#bump({ discovered: targets.length, ...(state === "alive" ? { alive: targets.length } : {}) });
		if (state === "dead") this.#dead += targets.length;
		const at = new Date(this.#deps.now()).toISOString();
		if (state === "dead" && targets.length > 16) {
			this.#tell([{ kind: "log", at, level: "info", text: `${targets.length} addresses did not answer` }]);
		} else {
			this.#tell(
				targets.map(({ address, how }) => ({
					kind: "host",
					at,
					address,
					alive: state === "alive" && how !== askedAnyway,
					how: how ?? "no answer",
				})),
			);
		}
	}

	#tell(results: ScanResult[]): void {
		if (results.length === 0) return;
		this.#deps.journal.addResults(this.#scan.id, results);
		this.#deps.onResults(results);
	}

	/** Takes hosts from the queue, one after the other, until there are no more. */
	async #lane(queue: TargetQueue): Promise<void> {
		for (let target = await queue.take(); target !== null; target = await queue.take()) await this.#host(target);
	}

	async #host(target: Target): Promise<void> {
		const { journal, engine, pool, now } = this.#deps;
		if (this.#excluded.has(target.address)) {
			if (target.how === askedAnyway) this.#unanswered--;
			this.#bump({ discovered: -1, alive: -1 });
			this.#note([leftOut(target)], "dead");
			return;
		}
		const progress = readHostProgress(target.checkpoint);
		let settledBefore = progress.settled;
		let writtenAt = now();
		this.#bump({ portsSettled: progress.settled, openSeen: progress.open.size });
		const outcome = await scanHost(
			{
				target,
				progress,
				ports: this.#plan.ports,
				udpPorts: this.#plan.udpPorts,
				fragilePorts: this.#plan.fragilePorts,
				limits: this.#plan.limits,
				guard: this.#plan.guard,
				group: this.#plan.group,
				signal: this.#signal,
				maxMs: this.#plan.maxHostMs ?? null,
				expired: this.#expired.signal,
				now,
			},
			engine,
			pool,
			{
				portsSettled: (settled, sent, opened) => {
					this.#rate.add(sent, now());
					this.#bump({ portsSettled: settled, openSeen: opened });
					if (now() - writtenAt < checkpointEveryMs) return;
					journal.checkpoint(this.#scan.id, target.address, writeHostProgress(progress));
					settledBefore = progress.settled;
					writtenAt = now();
				},
				surveyed: (survey) => {
					this.#bump({ surveyed: survey?.coverage.protocol === "tcp" ? 1 : 0 });
					if (survey?.service != null) this.#tell([serviceLine(target.address, survey, now())]);
				},
			},
		);
		if (outcome === null) {
			if (progress.settled > settledBefore)
				journal.checkpoint(this.#scan.id, target.address, writeHostProgress(progress));
			return;
		}
		if (target.how === askedAnyway) {
			if (!hasAnswered(progress, outcome)) {
				// A scan whose time is up has not asked enough to say that nobody is there.
				if (outcome.cutBy !== "scan") this.#stays(target.address);
				return;
			}
			this.#unanswered--;
		}
		const { tally, results } = journal.finishHost(this.#scan.id, outcome);
		this.#tally = addTally(this.#tally, tally);
		if (outcome.coverage.ports.some((port) => port.failed.length > 0)) this.#failedHosts++;
		this.#bump({ hostsDone: 1 });
		this.#tell(results);
		if (outcome.cutBy !== null) this.#tellCut(outcome, remainingPorts(progress, this.#plan.ports).length);
	}

	/** Asked for all its ports and silent on each: an address, not a host. */
	#stays(address: string): void {
		this.#deps.journal.mark(this.#scan.id, [{ address, state: "dead", how: null, rttMs: null }]);
		this.#stayedSilent++;
		this.#bump({ hostsDone: 1 });
	}

	#tellCut({ address, coverage, cutBy }: HostOutcome, notAsked: number): void {
		const unseen = coverage.ports.filter((port) => port.outcome === "unknown" && port.kinds.length === 0).length;
		const whose = cutBy === "host" ? "its time was up" : "the scan's time was up";
		const text = `${address}: ${whose}; ${notAsked} ports were not asked, ${unseen} open ports not examined.`;
		this.#tell([{ kind: "log", at: new Date(this.#deps.now()).toISOString(), level: "warn", text }]);
	}
}

function leftOut(target: Target): Target {
	return { ...target, state: "dead", how: "excluded" };
}

function minutes(ms: number | null | undefined): string {
	const count = Math.round((ms ?? 0) / 60_000);
	return count === 1 ? "1 minute" : `${count} minutes`;
}

type Survey = Awaited<ReturnType<ProbePool["survey"]>>[number];

function serviceLine(address: string, survey: Survey, at: number): ScanResult {
	const { port, protocol } = survey.coverage;
	return {
		kind: "service",
		at: new Date(at).toISOString(),
		address,
		port,
		protocol,
		name: survey.service?.name ?? null,
		product: survey.service?.product ?? null,
		version: survey.service?.version ?? null,
		tls: survey.service?.tls ?? false,
	};
}

/** A bounded hand-over from discovery to the host lanes. */
class TargetQueue {
	readonly #limit: number;
	readonly #items: Target[] = [];
	#takers: (() => void)[] = [];
	#pushers: (() => void)[] = [];
	#ended = false;

	constructor(limit: number) {
		this.#limit = limit;
	}

	/** Waits while the queue is full; does nothing once it was aborted. */
	async push(target: Target): Promise<void> {
		while (this.#items.length >= this.#limit && !this.#ended)
			await new Promise<void>((resolve) => this.#pushers.push(resolve));
		if (this.#ended) return;
		this.#items.push(target);
		this.#takers.shift()?.();
	}

	/** The next target; null when there will be no more. */
	async take(): Promise<Target | null> {
		for (;;) {
			const target = this.#items.shift();
			if (target !== undefined) {
				this.#pushers.shift()?.();
				return target;
			}
			if (this.#ended) return null;
			await new Promise<void>((resolve) => this.#takers.push(resolve));
		}
	}

	/** No more will come; what is queued is still taken. */
	end(): void {
		this.#ended = true;
		this.#wake();
	}

	/** Nothing more is taken or pushed. */
	abort(): void {
		this.#items.length = 0;
		this.end();
	}

	#wake(): void {
		for (const wake of [...this.#takers.splice(0), ...this.#pushers.splice(0)]) wake();
	}
}
