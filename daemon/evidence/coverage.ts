/**
 * What ran: the ledger that lets a finding close. "Not seen" is not "fixed"; only a port that was proved closed, or a
 * check that ran again there, says so.
 */
import type { Transport } from "../../protocol/model/transport.ts";
import type { Kind } from "./record.ts";

/**
 * - `closed`: the port refused (RST, ICMP port unreachable): nothing can be there.
 * - `answered`: open; `kinds` were gathered completely, and every kind not in `kinds` nor in `failed` is absent, since
 *   another protocol was positively recognised.
 * - `unknown`: open, but not recognised or not finished: only `kinds` are covered.
 * - `silent`: no answer; covers nothing.
 */
const portOutcomes = ["closed", "answered", "unknown", "silent"] as const;
export type PortOutcome = (typeof portOutcomes)[number];

export interface PortCoverage {
	port: number;
	protocol: Transport;
	outcome: PortOutcome;
	/** Kinds with a complete record from this run. */
	kinds: Kind[];
	/** Kinds that were tried and did not finish. */
	failed: Kind[];
}

/** What one scan did on one address. Ports that were asked and are in no list below were not covered. */
export interface HostCoverage {
	address: string;
	alive: boolean;
	/** Ports proved closed, as ascending inclusive ranges; kept apart from `ports` because there are many. */
	closedTcp: [from: number, to: number][];
	ports: PortCoverage[];
	/** The same by virtual host: `instance` is its name. A port closed in `ports` has none open. */
	instances?: (PortCoverage & { instance: string })[];
	/** Host-wide kinds gathered completely (host, ports). */
	hostKinds: Kind[];
}
