/** One way of asking hosts, over sockets of its own: how it is sent, and what comes back. The sweep knows when and whom. */
import type { HostKey } from "./host-key.ts";
import type { ProbeKind, UdpState } from "./job.ts";

/** Where a question goes. `socketAddress` is a sockaddr_in or sockaddr_in6 with port 0. */
export interface Destination {
	readonly key: HostKey;
	readonly family: 4 | 6;
	readonly socketAddress: Uint8Array;
}

/** `full`: the machine has no buffer to spare, try again soon. `never`: it cannot be sent there, now or later. */
export type SendOutcome = "sent" | "full" | "never";

export interface Heard {
	/** Whom it is about. */
	readonly key: HostKey;
	readonly kind: ProbeKind;
	readonly port: number;
	readonly state: UdpState;
	/** It came from the host itself. */
	readonly alive: boolean;
	readonly reply: Uint8Array | null;
	readonly mac: string | null;
}

export interface Channel {
	/** `variant` counts the datagrams there are for a UDP port. */
	send(to: Destination, port: number, variant: number): SendOutcome;
	/** Hands over what has come in, so many at most. Returns how many packets it has read. */
	receive(limit: number, heard: (answer: Heard) => void): number;
	/** Sockets that become readable when something comes in. */
	readonly fds: readonly number[];
	close(): void;
}

/** Why the machine could not do it, as far as it goes away by itself. */
export function isShortage(code: number, errno: Readonly<Record<string, number>>): boolean {
	return code === errno.EAGAIN || code === errno.ENOBUFS || code === errno.ENOMEM;
}
