/**
 * Ports that answered the first packet and refused the connection that was to follow: a firewall answers for the host, or
 * has had enough of us, or the service has just ended. Nothing was proved either way. Pure.
 */
import type { PortCoverage } from "../evidence/coverage.ts";
import type { PoolSurvey } from "./probe-pool.ts";

/** Of the ports found open. */
export function refusedPorts(open: ReadonlySet<number>, surveys: readonly PoolSurvey[]): ReadonlySet<number> {
	const refused = surveys.filter(({ coverage }) => isRefused(open, coverage));
	return new Set(refused.map(({ coverage }) => coverage.port));
}

/** Such a port is not proved closed, so nothing that was found there before is fixed by it. */
export function withoutProof(open: ReadonlySet<number>, coverage: PortCoverage): PortCoverage {
	return isRefused(open, coverage) ? { ...coverage, outcome: "silent" } : coverage;
}

function isRefused(open: ReadonlySet<number>, { port, protocol, outcome }: PortCoverage): boolean {
	return protocol === "tcp" && outcome === "closed" && open.has(port);
}
