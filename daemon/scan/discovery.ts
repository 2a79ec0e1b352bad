/**
 * Asks a window of addresses whether somebody is there: the first answer of any kind says so. Echo requests and, on the
 * local link, ARP go first; who answers those at once is asked nothing else.
 */
import { askDatagrams } from "../packets/datagrams/ask.ts";
import type { DatagramAnswer, DatagramEngine, DatagramProbes, SkippedProbe } from "../packets/datagrams/job.ts";
import { eachBatch } from "../packets/each-batch.ts";
import type { NetworkFigures, PortEngine } from "../packets/engine.ts";
import { routeReader } from "../packets/link-watch.ts";
import { addressBytes, parseAddress } from "../scope/address.ts";
import type { Target } from "./journal.ts";
import type { ScanPlan } from "./plan.ts";

export interface DiscoveryEngines {
	readonly ports: PortEngine;
	/** Absent: nothing but TCP is tried. */
	readonly datagrams?: DatagramEngine | undefined;
	/** Whether this machine has a route to an address; read anew for each window. */
	readonly routes?: () => (address: string) => boolean;
}

/** In place of how it was found: nothing could be sent there. */
export const withoutRoute = "no route";

export interface DiscoveryListener {
	/** Those that answered as they are found, with the packets sent since last time. The taker is waited for. */
	found(found: Target[], sent: number, networks: readonly NetworkFigures[]): Promise<void>;
	/** Ways of asking this machine is not allowed; may be told more than once. */
	skipped?(skipped: readonly SkippedProbe[]): void;
}

type DiscoveryPlan = Pick<ScanPlan, "discoveryPorts" | "discovery" | "limits" | "guard" | "group" | "fragilePorts">;

/** Most of those who are there have answered by then; asking the silent ones more waits no longer. Milliseconds. */
const headStartMs = 250;
/** What ARP takes until it is certain that nobody has an address: a try and another one. */
const linkHeadStartMs = 500;

/** Resolves with those that stayed silent; null when the signal ended it, for then nothing is known of them. */
export async function discover(
	targets: readonly Target[],
	plan: DiscoveryPlan,
	{ ports, datagrams, routes = machineRoutes }: DiscoveryEngines,
	signal: AbortSignal,
	listener: DiscoveryListener,
): Promise<Target[] | null> {
	const window = new DiscoveryWindow(targets, plan, signal, listener);
	const { discovery } = plan;
	if (datagrams === undefined || discovery === undefined) await window.askPorts(ports);
	else {
		const { icmp: echo, arp: link, ackPorts, udpPorts } = discovery;
		const first = window.askDatagrams(datagrams, { echo, link });
		await soonerOf(first, link ? linkHeadStartMs : headStartMs, signal);
		await Promise.all([first, window.askPorts(ports), window.askDatagrams(datagrams, { ackPorts, udpPorts })]);
	}
	return signal.aborted ? null : window.silent(routes());
}

/** Whether this machine's main routing table, as it is now, leads to an address. */
export function machineRoutes(): (address: string) => boolean {
	const leads = routeReader();
	return (address) => {
		const parsed = parseAddress(address);
		return parsed === null || leads(addressBytes(parsed));
	};
}

class DiscoveryWindow {
	readonly #waiting: Map<string, Target>;
	/** On the local link, where nobody has them: no packet can get there. */
	readonly #absent = new Set<string>();
	/** An engine was told by this machine, or by a router, that nothing gets there. */
	readonly #unreachable = new Set<string>();
	readonly #plan: DiscoveryPlan;
	readonly #signal: AbortSignal;
	readonly #listener: DiscoveryListener;

	constructor(targets: readonly Target[], plan: DiscoveryPlan, signal: AbortSignal, listener: DiscoveryListener) {
		this.#waiting = new Map(targets.map((target) => [target.address, target]));
		this.#plan = plan;
		this.#signal = signal;
		this.#listener = listener;
	}

	/** Where an engine could not get to and no route leads, silence is this machine's own: it says so in `how`. */
	silent(hasRoute: (address: string) => boolean): Target[] {
		return [...this.#waiting.values()].map((target) =>
			this.#unreachable.has(target.address) && !hasRoute(target.address) ? { ...target, how: withoutRoute } : target,
		);
	}

	async askPorts(engine: PortEngine): Promise<void> {
		const addresses = this.#toAsk();
		if (addresses.length === 0 || this.#plan.discoveryPorts.length === 0 || this.#signal.aborted) return;
		const { discoveryPorts, limits, guard, group } = this.#plan;
		const run = engine.run({ addresses, ports: discoveryPorts, firstAnswerOnly: true, limits, guard, group });
		await eachBatch(run, this.#signal, ({ answers, networks = [] }, sent) => {
			const found = answers.flatMap(({ address, port, state, rttMs }) => {
				if (state === "unreachable") this.#unreachable.add(address);
				return state === "open" || state === "closed" ? this.#found(address, `tcp ${port} ${state}`, rttMs) : [];
			});
			return this.#listener.found(found, sent, networks);
		});
	}

	async askDatagrams(engine: DatagramEngine, probes: DatagramProbes): Promise<void> {
		const addresses = this.#toAsk();
		const { link = false, echo = false, ackPorts = [], udpPorts = [] } = probes;
		if (addresses.length === 0 || !(link || echo || ackPorts.length + udpPorts.length > 0)) return;
		const { limits, guard, group } = this.#plan;
		const fragilePorts = [...this.#plan.fragilePorts];
		const job = { addresses, probes, limits, guard, group, fragilePorts, firstAnswerOnly: true };
		const note = await askDatagrams(engine, job, this.#signal, (batch, sent) => {
			const found = batch.answers.flatMap((answer) => {
				if (answer.kind === "link" && !answer.alive) this.#absent.add(answer.address);
				return answer.alive ? this.#found(answer.address, howFound(answer), answer.rttMs) : [];
			});
			return this.#listener.found(found, sent, batch.networks ?? []);
		});
		if (note !== null && note.skipped.length > 0) this.#listener.skipped?.(note.skipped);
	}

	/** The target, the first time that it answers. */
	#found(address: string, how: string, rttMs: number | null): Target[] {
		const target = this.#waiting.get(address);
		if (target === undefined) return [];
		this.#waiting.delete(address);
		return [{ ...target, state: "alive", how, rttMs }];
	}

	#toAsk(): string[] {
		return [...this.#waiting.keys()].filter((address) => !this.#absent.has(address));
	}
}

/** How an answer is told: `icmp echo`, `arp 52:54:00:12:34:56`, `tcp 80 reset`, `udp 161 answered`, `udp 137 closed`. */
function howFound({ address, kind, port, state, mac }: DatagramAnswer): string {
	switch (kind) {
		case "echo":
			return "icmp echo";
		case "link":
			return `${address.includes(":") ? "nd" : "arp"} ${mac}`;
		case "ack":
			return `tcp ${port} reset`;
		case "udp":
			return `udp ${port} ${state === "open" ? "answered" : state}`;
	}
}

/** The hardware address in what `howFound` wrote; null when there is none. */
export function macIn(how: string | null): string | null {
	return /^(?:arp|nd) ((?:[0-9a-f]{2}:){5}[0-9a-f]{2})$/.exec(how ?? "")?.[1] ?? null;
}

/** Resolves when the work is done, when the time is up or when the signal says so, whichever is first. */
async function soonerOf(work: Promise<unknown>, ms: number, signal: AbortSignal): Promise<void> {
	const { promise, resolve } = Promise.withResolvers<void>();
	const timer = setTimeout(resolve, ms);
	const end = () => resolve();
	signal.addEventListener("abort", end, { once: true });
	work.then(end, end);
	await promise;
	clearTimeout(timer);
	signal.removeEventListener("abort", end);
}
