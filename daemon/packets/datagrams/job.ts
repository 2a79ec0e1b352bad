/**
 * What the datagram engine is asked and what it answers: whether hosts are there (echo requests, ARP and neighbour
 * discovery, TCP ACKs, UDP) and which UDP ports answer. What it is not allowed to send is left out, and said.
 */
import type { AddressGuard, EngineLimits, PortBatch, PortJob } from "../engine.ts";

/** Ways of asking. `link`: ARP for IPv4, neighbour solicitation for IPv6, where the address is on the local link. */
export const probeKinds = ["link", "echo", "ack", "udp"] as const;
export type ProbeKind = (typeof probeKinds)[number];

export interface DatagramProbes {
	readonly link?: boolean;
	readonly echo?: boolean;
	/** Each is sent a TCP ACK, to which a host without a firewall answers with a reset, whatever the port. */
	readonly ackPorts?: readonly number[];
	/** Each is sent what its protocol answers to, or an empty datagram. */
	readonly udpPorts?: readonly number[];
}

export interface DatagramJob {
	/** Canonical addresses, IPv4 or IPv6. */
	readonly addresses: readonly string[];
	readonly probes: DatagramProbes;
	readonly limits: EngineLimits;
	/** As for port jobs: one rate with everything else of that name, whichever engine sends it. */
	readonly group?: string;
	readonly shared?: NonNullable<PortJob["shared"]>;
	/** Asked for every packet. Absent: only addresses that are never targets are refused. */
	readonly guard?: AddressGuard;
	/** Ports that get nothing at all. */
	readonly fragilePorts?: readonly number[];
	/** Ask an address no further once it is known to be alive. */
	readonly firstAnswerOnly?: boolean;
}

/**
 * Of a UDP port: `open` it answered; `closed` ICMP says so; `filtered` ICMP says it may not be asked (3/9, 3/10, 3/13);
 * `unreachable` ICMP says there is no way. Silence may be an open port that has nothing to say, or a filter: no answer.
 */
export const udpStates = ["open", "closed", "filtered", "unreachable"] as const;
export type UdpState = (typeof udpStates)[number];

export interface DatagramAnswer {
	readonly address: string;
	readonly kind: ProbeKind;
	/** 0 for echo and link. */
	readonly port: number;
	/** `open` for all but UDP; and `unreachable` for a link on which nobody has the address: no packet can get there. */
	readonly state: UdpState;
	/** It came from the address itself and not from a router on the way: the host is alive. */
	readonly alive: boolean;
	readonly rttMs: number | null;
	/** First bytes of what a UDP port answered. */
	readonly reply: Uint8Array | null;
	/** Hardware address, `52:54:00:12:34:56`; of link answers. */
	readonly mac: string | null;
}

export interface DatagramBatch {
	readonly answers: readonly DatagramAnswer[];
	/** Questions settled so far in this job, those skipped included, and packets sent. */
	readonly settled: number;
	readonly sent: number;
	/** Addresses of the job the guard turned away. */
	readonly refused: number;
	/** As in `PortBatch`. */
	readonly networks?: NonNullable<PortBatch["networks"]>;
	readonly slowedBy?: NonNullable<PortBatch["slowedBy"]>;
}

/** A way of asking that was wanted and could not be taken, and why (a clause). */
export interface SkippedProbe {
	readonly kind: ProbeKind;
	readonly reason: string;
}

/** What is known at the end of a job. */
export interface DatagramNote {
	readonly skipped: readonly SkippedProbe[];
	/** Addresses that tell of closed UDP ports only now and then (RFC 1812 section 4.3.2.8 lets them): silence says little. */
	readonly sparing: readonly string[];
}

export interface DatagramRun extends AsyncIterable<DatagramBatch> {
	/** No packet leaves after this resolves. What was not settled is simply not reported. */
	stop(): Promise<void>;
	/** Complete once the run has ended. */
	readonly note: DatagramNote;
}

export interface DatagramEngine {
	run(job: DatagramJob): DatagramRun;
	close(): Promise<void>;
}
