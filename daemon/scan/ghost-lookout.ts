/**
 * A scan's lookout for ghosts. The way of the data: discovery's answers fill NetworkWatch (how full is each network?); before
 * its ports are asked a host is asked its canary ports; a host whose ports are done and that is hollow is held back until
 * its network is decided. What is condemned becomes a sighting for the journal, everything else goes on as a host.
 *
 * Nothing of this is kept but the sightings: a scan that is taken up again counts its stored targets anew, and a host that
 * was held is looked at again, at the cost of its canaries.
 */
import type { Scan } from "../../protocol/model/scan.ts";
import {
	type CanaryTally,
	type GhostSighting,
	noCanaries,
	type Spoken,
	sightingOf,
} from "../evidence/ghost-sighting.ts";
import { type AskContext, askCanaries, askPorts, quickPatience } from "../ghosts/ask.ts";
import { canaryPorts } from "../ghosts/canary.ts";
import { gatewayErrors, type Hollow, hollow, hollowOf } from "../ghosts/hollow.ts";
import { noGhostRules } from "../ghosts/rules.ts";
import { unitOf } from "../ghosts/unit.ts";
import { NetworkWatch } from "../ghosts/watch.ts";
import type { PortEngine } from "../packets/engine.ts";
import { readTally } from "./findings-tally.ts";
import { askedAnyway, hasAnswered } from "./host-outcome.ts";
import type { HostProgress } from "./host-progress.ts";
import type { HostOutcome, ScanJournal, Target } from "./journal.ts";
import type { ScanPlan } from "./plan.ts";
import type { ProbePool } from "./probe-pool.ts";

export interface HeldHost {
	readonly target: Target;
	readonly outcome: HostOutcome;
	readonly progress: HostProgress;
}

export interface LookoutDependencies {
	readonly engine: PortEngine;
	readonly pool: ProbePool;
	readonly journal: ScanJournal;
	readonly onSent: (attempts: number) => void;
	/** Where targets wait: `park` keeps the lanes from ending, `putBack` hands a parked one to the next lane. */
	readonly line: { park(): void; putBack(target: Target): void };
	/** A held host is a host after all; or, with a sighting, a ghost. */
	readonly onHeld: (held: HeldHost, sighting: GhostSighting | null) => void;
}

/** What the first look at a host says: ask its ports, wait, or it is a ghost. Null when the signal ended it. */
export type FirstLook = "host" | "waits" | GhostSighting | null;

/** Hosts of one network, and of one scan, whose ports are listened to for a word. */
const listenedPerNetwork = 4;
const listenedPerScan = 256;
/** Ports listened to on one of them, and the ones that most often have something to say. */
const portsListenedTo = 6;
const talkative = [443, 80, 22, 25, 21, 445, 3389, 8080, 3306, 5432, 110, 143, 53, 8443];
/** Ports asked of a further address of a condemned network, besides the pattern. */
const portsOfCheck = 12;
/** An open share that no machine has without a port that speaks. */
const manyOpen = 64;
const openShare = 0.5;
const samplesOfMany = 12;

export class GhostLookout {
	readonly #scan: Scan;
	readonly #plan: ScanPlan;
	readonly #deps: LookoutDependencies;
	readonly #askedPorts: ReadonlySet<number>;
	readonly #watch: NetworkWatch<Target, HeldHost>;
	/** Canaries of hosts that wait or are at work. */
	readonly #canaries = new Map<string, CanaryTally>();
	readonly #admitted = new Set<string>();
	readonly #listened = new Map<string, number>();
	#listenedInAll = 0;

	constructor(scan: Scan, plan: ScanPlan, deps: LookoutDependencies) {
		this.#scan = scan;
		this.#plan = plan;
		this.#deps = deps;
		this.#askedPorts = new Set([...plan.ports, ...plan.discoveryPorts]);
		this.#watch = new NetworkWatch(({ verdict, waiting, held }) => {
			for (const target of waiting) deps.line.putBack(target);
			for (const host of held) {
				const sighting = verdict?.is === "ghost" ? this.#ofHeld(host, verdict) : null;
				this.#canaries.delete(host.target.address);
				deps.onHeld(host, sighting);
			}
		});
		this.#restore();
	}

	windowBegins(targets: readonly Target[]): void {
		this.#watch.windowBegins(targets.map(({ address }) => address));
	}

	found(targets: readonly Target[]): void {
		const addressesOf = (answered: boolean) =>
			targets.filter(({ how }) => (how !== askedAnyway) === answered).map(({ address }) => address);
		this.#watch.found(addressesOf(true));
		this.#watch.lineUp(addressesOf(false));
	}

	windowEnds(targets: readonly Target[]): void {
		this.#watch.windowEnds(targets.map(({ address }) => address));
	}

	fedAll(): void {
		this.#watch.fedAll();
	}

	/** How many addresses of the network of this one were asked so far. */
	askedIn(address: string): number {
		return this.#watch.askedIn(address);
	}

	/** Before the ports of a host are asked. After `host` the target must come back through `judge` or `left`. */
	async look(target: Target, signal: AbortSignal): Promise<FirstLook> {
		const first = await this.#look(target, signal);
		if (first !== null && first !== "host" && first !== "waits") this.#watch.passed(target.address);
		return first;
	}

	async #look(target: Target, signal: AbortSignal): Promise<FirstLook> {
		const { address, how, rttMs } = target;
		const rules = this.#plan.ghostRules ?? noGhostRules;
		if (rules.real.has(address)) return "host";
		if (rules.ghosts.has(address)) return this.#sighting(target, { kind: "told" });
		const context = this.#context(signal);
		if (!this.#canaries.has(address) && mayAcceptAnything(target, this.#plan)) {
			const asked = this.#askedPorts;
			const question = { salt: this.#scan.id, address, rttMs, asked, fragile: this.#plan.fragilePorts };
			const answer = await askCanaries(question, context);
			if (answer === null) return null;
			if (answer.verdict === "accepts") return this.#accepting(target, answer.tally, signal);
			this.#canaries.set(address, answer.tally);
		}
		const verdict = this.#watch.verdictOf(address);
		if (verdict?.is === "ghost" && how !== askedAnyway) {
			const alike = await this.#isAlike(target, verdict, context);
			if (signal.aborted) return null;
			if (alike) return this.#sighting(target, { kind: verdict.kind, pattern: verdict.pattern });
		}
		// A refusal comes at once: such hosts cost little. One that was silent is no part of a full network.
		const cheap = how === null || how === askedAnyway || / closed$/.test(how);
		if (!this.#watch.admit(address, target, cheap)) {
			this.#deps.line.park();
			return "waits";
		}
		this.#admitted.add(address);
		return "host";
	}

	/** Between the ports of a host and its services: is it a decoy that accepts about everything it was asked? */
	async tooOpen(target: Target, progress: HostProgress, signal: AbortSignal): Promise<GhostSighting | null> {
		const { open, settled } = progress;
		if (open.size < manyOpen || open.size < settled * openShare || this.#isReal(target)) return null;
		const candidates = [...open].sort((a, b) => a - b).filter((port) => !this.#plan.fragilePorts.has(port));
		const sample = Array.from(
			{ length: samplesOfMany },
			(_, i) => candidates[Math.floor((i * candidates.length) / samplesOfMany)],
		);
		const heard = await this.#listen(
			target,
			sample.filter((port) => port !== undefined),
			new Set(),
			signal,
		);
		if (signal.aborted || heard.spoken.length > 0) return null;
		const openOfAsked = { open: open.size, asked: settled };
		return this.#sighting(target, { kind: "accepts-any-port", openOfAsked, listenedTo: heard.listenedTo });
	}

	/** A host all of whose work is done: a host, a ghost, or held until its network is decided. */
	judge(target: Target, progress: HostProgress, outcome: HostOutcome): "host" | "held" | GhostSighting {
		const { address } = target;
		if (!this.#admitted.delete(address)) {
			this.#watch.passed(address);
			return "host";
		}
		const found = outcome.cutBy === null && target.how !== askedAnyway ? hollowOf(lookOf(progress, outcome)) : null;
		const verdict = this.#watch.verdictOf(address);
		if (found !== null && verdict === null) {
			this.#watch.hollow(address, found, { target, outcome, progress });
			return "held";
		}
		const alike = found !== null && verdict?.is === "ghost" && verdict.signature === found.signature;
		const sighting = alike ? this.#sighting(target, { ...found, listenedTo: found.pattern.length }) : null;
		this.#canaries.delete(address);
		const isSilent = target.how === askedAnyway && !hasAnswered(progress, outcome);
		if (sighting === null && !isSilent) this.#watch.lively(address);
		else this.#watch.left(address);
		return sighting ?? "host";
	}

	/** A target of which there is no result: it was let go on, or is excluded by now. */
	left({ address }: Target): void {
		this.#canaries.delete(address);
		if (this.#admitted.delete(address)) this.#watch.left(address);
		else this.#watch.passed(address);
	}

	/** Whether what is found there may be nobody's, as far as is known of its network. */
	mayBeGhost(address: string): boolean {
		return !this.#isReal({ address }) && this.#watch.mayBeGhost(address);
	}

	/** Hosts still held when the scan's own time is up: undecided, so they are hosts. */
	surrender(): HeldHost[] {
		return this.#watch.surrender().held;
	}

	/** Networks are judged from all of a scan's targets, also those an earlier run has settled. */
	#restore(): void {
		const { alive, dead, done } = this.#deps.journal.countTargets(this.#scan.id);
		if (alive + dead + done === 0) return;
		for (const _ of restoreWatch(this.#watch, this.#scan.id, this.#deps.journal));
	}

	async #accepting(target: Target, canaries: CanaryTally, signal: AbortSignal): Promise<GhostSighting | null> {
		const { address } = target;
		const network = unitOf(address);
		const listened = this.#listened.get(network) ?? 0;
		const given = { kind: "accepts-any-port" as const, canaries };
		if (listened >= listenedPerNetwork || this.#listenedInAll >= listenedPerScan) return this.#sighting(target, given);
		this.#listened.set(network, listened + 1);
		this.#listenedInAll++;
		const { fragilePorts, ports } = this.#plan;
		const common = [...talkative.filter((port) => this.#askedPorts.has(port)), ...ports];
		const wanted = [...new Set(common)].filter((port) => !fragilePorts.has(port)).slice(0, portsListenedTo);
		const [canary] = canaryPorts(this.#scan.id, address, { asked: this.#askedPorts, fragile: fragilePorts });
		const canaryPort = new Set(canary === undefined ? [] : [canary]);
		const heard = await this.#listen(target, [...wanted, ...canaryPort], canaryPort, signal);
		return signal.aborted ? null : this.#sighting(target, { ...given, ...heard });
	}

	/** A further address of a condemned network: the same ports open, and nothing else on those that most often are. */
	async #isAlike({ address, rttMs }: Target, { kind, pattern }: Hollow, context: AskContext): Promise<boolean> {
		// Where everything refuses, a full look costs next to nothing and misses nobody.
		if (kind === "refuses-any-port") return false;
		const own = new Set(pattern);
		const { ports, discoveryPorts } = this.#plan;
		const common = [...new Set([...discoveryPorts, ...talkative, ...ports])].filter((port) =>
			this.#askedPorts.has(port),
		);
		const others = common.filter((port) => !own.has(port)).slice(0, portsOfCheck);
		const limits = { ...context.limits, ...quickPatience(context.limits, rttMs) };
		const states = await askPorts(address, [...pattern, ...others], { ...context, limits });
		return (
			pattern.every((port) => states.get(port) === "open") &&
			others.every((port) => states.get(port) !== "open" && states.get(port) !== "closed")
		);
	}

	/** Connects to ports as any survey does, and notes what spoke. */
	async #listen(
		{ address, hostname }: Target,
		ports: readonly number[],
		canaries: ReadonlySet<number>,
		signal: AbortSignal,
	): Promise<{ listenedTo: number; spoken: Spoken[] }> {
		const { guard, limits, group } = this.#plan;
		const pace = { limits, group };
		const surveys = await Promise.all(
			ports.map((port) => this.#deps.pool.survey({ address, port, protocol: "tcp", hostname, guard, pace }, signal)),
		);
		const spoken = surveys.flat().filter((survey) => survey.lessons.length > 0 || survey.service !== null);
		return {
			listenedTo: surveys.length,
			spoken: spoken.map(({ service, coverage: { port } }) => ({
				...{ address, port, protocol: service?.name ?? null, canary: canaries.has(port) },
			})),
		};
	}

	#ofHeld({ target }: HeldHost, { kind, pattern }: Hollow): GhostSighting {
		return this.#sighting(target, { kind, pattern, listenedTo: pattern.length });
	}

	#sighting(target: Target, given: Pick<GhostSighting, "kind"> & Partial<GhostSighting>): GhostSighting {
		const { address, how, rttMs } = target;
		const canaries = this.#canaries.get(address) ?? noCanaries;
		this.#canaries.delete(address);
		return sightingOf({ address, how, rttMs, canaries, askedInNetwork: this.#watch.askedIn(address), ...given });
	}

	#isReal({ address }: Pick<Target, "address">): boolean {
		return this.#plan.ghostRules?.real.has(address) === true;
	}

	#context(signal: AbortSignal): AskContext {
		const { limits, guard, group } = this.#plan;
		const { engine, onSent } = this.#deps;
		return { engine, limits, guard, group, signal, onSent };
	}
}

/** Tells the watch what earlier runs of a scan have settled; yields now and then, for a caller that has others waiting. */
export function* restoreWatch(
	watch: Pick<NetworkWatch<unknown, unknown>, "restore" | "lineUp" | "restoreVerdict">,
	scan: number,
	journal: Pick<ScanJournal, "targets" | "ghosts">,
): Generator<void> {
	for (let after = -1; ; ) {
		const page = journal.targets(scan, ["alive", "dead", "done"], after, 10_000);
		const last = page.at(-1);
		if (last === undefined) break;
		for (const { address, state, how, checkpoint } of page) {
			if (state === "dead" || how === askedAnyway) {
				watch.restore(address, "silent");
				if (state === "alive") watch.lineUp([address]);
			} else if (state === "alive") watch.restore(address, "answered");
			else watch.restore(address, isGhostTally(checkpoint) ? "ghost" : "host");
		}
		after = last.index;
		yield;
	}
	for (const { network, kind, pattern } of journal.ghosts(scan)) {
		if (kind !== "accepts-any-port" && kind !== "told") watch.restoreVerdict(network, hollow(kind, pattern));
	}
}

/** What refused a port, or was silent on every port it was asked, does not accept whatever it is asked. */
function mayAcceptAnything({ how }: Target, { discoveryPorts }: ScanPlan): boolean {
	if (how === askedAnyway) return discoveryPorts.length === 0;
	return how === null || !/ closed$/.test(how);
}

function lookOf(progress: HostProgress, { records, coverage }: HostOutcome) {
	const open = [...progress.open];
	const spoke =
		records.some(({ kind }) => kind !== "host" && kind !== "ports") ||
		coverage.ports.some(({ outcome }) => outcome === "answered");
	const errors = open.map((port) => {
		const http = records.find((record) => record.kind === "http" && record.port === port);
		return http?.kind === "http" && gatewayErrors.has(http.data.status) ? http.data.status : null;
	});
	const gatewayError = errors.length > 0 && errors[0] !== null && errors.every((status) => status === errors[0]);
	return { asked: progress.settled, open, closed: progress.closed, spoke, gatewayError };
}

function isGhostTally(checkpoint: string | null): boolean {
	return readTally(checkpoint).ghosts > 0;
}
