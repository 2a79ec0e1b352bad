/**
 * What a port engine is: something that finds out the state of many host × port pairs. The connect engine is one; it
 * needs no privileges. Engines run off the main thread and never see a target that scope has not passed.
 */

/** `open` handshake done; `closed` refused; `filtered` no answer after all tries; `unreachable` ICMP or no route. */
export const pairStates = ["open", "closed", "filtered", "unreachable"] as const;
export type PairState = (typeof pairStates)[number];

export interface PortJob {
	/** Canonical addresses, IPv4 or IPv6. */
	readonly addresses: readonly string[];
	readonly ports: readonly number[];
	/** Stop asking further ports of an address once one has answered (host discovery). */
	readonly firstAnswerOnly?: boolean;
	readonly limits: EngineLimits;
	/** Jobs of one group share one rate and one in-flight limit: a scan that asks host by host is one sender. */
	readonly group?: string;
	/**
	 * What may be sent to, checked again where packets leave. Absent: only addresses that are never targets are refused.
	 * Pass the same object with each job of a scan: it is then carried over and read once.
	 */
	readonly guard?: AddressGuard;
}

/** Inclusive address ranges as text: first and last. An address is let through when allowed and not denied. */
export interface AddressGuard {
	readonly allow: readonly (readonly [string, string])[];
	readonly deny: readonly (readonly [string, string])[];
}

export interface EngineLimits {
	/** Connection attempts a second, over all hosts. */
	readonly ratePerSecond: number;
	/** Attempts open at once, over all hosts; the engine caps it by file descriptors. */
	readonly inFlight: number;
	/** Attempts open at once to one host. */
	readonly inFlightPerHost: number;
	/** How long an attempt may take before it is retried. The engine shortens it as it learns the round-trip time. */
	readonly timeoutMs: number;
	/** Further tries for a silent pair. */
	readonly retries: number;
}

/** Answers since the last batch. Closed pairs are ranges-friendly: ports in ascending order per address. */
export interface PortBatch {
	readonly answers: readonly { address: string; port: number; state: PairState; rttMs: number | null }[];
	/** Pairs settled so far in this job, those skipped or refused included, and attempts sent. */
	readonly settled: number;
	readonly sent: number;
	/** Addresses of the job the guard turned away; nothing was sent to them and they get no answers. */
	readonly refused?: number;
}

export interface PortRun extends AsyncIterable<PortBatch> {
	/** No packet leaves after this resolves (well under a second). What was not settled is simply not reported. */
	stop(): Promise<void>;
}

export interface PortEngine {
	/** connect-uring, connect-epoll, connect-node, raw. */
	readonly name: string;
	/** Why this engine and not a faster one, a sentence for `daemon.status`. */
	readonly reason: string;
	run(job: PortJob): PortRun;
	close(): Promise<void>;
}
