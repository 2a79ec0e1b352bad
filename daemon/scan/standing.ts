/**
 * Where a running scan stands: counters, tally and rate, and the scan as it is shown from them. Taken up from the
 * journal after a stop, so that a restart counts nothing twice and forgets nothing.
 */
import type { Scan } from "../../protocol/model/scan.ts";
import { steadyTime } from "../runs/steady-time.ts";
import { addTally, emptyTally, type HostTally, readTally } from "./findings-tally.ts";
import type { ScanJournal } from "./journal.ts";
import {
	etaOf,
	type LoginMeter,
	type MeterInput,
	type Pace,
	PaceMeter,
	progressOf,
	RateMeter,
	stagesOf,
} from "./meter.ts";
import type { ScanPlan } from "./plan.ts";

export class Standing {
	/** Milliseconds since the run began; never runs backwards. */
	readonly elapsed: () => number;
	readonly #scan: Scan;
	readonly #rate = new RateMeter();
	readonly #paces = { discovered: new PaceMeter(), pairs: new PaceMeter(), hosts: new PaceMeter() };
	#counts: MeterInput;
	/** Of this run. */
	#logins: LoginMeter = { begun: 0, ended: 0 };
	#dead: number;
	#excluded: number;
	#tally: HostTally = emptyTally();
	/** Of hosts that were left in the middle of their work. */
	#left: HostTally = emptyTally();
	/** Targets counted as alive for the work they make that have not answered; and those of them that are done. */
	#unanswered = 0;
	#stayedSilent = 0;

	/** `scan` as stored; `now` in milliseconds. */
	constructor(scan: Scan, plan: ScanPlan, journal: ScanJournal, now: () => number) {
		this.elapsed = steadyTime(now);
		this.#scan = scan;
		const stored = journal.countTargets(scan.id);
		this.#dead = stored.dead;
		this.#excluded = stored.excluded;
		this.#counts = {
			addresses: Math.max(plan.addresses, stored.pending + stored.alive + stored.dead + stored.done + stored.excluded),
			discovered: stored.alive + stored.dead + stored.done + stored.excluded,
			alive: stored.alive + stored.done,
			portsEach: plan.ports.length,
			portsSettled: stored.done * plan.ports.length,
			hostsDone: stored.done,
			openSeen: 0,
			surveyed: 0,
		};
		this.#sumFinishedHosts(journal);
	}

	/** The scan as it stands now; status and reason are the caller's. */
	snapshot(expired: boolean): Scan {
		const seen = addTally(this.#tally, this.#left);
		const elapsed = this.elapsed();
		const activeMs = this.#scan.activeMs + elapsed;
		const progress = progressOf(this.#counts);
		return {
			...this.#scan,
			progress,
			stages: stagesOf(this.#counts, this.#logins),
			rate: this.#rate.rate(elapsed),
			etaMs: etaOf(this.#counts, this.#pace(elapsed)),
			activeMs,
			partial: expired || this.#tally.partialHosts > 0 || this.#tally.cutHosts > 0,
			hosts: {
				total: this.#counts.addresses,
				alive: this.#counts.alive - this.#unanswered - this.#tally.ghosts,
				dead: this.#dead + this.#stayedSilent,
				...(this.#excluded === 0 ? {} : { excluded: this.#excluded }),
				done: this.#counts.hostsDone - this.#stayedSilent - this.#tally.ghosts,
				...(this.#tally.ghosts === 0 ? {} : { ghosts: this.#tally.ghosts }),
			},
			openPorts: Math.max(this.#tally.openPorts, this.#counts.openSeen),
			services: seen.services,
			findings: seen.findings,
			newFindings: seen.newFindings,
			fixedFindings: seen.fixedFindings,
		};
	}

	sent(attempts: number): void {
		this.#rate.add(attempts, this.elapsed());
	}

	discovered(hosts: number, state: "alive" | "dead" | "excluded"): void {
		this.#paces.discovered.add(hosts, this.elapsed());
		this.#bump({ discovered: hosts, ...(state === "alive" ? { alive: hosts } : {}) });
		if (state === "dead") this.#dead += hosts;
		if (state === "excluded") this.#excluded += hosts;
	}

	/** A target that was found alive before and is excluded by now; `discovered` as such counts it again. */
	takenBack(): void {
		this.#bump({ discovered: -1, alive: -1 });
	}

	/** So many more (or less) hosts are asked for their ports although they have not answered. */
	unanswered(hosts: number): void {
		this.#unanswered += hosts;
	}

	/** Asked for all its ports and silent on each: an address, not a host. */
	stayedSilent(): void {
		this.#stayedSilent++;
		this.#bump({ hostsDone: 1 });
	}

	/** Hosts whose own time was up. */
	get cutHosts(): number {
		return this.#tally.cutHosts;
	}

	/** `before`: in an earlier run, which says nothing of the pace of this one. */
	settled(ports: number, open: number, before = false): void {
		if (!before && ports > 0) this.#paces.pairs.add(ports, this.elapsed());
		this.#bump({ portsSettled: ports, openSeen: open });
	}

	surveyed(ports: number): void {
		this.#bump({ surveyed: ports });
	}

	loggingIn(state: "begun" | "ended"): void {
		this.#logins = { ...this.#logins, [state]: this.#logins[state] + 1 };
	}

	/** What a host adds of which the work was stopped. */
	left(tally: HostTally): void {
		this.#left = addTally(this.#left, tally);
	}

	hostDone(tally: HostTally): void {
		this.#tally = addTally(this.#tally, tally);
		this.#paces.hosts.add(1, this.elapsed());
		this.#bump({ hostsDone: 1 });
	}

	#pace(at: number): Pace {
		const { discovered, pairs, hosts } = this.#paces;
		return { discovered: discovered.perSecond(at), pairs: pairs.perSecond(at), hosts: hosts.perSecond(at) };
	}

	#sumFinishedHosts(journal: ScanJournal): void {
		for (let after = -1; ; ) {
			const page = journal.targets(this.#scan.id, ["done"], after, 1_000);
			const last = page.at(-1);
			if (last === undefined) break;
			for (const target of page) this.#tally = addTally(this.#tally, readTally(target.checkpoint));
			after = last.index;
		}
		this.#bump({ openSeen: this.#tally.openPorts, surveyed: this.#tally.openPorts });
	}

	#bump(change: Partial<Record<keyof MeterInput, number>>): void {
		const counts = { ...this.#counts };
		for (const [name, by] of Object.entries(change) as [keyof MeterInput, number][]) counts[name] += by;
		this.#counts = counts;
	}
}
