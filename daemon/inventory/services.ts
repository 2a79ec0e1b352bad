/** Reads from one run's coverage and evidence which ports are open and what answers there. Pure. */
import type { HostCoverage, PortCoverage } from "../evidence/coverage.ts";
import { coversClosed } from "../evidence/covers.ts";
import type { EvidenceRecord } from "../evidence/record.ts";
import { placeOf, type SeenAtPlace, type SeenService } from "../store/services.ts";

export interface ServiceChanges {
	/** As they are now. */
	seen: SeenAtPlace[];
	/** Proved closed. */
	gone: SeenService[];
}

/** What a run says of the services at its address, against those known before. `at` in milliseconds. */
export function serviceChanges(
	records: readonly EvidenceRecord[],
	coverage: HostCoverage,
	known: readonly SeenService[],
	at: number,
): ServiceChanges {
	const here = known.filter((service) => service.address === coverage.address);
	const before = new Map(here.map((service) => [placeOf(service), service]));
	const seen: ServiceChanges["seen"] = [];
	for (const port of coverage.ports) {
		if (port.outcome !== "answered" && port.outcome !== "unknown") continue;
		const found = describe(port, coverage.address, records, at);
		const previous = before.get(placeOf(found));
		// Unrecognised this time is not "something else": the name stays until another one answers.
		const service = found.name === null && previous ? { ...previous, lastSeen: at } : found;
		seen.push({ service, before: previous });
	}
	return { seen, gone: here.filter((service) => coversClosed(coverage, service)) };
}

/**
 * A run that asked a few ports must not make the others vanish from the list of all of them: the services known before,
 * neither seen again nor proved closed, are put back into a `ports` record. Other records pass as they are.
 */
export function withServicesNotAsked(
	record: EvidenceRecord,
	coverage: HostCoverage,
	{ seen, gone }: ServiceChanges,
	known: readonly SeenService[],
): EvidenceRecord {
	if (record.kind !== "ports") return record;
	const settled = new Set([...seen.map(({ service }) => service), ...gone].map(placeOf));
	const standing = known.filter((one) => one.address === coverage.address && !settled.has(placeOf(one)));
	if (standing.length === 0) return record;
	const open = [
		...record.data.open,
		...standing.map(({ port, protocol, name, product, version, tls }) => ({
			port,
			protocol,
			service: name,
			product,
			version,
			tls,
		})),
	].sort((a, b) => a.port - b.port || a.protocol.localeCompare(b.protocol));
	return { ...record, data: { ...record.data, open } };
}

type Named = { product: string | null; version: string | null; info: string | null };

function describe(port: PortCoverage, address: string, records: readonly EvidenceRecord[], at: number): SeenService {
	// A virtual host says what it is, not what the port is.
	const here = records.filter(
		(record) => record.port === port.port && record.protocol === port.protocol && !record.instance,
	);
	// The last one is the most particular: elasticsearch behind http.
	const application = here.filter((record) => "product" in record.data).at(-1);
	const listed = records
		.flatMap((record) => (record.kind === "ports" ? record.data.open : []))
		.find((open) => open.port === port.port && open.protocol === port.protocol);
	const named: Named | null = application === undefined ? null : (application.data as Named);
	// Of another scanner, where its list of ports is older than the one that is held.
	const told = here.find((record) => record.kind === "nmap")?.data.service;
	const insideTls = here.some((record) => record.kind === "tls" && record.data.starttls === null);
	return {
		address,
		port: port.port,
		protocol: port.protocol,
		name: listed?.service ?? application?.kind ?? (told?.method === "probed" ? told.name : null),
		tls: listed?.tls ?? insideTls,
		product: listed?.product ?? named?.product ?? told?.product ?? null,
		version: listed?.version ?? named?.version ?? told?.version ?? null,
		info: named?.info ?? told?.info ?? null,
		lastSeen: at,
	};
}
