/** Asks one address a few ports through the engine of its scan or map: same limits, same guard, same groups. */
import { type CanaryTally, noCanaries } from "../evidence/ghost-sighting.ts";
import { eachBatch } from "../packets/each-batch.ts";
import type { EngineLimits, PairState, PortEngine, PortJob } from "../packets/engine.ts";
import { addCanaries, canariesAsked, canaryPorts, judgeCanaries, tallyCanaries } from "./canary.ts";

export interface AskContext extends Pick<PortJob, "group" | "guard" | "shared"> {
	readonly engine: PortEngine;
	readonly limits: EngineLimits;
	readonly signal: AbortSignal;
	/** Attempts sent, as they are sent. */
	readonly onSent: (attempts: number) => void;
}

/** State of each port that was settled; ports missing from it were not, because the signal came first. */
export async function askPorts(
	address: string,
	ports: readonly number[],
	context: AskContext,
): Promise<Map<number, PairState>> {
	const { engine, limits, signal, onSent, guard, group, shared } = context;
	const states = new Map<number, PairState>();
	if (ports.length === 0 || signal.aborted) return states;
	const run = engine.run({
		addresses: [address],
		ports,
		limits,
		...(guard === undefined ? {} : { guard }),
		...(group === undefined ? {} : { group }),
		...(shared === undefined ? {} : { shared }),
	});
	await eachBatch(run, signal, ({ answers }, sent) => {
		onSent(sent);
		for (const { port, state } of answers) if (!states.has(port)) states.set(port, state);
	});
	return states;
}

export interface CanaryQuestion {
	/** The scan's or map's number. */
	readonly salt: number;
	readonly address: string;
	/** As discovery measured it; null when unknown. */
	readonly rttMs: number | null;
	readonly asked: ReadonlySet<number>;
	readonly fragile: ReadonlySet<number>;
}

/** A device that answers for everybody is as quick with the next port as it was with the first. */
const shortestWaitMs = 300;
const roundTripsToWait = 8;

/** Waits for an address of which it is known how quickly it answers. */
export function quickPatience(
	{ timeoutMs, retries }: EngineLimits,
	rttMs: number | null,
): Pick<EngineLimits, "timeoutMs" | "retries"> {
	const waitMs = rttMs === null ? timeoutMs : Math.min(timeoutMs, shortestWaitMs + rttMs * roundTripsToWait);
	return { timeoutMs: Math.max(1, Math.round(waitMs)), retries: Math.min(1, retries) };
}

/**
 * Asks the canaries; when some but not enough are accepted, once more others with the scan's whole patience. Null when the
 * signal ended it.
 */
export async function askCanaries(
	question: CanaryQuestion,
	context: AskContext,
): Promise<{ verdict: "accepts" | "honest"; tally: CanaryTally } | null> {
	const { salt, address, rttMs, asked, fragile } = question;
	const ports = canaryPorts(salt, address, { asked, fragile }, canariesAsked * 2);
	const { timeoutMs, retries } = context.limits;
	const quick = quickPatience(context.limits, rttMs);
	let tally = noCanaries;
	for (const [from, patience] of [[0, quick] as const, [canariesAsked, { timeoutMs, retries }] as const]) {
		const wanted = ports.slice(from, from + canariesAsked);
		const states = await askPorts(address, wanted, { ...context, limits: { ...context.limits, ...patience } });
		if (context.signal.aborted) return null;
		tally = addCanaries(tally, tallyCanaries(wanted, states));
		const verdict = judgeCanaries(tally);
		if (verdict !== "unsure") return { verdict, tally };
	}
	return { verdict: "honest", tally };
}
