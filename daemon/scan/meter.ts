/** Progress, rate and time left of a running scan, from its counters. Pure but for the clock it is handed. */
import type { Stage } from "../../protocol/model/scan.ts";

export interface MeterInput {
	readonly addresses: number;
	readonly discovered: number;
	readonly alive: number;
	readonly portsEach: number;
	readonly portsSettled: number;
	readonly hostsDone: number;
	readonly openSeen: number;
	readonly surveyed: number;
}

/** Share of the whole work each stage is taken to be; only the bar's smoothness hangs on it. */
const weights = { discover: 0.05, ports: 0.55, services: 0.4 };

export function stagesOf(input: MeterInput): Stage[] {
	const portsTotal = input.alive * input.portsEach;
	return [
		{ name: "discover", done: input.discovered, total: input.addresses },
		{ name: "ports", done: Math.min(input.portsSettled, portsTotal), total: portsTotal },
		{ name: "services", done: input.surveyed, total: input.openSeen },
		{ name: "assess", done: input.hostsDone, total: input.alive },
	];
}

/** 0 … 1; never 1 before the scan says it is finished. Addresses not yet discovered count as alive as often as those that were. */
export function progressOf(input: MeterInput): number {
	if (input.addresses === 0) return 0;
	const discovered = input.discovered / input.addresses;
	if (input.discovered > 0 && input.alive === 0) return Math.min(0.99, discovered);
	const aliveShare = input.discovered === 0 ? 1 : input.alive / input.discovered;
	const expectedAlive = Math.max(1, aliveShare * input.addresses);
	const ports = input.portsEach === 0 ? 1 : input.portsSettled / (expectedAlive * input.portsEach);
	const hosts = input.hostsDone / expectedAlive;
	const sum =
		weights.discover * discovered + weights.ports * Math.min(1, ports) + weights.services * Math.min(1, hosts);
	return Math.max(0, Math.min(0.99, sum));
}

/** Milliseconds left at the pace so far; null while there is too little to go by. */
export function etaOf(progress: number, activeMs: number): number | null {
	if (progress < 0.02 || activeMs < 500) return null;
	return Math.round((activeMs * (1 - progress)) / progress);
}

/** Events a second over a sliding window. */
export class RateMeter {
	readonly #windowMs: number;
	readonly #samples: { at: number; count: number }[] = [];

	constructor(windowMs = 5_000) {
		this.#windowMs = windowMs;
	}

	add(count: number, at: number): void {
		if (count > 0) this.#samples.push({ at, count });
		this.#drop(at);
	}

	/** Per second at `at`. */
	rate(at: number): number {
		this.#drop(at);
		const first = this.#samples[0];
		if (first === undefined) return 0;
		const total = this.#samples.reduce((sum, sample) => sum + sample.count, 0);
		return Math.round((total * 1000) / Math.max(1000, at - first.at));
	}

	#drop(at: number): void {
		while (this.#samples.length > 0 && at - (this.#samples[0]?.at ?? at) > this.#windowMs) this.#samples.shift();
	}
}
