/** For tests only: a probe's context on loopback over the daemon's own dialer. */
import { openDialer } from "../dialer.ts";
import type { ProbeContext } from "../probe.ts";

export interface DialedOptions {
	readonly address?: string;
	readonly hostname?: string;
	readonly tls?: boolean;
	readonly deadlineMs?: number;
}

export function dialedContext(port: number, options: DialedOptions = {}): ProbeContext {
	const { address = "127.0.0.1", hostname = null, tls = false, deadlineMs = 15_000 } = options;
	const signal = AbortSignal.timeout(deadlineMs);
	const dial = openDialer({ address, port, hostname, tls, signal });
	return { address, port, hostname, tls, signal, dial, now: () => Date.now() };
}
