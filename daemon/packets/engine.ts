/**
 * What a port engine is: something that finds out the state of many host × port pairs. The connect engine is one; it
 * needs no privileges. Engines run off the main thread and never see a target that scope has not passed.
 */
import type { AddressParts, TextRange } from "../scope/address-set.ts";

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
	/** Concurrency groups with addresses of the job: their limits hold over all jobs of all engines together. */
	readonly shared?: readonly SharedLimit[];
}

/** A set of addresses that may be sent so much at once, by whatever: those behind one hypervisor, one thin line. */
export interface SharedLimit {
	/** The same name is the same limit. */
	readonly name: string;
	/** Inclusive, as in `AddressGuard`. */
	readonly ranges: readonly (readonly [string, string])[];
	/** Packets a second, and questions open at once, over all its addresses. */
	readonly ratePerSecond: number;
	readonly inFlight: number;
}

/** Inclusive address ranges, as text or packed. An address is let through when allowed and not denied. */
export interface AddressGuard {
	readonly allow: readonly TextRange[] | AddressParts;
	readonly deny: readonly TextRange[] | AddressParts;
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
	/**
	 * Packets a second to one host, and to one /24 or IPv6 /64, whatever sends them; none when absent or 0. Like every
	 * rate here they hold in each stretch of 100 ms. Addresses of this machine itself (127/8, ::1) are not held to them.
	 */
	readonly ratePerHost?: number;
	readonly ratePerNetwork?: number;
}

/** What became of what was sent to one network since the last batch that speaks of it. */
export interface NetworkFigures {
	/** `192.0.2.0/24` or `2001:db8::/64`. */
	readonly network: string;
	readonly sent: number;
	/** Answers of any kind, resets among them. */
	readonly answers: number;
	readonly resets: number;
	/** ICMP messages that it is forbidden to ask. */
	readonly prohibited: number;
	/** Questions that were answered only when they were asked again. */
	readonly lost: number;
	/** Smoothed, as it stands; null before the first answer. */
	readonly rttMs: number | null;
}

/** Answers since the last batch. Closed pairs are ranges-friendly: ports in ascending order per address. */
export interface PortBatch {
	readonly answers: readonly { address: string; port: number; state: PairState; rttMs: number | null }[];
	/** Pairs settled so far in this job, those skipped or refused included, and attempts sent. */
	readonly settled: number;
	readonly sent: number;
	/** Addresses of the job the guard turned away; nothing was sent to them and they get no answers. */
	readonly refused?: number;
	/** Networks something happened in, a few times a second; the busiest when there are thousands. */
	readonly networks?: readonly NetworkFigures[];
	/** What held sending back since the last batch, beyond the rate of the job itself: sentences. */
	readonly slowedBy?: readonly string[];
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
