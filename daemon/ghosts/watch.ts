/**
 * Watches the networks of one scan: how full each is, which of its hosts are hollow, and whether it is condemned. Decides
 * from sums alone, so that it makes no difference in which order answers come. Sends nothing, stores nothing.
 *
 * A network that looks full lets a few hosts through at a time; the others wait until it is decided, so that a ghost costs
 * a dozen port scans and not 254. Hollow hosts are held back until then; they are a host's assets or a ghost's addresses.
 */
import type { Hollow } from "./hollow.ts";
import { isLoopback, unitOf } from "./unit.ts";

/** Fewer addresses asked of a network say nothing about how full it is. */
const leastAsked = 32;
/** Of the addresses asked, those that must have answered: networks of real hosts have gaps. */
const fullShare = 0.95;
/** Above this share of answers, while discovery still runs, hosts begin to wait. */
const suspectShare = 0.9;
/** So many hollow hosts make it wait as well, and one host with something of its own for each of so many does not. */
const suspectHollow = 4;
/** Hollow hosts of one signature that are needed, and their share of the hosts that are done or at work. */
const leastHollow = 16;
const hollowShare = 0.9;
/** So many hosts with something of their own acquit a network. */
const leastLively = 8;
/** After so many hosts a network that is not condemned is honest. */
const mostPioneers = 64;
/** Hosts of an undecided, suspect network at work at once; the next ones begin when all of these are done. */
const atOnce = 8;

export type Verdict = { readonly is: "honest" } | ({ readonly is: "ghost" } & Hollow);

const honest: Verdict = { is: "honest" };

interface Unit<W, H> {
	/** Addresses of which it is settled whether somebody answers, and those that answer. */
	asked: number;
	answered: number;
	/** The same for the window under way. */
	windowAsked: number;
	windowAnswered: number;
	atWork: number;
	/** Admitted since nobody was at work. */
	batch: number;
	/** Hosts in line, waiting or at work: nothing is over while there are some. */
	toCome: number;
	/** Hosts done: those with something of their own, and hollow ones by signature. */
	lively: number;
	readonly hollow: Map<string, { hollow: Hollow; hosts: number }>;
	verdict: Verdict | null;
	readonly waiting: W[];
	readonly held: H[];
}

export interface Released<W, H> {
	readonly unit: string;
	readonly verdict: Verdict | null;
	/** Hosts whose ports may be asked now. */
	readonly waiting: readonly W[];
	/** Hollow hosts to be concluded by the verdict. */
	readonly held: readonly H[];
}

export class NetworkWatch<W, H> {
	readonly #units = new Map<string, Unit<W, H>>();
	readonly #release: (released: Released<W, H>) => void;
	#fed = false;

	/** `release` is called whenever hosts may go on; it must not throw. */
	constructor(release: (released: Released<W, H>) => void) {
		this.#release = release;
	}

	/** What an earlier run of the scan has settled; one that `answered` has its turn in this one. */
	restore(address: string, was: "silent" | "answered" | "ghost" | "host"): void {
		const unit = this.#unit(address);
		unit.asked++;
		if (was !== "silent") unit.answered++;
		if (was === "answered") unit.toCome++;
		if (was === "host") unit.lively++;
	}

	/** A verdict an earlier run came to. */
	restoreVerdict(network: string, hollow: Hollow): void {
		this.#named(network).verdict = { is: "ghost", ...hollow };
	}

	windowBegins(addresses: readonly string[]): void {
		for (const address of addresses) this.#unit(address).windowAsked++;
	}

	/** Of the window's addresses, ones that answered; they stand in line. */
	found(addresses: readonly string[]): void {
		for (const address of addresses) this.#unit(address).windowAnswered++;
		this.lineUp(addresses);
	}

	/** Stand in line. Each is given back by `passed`, or admitted. */
	lineUp(addresses: readonly string[]): void {
		for (const address of addresses) this.#unit(address).toCome++;
	}

	/** All of the window's addresses are settled. */
	windowEnds(addresses: readonly string[]): void {
		const units = new Set(addresses.map(unitOf));
		for (const name of units) {
			const unit = this.#named(name);
			unit.asked += unit.windowAsked;
			unit.answered += unit.windowAnswered;
			unit.windowAsked = unit.windowAnswered = 0;
			this.#decide(name, unit);
		}
	}

	/** No address will be discovered any more. */
	fedAll(): void {
		this.#fed = true;
		for (const [name, unit] of this.#units) this.#decide(name, unit);
	}

	/** Addresses of its network that were asked so far, with those of the window under way. */
	askedIn(address: string): number {
		const unit = this.#unit(address);
		return Math.max(1, unit.asked + unit.windowAsked);
	}

	/** How the network of an address stands; null while that is open. */
	verdictOf(address: string): Verdict | null {
		return isLoopback(address) ? honest : this.#unit(address).verdict;
	}

	/** Its network is condemned, or it is not decided yet whether it is. */
	mayBeGhost(address: string): boolean {
		if (isLoopback(address)) return false;
		const unit = this.#unit(address);
		return (unit.verdict ?? judge(unit, this.#fed))?.is !== "honest";
	}

	/**
	 * May the ports of this host be asked now? When not, it is kept and handed to `release`. A host that is admitted must be
	 * given back by one of `lively`, `hollow` and `left`. `cheap`: asking costs little, so that it never waits.
	 */
	admit(address: string, host: W, cheap: boolean): boolean {
		if (isLoopback(address)) return true;
		const unit = this.#unit(address);
		const full = unit.batch >= atOnce || waitsForDiscovery(unit);
		if (!cheap && unit.verdict === null && full && isSuspect(unit)) {
			unit.waiting.push(host);
			return false;
		}
		unit.atWork++;
		unit.batch++;
		return true;
	}

	/** One that stood in line is settled without being admitted. */
	passed(address: string): void {
		const unit = this.#unit(address);
		unit.toCome--;
		this.#decide(unitOf(address), unit);
	}

	/** An admitted host turned out to have something of its own. */
	lively(address: string): void {
		this.#done(address, (unit) => unit.lively++);
	}

	/** An admitted host that was left without a result, kept silent, or is a ghost for reasons of its own. */
	left(address: string): void {
		this.#done(address, () => undefined);
	}

	/** An admitted host is hollow. It is kept and handed to `release` once its network is decided. */
	hollow(address: string, hollow: Hollow, host: H): void {
		if (isLoopback(address)) {
			this.#release({ unit: unitOf(address), verdict: honest, waiting: [], held: [host] });
			return;
		}
		this.#done(address, (unit) => {
			const alike = unit.hollow.get(hollow.signature) ?? { hollow, hosts: 0 };
			alike.hosts++;
			unit.hollow.set(hollow.signature, alike);
			unit.held.push(host);
		});
	}

	/** Hosts still held or waiting when the work ends early; they are told to nobody after this. */
	surrender(): { waiting: W[]; held: H[] } {
		const units = [...this.#units.values()];
		return {
			waiting: units.flatMap((unit) => unit.waiting.splice(0)),
			held: units.flatMap((unit) => unit.held.splice(0)),
		};
	}

	#done(address: string, note: (unit: Unit<W, H>) => void): void {
		if (isLoopback(address)) return;
		const unit = this.#unit(address);
		unit.atWork--;
		unit.toCome--;
		note(unit);
		this.#decide(unitOf(address), unit);
	}

	#decide(name: string, unit: Unit<W, H>): void {
		unit.verdict ??= judge(unit, this.#fed);
		const free = unit.verdict !== null || !isSuspect(unit);
		// By batches: whoever is quickest must not speak for all.
		if (unit.atWork === 0) unit.batch = 0;
		const room = unit.batch === 0 && !waitsForDiscovery(unit) ? atOnce : 0;
		// Who takes one admits it again; nothing is counted here.
		const waiting = unit.waiting.splice(0, free ? unit.waiting.length : room);
		const held = unit.verdict === null ? [] : unit.held.splice(0);
		if (waiting.length + held.length > 0) this.#release({ unit: name, verdict: unit.verdict, waiting, held });
	}

	#unit(address: string): Unit<W, H> {
		return this.#named(unitOf(address));
	}

	#named(name: string): Unit<W, H> {
		let unit = this.#units.get(name);
		if (unit === undefined) {
			unit = {
				...{ asked: 0, answered: 0, windowAsked: 0, windowAnswered: 0 },
				...{ atWork: 0, batch: 0, toCome: 0, lively: 0 },
				...{ hollow: new Map(), verdict: null, waiting: [], held: [] },
			};
			this.#units.set(name, unit);
		}
		return unit;
	}
}

type Sums = Pick<
	Unit<unknown, unknown>,
	"asked" | "answered" | "windowAsked" | "windowAnswered" | "atWork" | "toCome" | "lively" | "hollow"
>;

/**
 * So full, as far as is known, that its hosts are looked at a few at a time; or, while that is being found out, with
 * hardly a host that is not hollow.
 */
function isSuspect({ asked, answered, windowAsked, windowAnswered, hollow, lively }: Sums): boolean {
	const all = asked + windowAsked;
	if (all < leastAsked) return false;
	if (answered + windowAnswered >= all * suspectShare) return true;
	const alike = mostAlike({ hollow });
	return windowAsked > 0 && alike >= suspectHollow && lively * suspectHollow <= alike;
}

/** Enough hollow hosts are known; only how full the network is remains to be seen. */
function waitsForDiscovery(unit: Sums): boolean {
	return unit.windowAsked > 0 && mostAlike(unit) >= leastHollow;
}

function mostAlike({ hollow }: Pick<Sums, "hollow">): number {
	return Math.max(0, ...[...hollow.values()].map(({ hosts }) => hosts));
}

/** Null while it cannot be said. */
function judge(unit: Sums, fed: boolean): Verdict | null {
	const settled = unit.windowAsked === 0;
	const enough = unit.asked >= leastAsked;
	if (settled && enough && unit.answered < unit.asked * fullShare) return honest;
	if (settled && fed && !enough) return honest;
	const alike = [...unit.hollow.values()];
	const told = unit.lively + alike.reduce((sum, { hosts }) => sum + hosts, 0);
	const top = alike.reduce<(typeof alike)[number] | null>(
		(best, one) => (one.hosts > (best?.hosts ?? 0) ? one : best),
		null,
	);
	const hosts = top?.hosts ?? 0;
	if (top !== null && settled && enough && hosts >= leastHollow && hosts >= (told + unit.atWork) * hollowShare) {
		return { is: "ghost", ...top.hollow };
	}
	const acquitted = told - hosts >= leastLively;
	const longEnough = settled && enough && told >= mostPioneers && unit.atWork === 0;
	const over = fed && settled && unit.toCome === 0;
	return acquitted || longEnough || over ? honest : null;
}
