/**
 * What becomes of an address once it is asked: a host with its evidence, a ghost of its network, or one that kept silent. Each is
 * written down, counted and told here, once.
 */
import type { Scan, ScanResult } from "../../protocol/model/scan.ts";
import type { GhostSighting } from "../evidence/ghost-sighting.ts";
import { unitOf } from "../ghosts/unit.ts";
import { noLogins, noSurveys } from "./host-counts.ts";
import { askedAnyway, hasAnswered } from "./host-outcome.ts";
import { type HostProgress, pairCounts, remainingPorts } from "./host-progress.ts";
import type { HostOutcome, ScanJournal, Target } from "./journal.ts";
import type { Ledger } from "./ledger.ts";
import { cutLine, ghostLine, loginLine, refusedLine } from "./live-lines.ts";
import type { ScanPlan } from "./plan.ts";
import type { Standing } from "./standing.ts";

export interface ConclusionParts {
	readonly scan: Scan;
	readonly plan: ScanPlan;
	readonly journal: ScanJournal;
	readonly standing: Standing;
	readonly ledger: Ledger;
	readonly now: () => number;
	/** Lines that are stored already. */
	readonly onResults: (results: ScanResult[]) => void;
	/** Lines to be stored and told. */
	readonly tell: (results: ScanResult[]) => void;
}

export class Conclusions {
	readonly #parts: ConclusionParts;
	/** Networks of which a ghost has been told. */
	readonly #ghostly = new Set<string>();

	constructor(parts: ConclusionParts) {
		this.#parts = parts;
	}

	/** Evidence, if it answered at all. */
	host(target: Target, outcome: HostOutcome, progress: HostProgress): void {
		const { scan, plan, journal, standing, ledger, now, onResults, tell } = this.#parts;
		if (target.how === askedAnyway) {
			if (!hasAnswered(progress, outcome)) {
				// A scan whose time is up has not asked enough to say that nobody is there.
				if (outcome.cutBy === "scan") return;
				this.#staySilent(target, progress, outcome);
				return;
			}
			standing.unanswered(-1);
		}
		const { tally, results } = journal.finishHost(scan.id, outcome);
		standing.hostDone(tally);
		ledger.done(target, outcome.counts, outcome.cutBy === "stop" ? null : outcome.cutBy);
		if (results.length > 0) onResults(results);
		const notAsked = remainingPorts(progress, plan.ports).length;
		tell(refusedLine(outcome, now()));
		tell(loginLine(outcome, now()));
		if (outcome.cutBy !== null) tell([cutLine(outcome, notAsked, now())]);
	}

	/**
	 * No asset, no finding: an address among the ghosts of its network. `progress` and `outcome` are what the standing has
	 * counted of it as of a host; null for nothing.
	 */
	ghost(target: Target, sighting: GhostSighting, progress: HostProgress | null, outcome: HostOutcome | null): void {
		const { scan, plan, journal, standing, ledger, now, tell } = this.#parts;
		if (target.how === askedAnyway) {
			if (sighting.kind === "told") {
				// It has not answered: an address, neither a host nor a ghost.
				journal.mark(scan.id, [{ address: target.address, state: "dead", how: null, rttMs: null }]);
				standing.stayedSilent();
				ledger.notAsked(target);
				return;
			}
			standing.unanswered(-1);
		}
		const network = unitOf(target.address);
		const tally = journal.finishGhost(scan.id, network, sighting);
		ledger.ghost(target);
		standing.settled(plan.ports.length - (progress?.settled ?? 0), -(progress?.open.size ?? 0));
		if (outcome !== null && progress !== null) {
			standing.surveyed(-[...progress.open].filter((port) => !plan.fragilePorts.has(port)).length);
		}
		standing.hostDone(tally);
		const name = `${network} ${sighting.kind}`;
		if (this.#ghostly.has(name)) return;
		this.#ghostly.add(name);
		tell([ghostLine(network, sighting, now())]);
	}

	/** Asked for its ports all the same, and silent on each. */
	#staySilent({ address, ...target }: Target, progress: HostProgress, outcome: HostOutcome): void {
		const { scan, journal, standing, ledger } = this.#parts;
		const counts = { tcp: pairCounts(progress), udp: outcome.counts.udp, surveys: noSurveys, logins: noLogins };
		const checkpoint = JSON.stringify({ counts });
		journal.mark(scan.id, [{ address, state: "dead", how: null, rttMs: null, checkpoint }]);
		standing.stayedSilent();
		ledger.stayedSilent({ address, ...target }, counts);
	}
}
