/**
 * One scan's life from its first unsettled target to its last: discovery feeds a bounded window of hosts, each of which
 * is port scanned, surveyed and handed to the journal. Stops within a second when told to; what was settled is kept.
 */
import type { Scan, ScanResult } from "../../protocol/model/scan.ts";
import type { ScanCoverage } from "../../protocol/model/scan-coverage.ts";
import type { GhostSighting } from "../evidence/ghost-sighting.ts";
import type { DatagramEngine } from "../packets/datagrams/job.ts";
import type { PortEngine } from "../packets/engine.ts";
import { Conclusions } from "./conclusions.ts";
import { Feed } from "./feed.ts";
import { GhostLookout } from "./ghost-lookout.ts";
import { type HostLogin, scanHost } from "./host.ts";
import { pairCounts, readHostProgress, settledPorts, writeHostProgress } from "./host-progress.ts";
import type { HostOutcome, ScanJournal, Target } from "./journal.ts";
import { Ledger } from "./ledger.ts";
import { keepLeftHosts } from "./left-hosts.ts";
import { serviceLine } from "./live-lines.ts";
import type { LoginTurns } from "./login-turns.ts";
import type { ScanPlan } from "./plan.ts";
import type { ProbePool } from "./probe-pool.ts";
import { Standing } from "./standing.ts";
import { TargetQueue } from "./target-queue.ts";

export interface RunDependencies {
	readonly engine: PortEngine;
	/** Absent: hosts are found by TCP alone, and of UDP only what the survey itself asks is known. */
	readonly datagrams?: DatagramEngine;
	readonly pool: ProbePool;
	/** Absent: nobody logs in. */
	readonly logins?: HostLogin;
	/** Host names of an address from the DNS, where its asset is tracked by them. Never rejects. */
	readonly reverseNames?: (scan: number, address: string) => Promise<readonly string[]>;
	/** Its asset is tracked by its NetBIOS name. */
	readonly isNetbios?: (scan: number, address: string) => boolean;
	/** The limits that hold for them too. */
	readonly loginTurns?: LoginTurns;
	readonly journal: ScanJournal;
	readonly now: () => number;
	/** For how long things take, whatever becomes of the clock on the wall. Whole milliseconds, monotonic. Absent: `now`. */
	readonly steady?: () => number;
	/** Lines for the live view, as they come. */
	readonly onResults: (results: ScanResult[]) => void;
}

/** How often the port progress of a host in work is written down. Milliseconds. */
const checkpointEveryMs = 1_000;

export class ScanRun {
	readonly #scan: Scan;
	readonly #plan: ScanPlan;
	readonly #deps: RunDependencies;
	/** Ends everything this run has under way when one part of it fails. */
	readonly #failed = new AbortController();
	readonly #signal: AbortSignal;
	/** Aborted when the scan's own time is up: what is in work is concluded, nothing else begun. */
	readonly #expired = new AbortController();
	readonly #ending: AbortSignal;
	readonly #standing: Standing;
	readonly #ledger: Ledger;
	readonly #queue: TargetQueue;
	/** Null when this scan judges nothing to be a ghost. */
	readonly #ghosts: GhostLookout | null;
	readonly #feed: Feed;
	readonly #conclusions: Conclusions;
	/** What was known of hosts in the middle of their work when the run was stopped. */
	readonly #left = new Map<string, HostOutcome>();

	/** `scan` as stored; `signal` ends the run for any reason. */
	constructor(scan: Scan, plan: ScanPlan, deps: RunDependencies, signal: AbortSignal) {
		this.#scan = scan;
		this.#plan = plan;
		this.#deps = deps;
		this.#signal = AbortSignal.any([signal, this.#failed.signal]);
		this.#ending = AbortSignal.any([this.#signal, this.#expired.signal]);
		this.#standing = new Standing(scan, plan, deps.journal, deps.steady ?? deps.now);
		this.#ledger = new Ledger(scan.id, plan, deps.journal);
		this.#queue = new TargetQueue(plan.limits.hostsInParallel * 2);
		const { journal, now, onResults } = deps;
		const shared = {
			...{ plan, journal, now, standing: this.#standing, ledger: this.#ledger },
			tell: (results: ScanResult[]) => this.#tell(results),
		};
		this.#conclusions = new Conclusions({ ...shared, scan, onResults });
		this.#ghosts =
			plan.ghostRules === undefined
				? null
				: new GhostLookout(scan, plan, {
						...deps,
						line: this.#queue,
						onSent: (attempts) => {
							this.#standing.sent(attempts);
							this.#ledger.sent("discovery", attempts, 0);
						},
						onHeld: ({ target, outcome, progress }, sighting) => {
							if (sighting === null) this.#conclusions.host(target, outcome, progress);
							else this.#conclusions.ghost(target, sighting, progress, outcome);
						},
					});
		this.#feed = new Feed({
			...{ ...shared, scan: scan.id, engines: { ports: deps.engine, datagrams: deps.datagrams } },
			...{ line: this.#queue, ghosts: this.#ghosts, ending: this.#ending, snapshot: () => this.snapshot() },
		});
	}

	/**
	 * Resolves when every target is settled, or soon after the signal. Rejects when something of ours fails (the store,
	 * the engine), and only once nothing of this run is under way any more.
	 */
	async run(): Promise<"finished" | "stopped"> {
		const queue = this.#queue;
		this.#ending.addEventListener("abort", () => queue.abort(), { once: true });
		if (this.#ending.aborted) queue.abort();
		const { maxScanMs } = this.#plan;
		const expire = () => this.#expired.abort();
		const timer = maxScanMs == null ? undefined : setTimeout(expire, Math.max(0, maxScanMs - this.#scan.activeMs));
		const parts = [
			this.#feed.run().finally(() => queue.end()),
			...Array.from({ length: this.#plan.limits.hostsInParallel }, () => this.#lane(queue)),
		];
		try {
			await Promise.all(parts);
		} catch (err) {
			this.#failed.abort();
			await Promise.allSettled(parts);
			throw err;
		} finally {
			clearTimeout(timer);
		}
		if (this.#signal.aborted) return "stopped";
		this.#endGhosts();
		return "finished";
	}

	/**
	 * For a run that was stopped and is not gone on with soon: what was found of the hosts in work becomes evidence, with
	 * coverage that claims no more. Counts into the snapshot and the statement.
	 */
	async keepLeft(): Promise<void> {
		const { journal, now, onResults } = this.#deps;
		const ghosts = this.#ghosts;
		for (const { target, outcome } of ghosts?.surrender() ?? [])
			this.#left.set(target.address, { ...outcome, cutBy: "stop" });
		const mayBeGhost = (address: string) => ghosts?.mayBeGhost(address) === true;
		await keepLeftHosts(
			this.#scan.id,
			{ journal, now, outcomes: this.#left, mayBeGhost },
			({ outcome, tally, results }) => {
				this.#standing.left(tally);
				this.#ledger.left(outcome.address, outcome.counts);
				if (results.length > 0) onResults([...results]);
			},
		);
	}

	/** Why not everything that was asked for was done, in sentences; null when no time ran out. */
	get shortfall(): string | null {
		const { maxScanMs, maxHostMs } = this.#plan;
		const cut = this.#standing.cutHosts;
		const sentences: string[] = [];
		if (this.#expired.signal.aborted) {
			sentences.push(`Its time was up after ${minutes(maxScanMs)}; what was found by then is kept.`);
		}
		if (cut > 0) {
			const hosts = cut === 1 ? "1 host" : `${cut} hosts`;
			sentences.push(`${hosts} took longer than ${minutes(maxHostMs)}; what was found on them by then is kept.`);
		}
		const { withoutRoute, networksWithoutRoute } = this.#ledger;
		if (withoutRoute > 0) {
			const which = withoutRoute === 1 ? "1 address" : `${withoutRoute.toLocaleString("en-US")} addresses`;
			const where = networksWithoutRoute.length === 0 ? "" : ` (${networksWithoutRoute.join(", ")})`;
			sentences.push(`No route leads from this machine to ${which}${where}: nothing was sent there. See: ip route`);
		}
		return sentences.length === 0 ? null : sentences.join(" ");
	}

	/** The scan as it stands now; status and reason are the caller's. */
	snapshot(): Scan {
		return this.#standing.snapshot(this.#expired.signal.aborted);
	}

	/**
	 * What was asked and what came of it by now; `status` is what the scan is called, `standsForMs` how long it will be the
	 * last word on it while packets leave.
	 */
	coverage(status: Scan["status"], standsForMs = 0): ScanCoverage {
		const { journal, engine, now } = this.#deps;
		this.#ledger.uses(engine);
		const ahead = Math.ceil((this.#plan.limits.ratePerSecond * standsForMs) / 1_000);
		return this.#ledger.statement(status, journal.countTargets(this.#scan.id), now(), ahead);
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
		if (this.#feed.takesBack(target)) return;
		const standing = this.#standing;
		const { journal, engine, datagrams, pool, logins, loginTurns, reverseNames, isNetbios, now } = this.#deps;
		const progress = readHostProgress(target.checkpoint);
		const look = (await this.#ghosts?.look(target, this.#ending)) ?? (this.#ghosts === null ? "host" : null);
		if (look === null || look === "waits") return;
		if (look !== "host") return this.#conclusions.ghost(target, look, null, null);
		let written = settledPorts(progress);
		let writtenAt = standing.elapsed();
		let decoy: GhostSighting | null = null;
		const write = () => {
			journal.checkpoint(this.#scan.id, target.address, writeHostProgress(progress));
			written = settledPorts(progress);
			writtenAt = standing.elapsed();
		};
		const writeSometimes = () => {
			if (standing.elapsed() - writtenAt >= checkpointEveryMs && settledPorts(progress) > written) write();
		};
		standing.settled(progress.settled, progress.open.size, true);
		this.#ledger.begin(target.address, () => pairCounts(progress));
		const { maxHostMs = null } = this.#plan;
		const limits = { maxMs: maxHostMs, expired: this.#expired.signal, signal: this.#signal, logins, loginTurns };
		const names = reverseNames && ((address: string) => reverseNames(this.#scan.id, address));
		const outcome = await scanHost(
			{
				...{ ...this.#plan, ...limits, target, progress, now, datagrams, reverseNames: names },
				isNetbios: isNetbios?.(this.#scan.id, target.address) === true,
			},
			engine,
			pool,
			{
				udpSent: (sent, settled, networks) => {
					standing.sent(sent);
					this.#ledger.sent("ports", sent, settled, networks);
					writeSometimes();
				},
				udpSparing: () => this.#ledger.sparing(target.address),
				portsSettled: (settled, sent, opened, networks) => {
					standing.sent(sent);
					this.#ledger.sent("ports", sent, settled, networks);
					standing.settled(settled, opened);
					writeSometimes();
				},
				surveyed: (survey) => {
					standing.surveyed(survey?.coverage.protocol === "tcp" ? 1 : 0);
					if (survey?.service != null) this.#tell([serviceLine(target.address, survey, now())]);
				},
				loggingIn: (state) => standing.loggingIn(state),
				portsDone: async () => {
					decoy = (await this.#ghosts?.tooOpen(target, progress, this.#ending)) ?? null;
					return decoy !== null;
				},
			},
		);
		// Written down before it is held: after a stop its ports need not be asked again.
		if (decoy === null && settledPorts(progress) > written) write();
		if (outcome?.cutBy === "stop") {
			// Its network stays undecided.
			this.#left.set(target.address, outcome);
			return;
		}
		if (outcome === null) {
			this.#ghosts?.left(target);
			if (decoy !== null) this.#conclusions.ghost(target, decoy, progress, null);
			return;
		}
		const judged = this.#ghosts?.judge(target, progress, outcome) ?? "host";
		if (judged === "host") this.#conclusions.host(target, outcome, progress);
		else if (judged !== "held") this.#conclusions.ghost(target, judged, progress, outcome);
	}

	/** Hosts still held when the scan's time was up are hosts; networks with ghosts are told how many were asked. */
	#endGhosts(): void {
		const ghosts = this.#ghosts;
		if (ghosts === null) return;
		for (const { target, outcome, progress } of ghosts.surrender()) this.#conclusions.host(target, outcome, progress);
		const { journal } = this.#deps;
		const networks = new Set(journal.ghosts(this.#scan.id).map(({ network }) => network));
		journal.saveAsked(
			this.#scan.id,
			new Map([...networks].map((network) => [network, ghosts.askedIn(network.slice(0, network.lastIndexOf("/")))])),
		);
	}
}

function minutes(ms: number | null | undefined): string {
	const count = Math.round((ms ?? 0) / 60_000);
	return count === 1 ? "1 minute" : `${count} minutes`;
}
