/**
 * Where a scan's hosts come from: first those known alive already, then its targets window by window, each asked whether it is
 * there. Those that are stand in line for the lanes; those that are excluded by now are left out, also of the line.
 */
import type { Scan, ScanResult } from "../../protocol/model/scan.ts";
import type { NetworkFigures } from "../packets/engine.ts";
import { parseAddress } from "../scope/address.ts";
import { AddressSet } from "../scope/address-set.ts";
import { type DiscoveryEngines, discover } from "./discovery.ts";
import type { GhostLookout } from "./ghost-lookout.ts";
import { askedAnyway } from "./host-outcome.ts";
import type { ScanJournal, Target } from "./journal.ts";
import { type Ledger, leftOutBy } from "./ledger.ts";
import { hostLines } from "./live-lines.ts";
import type { ScanPlan } from "./plan.ts";
import type { Standing } from "./standing.ts";
import type { TargetQueue } from "./target-queue.ts";

export interface FeedParts {
	readonly scan: number;
	readonly plan: ScanPlan;
	readonly engines: DiscoveryEngines;
	readonly journal: ScanJournal;
	readonly standing: Standing;
	readonly ledger: Ledger;
	readonly line: TargetQueue;
	/** Null when nothing is judged to be a ghost. */
	readonly ghosts: GhostLookout | null;
	/** Nothing is discovered any more. */
	readonly ending: AbortSignal;
	readonly now: () => number;
	readonly snapshot: () => Scan;
	/** Lines to be stored and told. */
	readonly tell: (results: ScanResult[]) => void;
}

/** Addresses asked "are you there?" in one go. */
const discoveryWindow = 1_024;

export class Feed {
	readonly #parts: FeedParts;
	readonly #excluded: AddressSet;

	constructor(parts: FeedParts) {
		this.#parts = parts;
		this.#excluded = AddressSet.fromText(parts.plan.guard.deny);
	}

	/** Resolves when the last target is settled or in line, or soon after the end. */
	async run(): Promise<void> {
		const { standing, line, ending, ghosts } = this.#parts;
		for (const page of this.#pages("alive")) {
			standing.unanswered(page.filter((target) => target.how === askedAnyway).length);
			for (const target of page) await line.push(target);
		}
		do {
			for (const page of this.#pages("pending")) await this.#discover(page);
		} while (!ending.aborted && this.#feedMore());
		if (!ending.aborted) ghosts?.fedAll();
	}

	/** True for one from the line that is excluded by now: it is settled with that. */
	takesBack(target: Target): boolean {
		if (!this.#excluded.has(target.address)) return false;
		const { standing, ledger, ghosts } = this.#parts;
		if (target.how === askedAnyway) standing.unanswered(-1);
		standing.takenBack();
		const how = this.#exclusionOf(target.address);
		this.#note([{ ...target, how }], "excluded");
		ledger.leftOut(how, target);
		ghosts?.left(target);
		return true;
	}

	/** Targets in a state, a window at a time. */
	*#pages(state: "alive" | "pending"): Generator<Target[]> {
		const { scan, journal, ending } = this.#parts;
		for (let after = -1; !ending.aborted; ) {
			const page = journal.targets(scan, [state], after, discoveryWindow);
			const last = page.at(-1);
			if (last === undefined) return;
			yield page;
			after = last.index;
		}
	}

	/** False when every address of the scan is among its targets. */
	#feedMore(): boolean {
		const { scan, plan, journal, ledger } = this.#parts;
		if (plan.order === null) return false;
		const fed = journal.feed(scan, plan.order, discoveryWindow);
		if (fed === 0) ledger.fed();
		return fed > 0;
	}

	async #discover(targets: readonly Target[]): Promise<void> {
		const { plan, engines, journal, standing, ledger, line, ghosts, ending, snapshot } = this.#parts;
		this.#leaveOut(targets.filter((target) => this.#excluded.has(target.address)));
		const allowed = targets.filter((target) => !this.#excluded.has(target.address));
		const onFound = async (found: Target[], sent: number, networks: readonly NetworkFigures[] = []) => {
			standing.sent(sent);
			ledger.sent("discovery", sent, 0, networks);
			this.#note(found, "alive");
			ledger.found(found);
			ghosts?.found(found);
			for (const target of found) await line.push(target);
		};
		ghosts?.windowBegins(allowed);
		const silent = await discover(allowed, plan, engines, ending, {
			found: onFound,
			skipped: (skipped) => ledger.unavailable(skipped),
		});
		if (silent === null) return;
		if (plan.scanDeadHosts === true) {
			const asked = silent.map((target) => ({ ...target, state: "alive" as const, how: askedAnyway }));
			standing.unanswered(asked.length);
			await onFound(asked, 0);
		} else {
			this.#note(silent, "dead");
			ledger.silent(silent);
		}
		ghosts?.windowEnds(allowed);
		journal.save(snapshot());
	}

	/** Targets that are excluded by now and have not been found yet. */
	#leaveOut(targets: readonly Target[]): void {
		const out = targets.map((target) => ({ ...target, how: this.#exclusionOf(target.address) }));
		this.#note(out, "excluded");
		for (const { how } of out) this.#parts.ledger.leftOut(how, null);
	}

	#exclusionOf(address: string): string {
		const parsed = parseAddress(address);
		const { exclusions } = this.#parts.plan;
		const found = exclusions?.find(({ addresses }) => parsed !== null && addresses.has(parsed));
		return leftOutBy + (found?.exclusion ?? "others");
	}

	#note(targets: readonly Target[], state: "alive" | "dead" | "excluded"): void {
		if (targets.length === 0) return;
		const { scan, journal, standing, now, tell } = this.#parts;
		journal.mark(
			scan,
			targets.map(({ address, how, rttMs }) => ({ address, state, how, rttMs })),
		);
		standing.discovered(targets.length, state);
		tell(hostLines(targets, state, now()));
	}
}
