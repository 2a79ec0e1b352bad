/** Questions to a run's coverage: was this port proved closed, was this kind gathered there, is it proved absent? Pure. */
import type { Transport } from "../../protocol/model/transport.ts";
import type { HostCoverage, PortCoverage } from "./coverage.ts";
import { isImportedKind } from "./imported.ts";

interface Place {
	address: string;
	/** 0: the whole host. */
	port: number;
	protocol: Transport;
	/** A virtual host there; absent or empty: what answers without being asked for one. */
	instance?: string;
}

/** The port refused: nothing can be there. */
export function coversClosed(coverage: HostCoverage, place: Place): boolean {
	if (!reached(coverage, place) || place.port === 0) return false;
	const listed = findPort(coverage, { ...place, instance: "" });
	if (listed !== undefined) return listed.outcome === "closed";
	return place.protocol === "tcp" && coverage.closedTcp.some(([from, to]) => from <= place.port && place.port <= to);
}

/** A kind was gathered completely at the place: a check on it that is clear may close. */
export function coversKind(coverage: HostCoverage, place: Place, kind: string): boolean {
	if (!reached(coverage, place)) return false;
	if (place.port === 0) return includes(coverage.hostKinds, kind);
	const port = findPort(coverage, place);
	if (port === undefined || (port.outcome !== "answered" && port.outcome !== "unknown")) return false;
	return includes(port.kinds, kind) && !includes(port.failed, kind);
}

/**
 * Another protocol was positively recognised on the port: a kind neither gathered nor tried in vain is not there. Where the
 * port itself speaks another one, its virtual hosts are gone too.
 */
export function coversAbsence(coverage: HostCoverage, place: Place, kind: string): boolean {
	if (!reached(coverage, place) || place.port === 0 || isImportedKind(kind)) return false;
	const port = findPort(coverage, place) ?? findPort(coverage, { ...place, instance: "" });
	return port?.outcome === "answered" && !includes(port.kinds, kind) && !includes(port.failed, kind);
}

/** What the run says of one port; undefined when it is in no list or only in `closedTcp`. */
export function findPort(coverage: HostCoverage, place: Place): PortCoverage | undefined {
	const { instance = "" } = place;
	const isThere = (port: PortCoverage) => port.port === place.port && port.protocol === place.protocol;
	if (instance === "") return coverage.ports.find(isThere);
	return coverage.instances?.find((one) => one.instance === instance && isThere(one));
}

function reached(coverage: HostCoverage, place: Place): boolean {
	return coverage.alive && coverage.address === place.address;
}

function includes(kinds: readonly string[], kind: string): boolean {
	return kinds.includes(kind);
}
