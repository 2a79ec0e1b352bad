/**
 * The books of one scan: every address and every pair is entered once, and the coverage statement is drawn from them. Taken
 * up from the journal after a stop; what only the engines know (packets, loss) is carried over from the last statement.
 */
import type { Scan } from "../../protocol/model/scan.ts";
import type { PairCoverage, ScanCoverage } from "../../protocol/model/scan-coverage.ts";
import { unitOf } from "../ghosts/unit.ts";
import type { SkippedProbe } from "../packets/datagrams/job.ts";
import { probeWords } from "../packets/datagrams/skipped-words.ts";
import type { NetworkFigures, PortEngine } from "../packets/engine.ts";
import { withoutRoute } from "./discovery.ts";
import { addExcluded, type ExcludedBy, settleExcluded, sumExcluded } from "./excluded-by.ts";
import { readTally } from "./findings-tally.ts";
import {
	addCounts,
	addNumbers,
	type HostCounts,
	noCounts,
	noPairs,
	noSurveys,
	type PairCounts,
	sumOf,
} from "./host-counts.ts";
import { askedAnyway } from "./host-outcome.ts";
import { pairCounts, readHostProgress } from "./host-progress.ts";
import type { CoverageStart, ScanJournal, Target, TargetState } from "./journal.ts";
import { addFigures, type NetworkSums, networksOf, readNetworks } from "./network-sums.ts";
import type { ScanPlan } from "./plan.ts";

/** Networks named that no route leads to. */
const mostRouteless = 3;
/** Hosts named that limit their ICMP messages. */
const mostSparing = 64;
/** What keeps an address out that was a target before. */
export const leftOutBy = "excluded by ";

export class Ledger {
	readonly #scan: number;
	readonly #plan: ScanPlan;
	readonly #start: CoverageStart;
	readonly #networks: NetworkSums;
	readonly #engines: Map<string, string>;
	readonly #found = new Map<string, number>();
	/** By method, with the reason. */
	readonly #unavailable = new Map<string, string>();
	/** Hosts that tell of closed UDP ports only now and then: the first of them, and how many. */
	readonly #sparing: Set<string>;
	#sparingTotal: number;
	#excludedSince: ScanCoverage["excludedBy"] = [];
	#packets: Omit<ScanCoverage["packets"], "uncounted">;
	/** Most that have left without being in the books, each time the daemon was killed. */
	readonly #uncounted: number;
	/** Of hosts that are concluded; silent ones that were asked for all their ports among them. */
	#done: HostCounts = noCounts;
	#cutByHost = 0;
	#cutByScan = 0;
	#silentAsked = 0;
	#ghosts = 0;
	/** Not asked, for no route leads there. */
	#withoutRoute = 0;
	/** The first networks they are in, as far as this run has met them. */
	readonly #routeless = new Set<string>();
	/** Targets asked for their ports though they have not answered, not yet concluded. */
	#unanswered = 0;
	/** Of targets that are not concluded, what is settled; read when it is needed. */
	readonly #begun = new Map<string, () => Partial<HostCounts>>();
	/** Every address of a large scan is among its targets. */
	#isFed: boolean;

	constructor(scan: number, plan: ScanPlan, journal: ScanJournal) {
		this.#scan = scan;
		this.#plan = plan;
		const { start, last } = journal.coverage(scan);
		this.#start = start ?? { excludedBy: [], notScanned: [], notScannedTotal: 0 };
		this.#isFed = plan.order === null;
		const { uncounted = 0, ...packets } = last?.packets ?? { sent: 0, discovery: 0, ports: 0, repeats: 0 };
		this.#packets = packets;
		this.#uncounted = uncounted;
		this.#networks = readNetworks(last?.networks ?? []);
		this.#engines = new Map(last?.engines.map(({ name, reason }) => [name, reason]));
		for (const { method, why } of last?.discovery.unavailable ?? []) this.#unavailable.set(method, why);
		this.#sparing = new Set(last?.udpSparing?.hosts ?? []);
		this.#sparingTotal = last?.udpSparing?.total ?? 0;
		this.#readBack(journal);
	}

	uses({ name, reason }: PortEngine): void {
		this.#engines.set(name, reason);
	}

	/** Ways of finding hosts that this machine is not allowed. */
	unavailable(skipped: readonly SkippedProbe[]): void {
		for (const { kind, reason } of skipped) this.#unavailable.set(probeWords[kind], reason);
	}

	/** A host of which silence over UDP says little; may be told again after a stop. */
	sparing(address: string): void {
		if (this.#sparing.has(address)) return;
		this.#sparingTotal++;
		if (this.#sparing.size < mostSparing) this.#sparing.add(address);
	}

	/** Packets, those that settled a pair for the first time, and what became of them by network as far as it is known. */
	sent(stage: "discovery" | "ports", packets: number, settled: number, networks: readonly NetworkFigures[] = []): void {
		const repeats = stage === "ports" ? packets - settled : 0;
		this.#packets = addNumbers(this.#packets, { sent: packets, [stage]: packets, repeats });
		addFigures(this.#networks, networks);
	}

	/** How many addresses could not be asked because no route leads there. */
	get withoutRoute(): number {
		return this.#withoutRoute;
	}

	/** Networks they are in: the first, for a sentence. Empty after a restart that has met none. */
	get networksWithoutRoute(): readonly string[] {
		return [...this.#routeless];
	}

	/** Targets that stayed silent. */
	silent(targets: readonly Target[]): void {
		for (const { how, address } of targets) {
			if (how !== withoutRoute) continue;
			this.#withoutRoute++;
			if (this.#routeless.size < mostRouteless) this.#routeless.add(unitOf(address));
		}
	}

	/** Targets that were found alive, or are asked all the same. */
	found(targets: readonly Target[]): void {
		for (const { how } of targets) {
			if (how === askedAnyway) this.#unanswered++;
			else this.#foundBy(how, 1);
		}
	}

	/** A target is excluded; `after` it was found or was to be asked all the same. */
	leftOut(how: string, after: Target | null): void {
		this.#leftOut(how, 1);
		if (after === null) return;
		this.#begun.delete(after.address);
		if (after.how === askedAnyway) this.#unanswered--;
		else this.#foundBy(after.how, -1);
	}

	/** Its ports are being asked; `counts` tells at any time how far that is. */
	begin(address: string, counts: () => PairCounts): void {
		this.#begun.set(address, () => ({ tcp: counts() }));
	}

	/** Its work was stopped: all that was done of it. */
	left(address: string, counts: HostCounts): void {
		this.#begun.set(address, () => counts);
	}

	done(target: Target, counts: HostCounts, cutBy: "host" | "scan" | null): void {
		this.#conclude(target.address, counts);
		if (cutBy === "host") this.#cutByHost++;
		if (cutBy === "scan") this.#cutByScan++;
		if (target.how !== askedAnyway) return;
		this.#unanswered--;
		this.#foundBy(askedAnyway, 1);
	}

	stayedSilent(target: Target, counts: HostCounts): void {
		this.#conclude(target.address, counts);
		this.#silentAsked++;
		this.#unanswered--;
	}

	/** It answered and is no host: its pairs are not the scan's. */
	ghost(target: Target): void {
		this.#begun.delete(target.address);
		this.#ghosts++;
		if (target.how !== askedAnyway) return;
		this.#unanswered--;
		this.#foundBy(askedAnyway, 1);
	}

	/** It has not answered, and is not asked for its ports after all. */
	notAsked(target: Target): void {
		this.#begun.delete(target.address);
		this.#unanswered--;
	}

	fed(): void {
		this.#isFed = true;
	}

	/**
	 * `states`: how many targets stand where, this moment; `at` in milliseconds; `ahead`: most packets that leave while it is
	 * the last statement written, of which it knows nothing.
	 */
	statement(
		status: Scan["status"],
		states: Readonly<Record<TargetState, number>>,
		at: number,
		ahead = 0,
	): ScanCoverage {
		const uncounted = this.#uncounted + ahead;
		const addresses = this.#addresses(states);
		const counts = [...this.#begun.values()].reduce((sum, begun) => addCounts(sum, begun()), this.#done);
		const hosts = states.alive + states.done - this.#ghosts + this.#silentAsked;
		const open = counts.tcp.open + counts.udp.open;
		const { notReached: _, ...examined } = counts.surveys;
		return {
			scan: this.#scan,
			at: new Date(at).toISOString(),
			addresses,
			notReachedBecause: whyNotReached(addresses, status),
			excludedBy: settleExcluded(this.#excludedBy(), addresses.excluded),
			notScanned: this.#start.notScanned,
			notScannedTotal: this.#start.notScannedTotal,
			tcp: pairsOf(counts.tcp, hosts * this.#plan.ports.length),
			udp: pairsOf(counts.udp, hosts * this.#plan.udpPorts.length),
			udpSparing: { total: this.#sparingTotal, hosts: [...this.#sparing] },
			packets: {
				...this.#packets,
				repeats: Math.max(0, this.#packets.repeats),
				...(uncounted > 0 ? { uncounted } : {}),
			},
			networks: networksOf(this.#networks),
			logins: counts.logins,
			surveys: { open, ...examined, notReached: Math.max(0, open - sumOf(examined)) },
			discovery: {
				used: discoveryOf(this.#plan).filter(
					(used) => ![...this.#unavailable.keys()].some((one) => used.startsWith(one)),
				),
				unavailable: [...this.#unavailable].map(([method, why]) => ({ method, why })),
				found: [...this.#found]
					.filter(([, hosts]) => hosts > 0)
					.map(([by, hosts]) => ({ by, hosts }))
					.sort((a, b) => b.hosts - a.hosts),
			},
			engines: [...this.#engines].map(([name, reason]) => ({ name, reason })),
		};
	}

	#addresses(states: Readonly<Record<TargetState, number>>): ScanCoverage["addresses"] {
		const { pending, alive, dead, done } = states;
		const targets = pending + alive + dead + done + states.excluded;
		const { large } = this.#plan;
		const whole = large?.named ?? targets + sumExcluded(this.#start.excludedBy);
		const excludedNow = large === undefined ? 0 : sumExcluded(large.excludedBy);
		const others = alive + dead + done;
		// While not all are fed, an exclusion that was made over addresses asked before counts them too.
		const excluded = this.#isFed
			? whole - others - pending
			: Math.min(Math.max(states.excluded, excludedNow), whole - others - pending);
		const answered = alive + done - this.#unanswered;
		const [byHost, byScan, ghosts] = [this.#cutByHost, this.#cutByScan, this.#ghosts];
		const finished = done - byHost - byScan - ghosts;
		const silent = dead - this.#withoutRoute;
		return {
			...{ named: whole, excluded, silent, answered, notReached: whole - excluded - silent - answered },
			...(this.#withoutRoute > 0 ? { withoutRoute: this.#withoutRoute } : {}),
			...{ finished, cutByHostTime: byHost, cutByScanTime: byScan, ghosts },
			unfinished: answered - finished - byHost - byScan - ghosts,
		};
	}

	#excludedBy(): ScanCoverage["excludedBy"] {
		return this.#plan.large?.excludedBy ?? addExcluded(this.#start.excludedBy, this.#excludedSince);
	}

	#conclude(address: string, counts: HostCounts): void {
		this.#begun.delete(address);
		this.#done = addCounts(this.#done, counts);
	}

	#foundBy(how: string | null, hosts: number): void {
		const by = methodOf(how);
		this.#found.set(by, (this.#found.get(by) ?? 0) + hosts);
	}

	#leftOut(how: string, addresses: number): void {
		const exclusion = how.startsWith(leftOutBy) ? how.slice(leftOutBy.length) : "";
		const known = this.#plan.exclusions?.find((one) => one.exclusion === exclusion);
		const entry = { exclusion, from: known?.from ?? "others", comment: known?.comment ?? null, addresses } as const;
		this.#excludedSince = addExcluded(this.#excludedSince, [entry]);
	}

	#readBack(journal: ScanJournal): void {
		for (const { state, how, n } of journal.countHow(this.#scan)) {
			if (state === "excluded") this.#leftOut(how ?? "", n);
			else if (state === "dead" && how === withoutRoute) this.#withoutRoute += n;
			else if (state === "alive" && how === askedAnyway) this.#unanswered += n;
			else if (state === "alive" || state === "done") this.#foundBy(how, n);
		}
		for (let after = -1; ; ) {
			const page = journal.begunTargets(this.#scan, after, 1_000);
			const last = page.at(-1);
			if (last === undefined) return;
			for (const { state, address, checkpoint } of page) {
				if (state === "alive") {
					const counts = pairCounts(readHostProgress(checkpoint));
					this.#begun.set(address, () => ({ tcp: counts }));
					continue;
				}
				const tally = readTally(checkpoint);
				this.#done = addCounts(this.#done, tally.counts);
				// What was silent and not asked for its ports has a checkpoint at most.
				if (state === "dead" && tally.counts !== noCounts) this.#silentAsked++;
				this.#ghosts += tally.ghosts;
				this.#cutByHost += tally.cutHosts;
				this.#cutByScan += tally.cutByScan;
			}
			after = last.index;
		}
	}
}

/** The statement of a scan that has asked nothing yet. `at` in milliseconds. */
export function unbegun(
	scan: number,
	planned: { readonly scope: { readonly addresses: { readonly size: number } }; readonly excludedBy: ExcludedBy },
	at: number,
): ScanCoverage {
	const excluded = sumExcluded(planned.excludedBy);
	const notReached = planned.scope.addresses.size;
	const noneOfIt = {
		silent: 0,
		answered: 0,
		finished: 0,
		cutByHostTime: 0,
		cutByScanTime: 0,
		unfinished: 0,
		ghosts: 0,
	};
	return {
		...{ scan, at: new Date(at).toISOString() },
		addresses: { named: notReached + excluded, excluded, notReached, ...noneOfIt },
		...{ notReachedBecause: "not-over", excludedBy: planned.excludedBy, notScanned: [], notScannedTotal: 0 },
		...{ tcp: pairsOf(noPairs, 0), udp: pairsOf(noPairs, 0) },
		udpSparing: { total: 0, hosts: [] },
		packets: { sent: 0, discovery: 0, ports: 0, repeats: 0 },
		networks: [],
		surveys: { open: 0, ...noSurveys },
		discovery: { used: [], unavailable: [], found: [] },
		engines: [],
	};
}

/** Why addresses are left that were not reached, or not to the end. */
export function whyNotReached(
	{ notReached, unfinished, withoutRoute = 0 }: ScanCoverage["addresses"],
	status: Scan["status"],
): ScanCoverage["notReachedBecause"] {
	if (notReached + unfinished === 0) return null;
	if (notReached + unfinished === withoutRoute) return "no-route";
	if (status === "finished") return "scan-time";
	return status === "cancelled" || status === "error" || status === "paused" ? "stopped" : "not-over";
}

function pairsOf(counts: PairCounts, pairs: number): PairCoverage {
	const asked = sumOf(counts);
	return { pairs, asked, ...counts, notAsked: pairs - asked };
}

/** `tcp 443 open` is `tcp`: how, without where. */
function methodOf(how: string | null): string {
	if (how === null) return "an answer";
	return how === askedAnyway ? "its ports, though silent before" : how.replace(/ (?:\d+\b|[0-9a-f]{2}:).*$/, "");
}

function discoveryOf({ discoveryPorts, discovery }: ScanPlan): string[] {
	const { icmp = false, arp = false, ackPorts = [], udpPorts = [] } = discovery ?? {};
	const to = ({ length }: readonly number[]) => `to ${length} ${length === 1 ? "port" : "ports"}`;
	return [
		...(arp ? [probeWords.link] : []),
		...(icmp ? [probeWords.echo] : []),
		...(ackPorts.length > 0 ? [`${probeWords.ack} ${to(ackPorts)}`] : []),
		...(discoveryPorts.length > 0 ? [`TCP connection attempts ${to(discoveryPorts)}`] : []),
		...(udpPorts.length > 0 ? [`${probeWords.udp} ${to(udpPorts)}`] : []),
	];
}
