/** What a back end of the connect engine does: one attempt at a time, told apart by slot numbers. Knows no jobs and no limits. */
import { constants } from "node:os";

const { errno } = constants;

/** How an attempt stands. `shortage` and `no-port` mean this machine lacks something; they say nothing about the target. */
export const outcome = {
	pending: 0,
	open: 1,
	closed: 2,
	/** The kernel gave up waiting, or the route forgot about it. */
	silent: 3,
	unreachable: 4,
	/** No descriptor or memory left. */
	shortage: 5,
	/** No local port or source address towards this host. */
	noPort: 6,
	/** Connected to itself, or a recycled socket misbehaved: nothing was learned, ask again at once. */
	again: 7,
} as const;
export type Outcome = (typeof outcome)[keyof typeof outcome];

/** Where to connect to. `socketAddress` is a `sockaddr_in` or `sockaddr_in6` with the port left empty. */
export interface Destination {
	readonly address: string;
	readonly socketAddress: Uint8Array;
	/** How often it is still worth looking for an answer at once, as on loopback. Kept by the connector. */
	eagerness: number;
}

export interface Connector {
	readonly name: "connect-epoll" | "connect-node";
	/** Attempts that may be open at once. */
	readonly capacity: number;
	/** True when `poll` may block its thread for the given time instead of returning to the event loop. */
	readonly blocks: boolean;
	/** Starts an attempt. Anything but `pending` is its outcome, and the slot is free again. */
	start(slot: number, destination: Destination, port: number): Outcome;
	/** Ends a pending attempt without a further packet. */
	cancel(slot: number): void;
	/** Hands over what was answered meanwhile, waiting up to `waitMs` for the first answer. Returns how many. */
	poll(waitMs: number, finished: (slot: number, result: Outcome) => void): number;
	close(): void;
}

/** Eagerness of a destination nothing is known about: a few looks, then only when they pay. */
export const initialEagerness = 4;
export const maxEagerness = 16;

/** What an errno of connect says about the target. */
export function outcomeOf(failure: number): Outcome {
	switch (failure) {
		case 0:
		// The peer completed the handshake and then hung up on us: something listens.
		case errno.ECONNRESET:
		case errno.EPIPE:
			return outcome.open;
		// Closed without a cause, or connected before it was asked to: the socket's fault.
		case errno.ECONNABORTED:
		case errno.EISCONN:
			return outcome.again;
		case errno.ECONNREFUSED:
			return outcome.closed;
		case errno.ETIMEDOUT:
			return outcome.silent;
		case errno.EMFILE:
		case errno.ENFILE:
		case errno.ENOBUFS:
		case errno.ENOMEM:
			return outcome.shortage;
		case errno.EADDRNOTAVAIL:
		case errno.EADDRINUSE:
		case errno.EAGAIN:
			return outcome.noPort;
		default:
			return outcome.unreachable;
	}
}
