/** Reads from evidence what a machine may be recognised by. Pure. */
import type { EvidenceRecord } from "../evidence/record.ts";
import type { Identifier } from "../store/identifiers.ts";

/** More would be a host making names up. */
const mostNames = 64;
const hostName = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))*$/;

/** Every identifier in the records of one host, without repeats; `hostname` is what it was asked for by. */
export function gatherIdentifiers(
	address: string,
	hostname: string | null,
	records: readonly EvidenceRecord[],
): Identifier[] {
	const found: Identifier[] = [{ kind: "ip", value: address }];
	for (const name of gatherNames(hostname, records)) found.push({ kind: "name", value: name });
	for (const record of records) {
		// A name may be served from many machines with one key.
		if (record.instance) continue;
		if (record.kind === "ssh") {
			for (const key of record.data.hostKeys) found.push({ kind: "ssh-host-key", value: key.fingerprint });
		}
		found.push(...fromInside(record));
		if (record.kind === "certificate") found.push({ kind: "tls-key", value: record.data.keyFingerprint });
	}
	return [...new Map(found.map((identifier) => [`${identifier.kind} ${identifier.value}`, identifier])).values()];
}

/** What only a login sees. A container's interfaces have addresses of their own making, so only those set by a maker count. */
function fromInside(record: EvidenceRecord): Identifier[] {
	if (record.kind === "login") {
		const { hostKey, tracking, via } = record.data;
		const own = hostKey?.state === "known" && (via.length === 0 || record.data.method !== null);
		return [
			...(own ? [{ kind: "ssh-host-key" as const, value: hostKey.fingerprint }] : []),
			...(tracking?.id == null ? [] : [{ kind: "host-id" as const, value: tracking.id }]),
		];
	}
	if (record.kind === "interfaces") {
		return record.data.interfaces
			.flatMap(({ mac }) => (mac !== null && isMakers(mac) ? [{ kind: "mac" as const, value: mac }] : []))
			.slice(0, mostNames);
	}
	if (record.kind !== "system") return [];
	const { machineId, dmi, cloud } = record.data;
	return [
		...(machineId === null ? [] : [{ kind: "machine-id" as const, value: machineId }]),
		...(dmi.uuid === null ? [] : [{ kind: "dmi-uuid" as const, value: dmi.uuid }]),
		...(cloud?.instanceId == null
			? []
			: [{ kind: "cloud-instance" as const, value: `${cloud.provider} ${cloud.instanceId}` }]),
	];
}

/** IEEE 802: of the first byte, the lowest bit marks a group and the next a local assignment. */
function isMakers(mac: string): boolean {
	return mac !== "00:00:00:00:00:00" && (Number.parseInt(mac.slice(0, 2), 16) & 3) === 0;
}

/** Names of the host, the most telling first: what it was asked for by, reverse look-up, what its services say. */
export function gatherNames(hostname: string | null, records: readonly EvidenceRecord[]): string[] {
	const names: (string | null)[] = [hostname];
	for (const record of records) {
		if (record.kind === "host") names.push(record.data.targetName, ...record.data.names);
	}
	for (const record of records) {
		if (record.kind === "smtp") names.push(record.data.hostname);
		if (record.kind === "snmp") names.push(record.data.sysName);
		if (record.kind === "system") names.push(record.data.fqdn, notLocal(record.data.hostname));
		if (record.kind === "system") names.push(record.data.fqdn, record.data.hostname);
	}
	const clean = names.flatMap((name) => cleanName(name) ?? []);
	return [...new Set(clean)].slice(0, mostNames);
}

/** What a machine calls itself that nobody gave a name. */
function notLocal(name: string | null): string | null {
	return name?.startsWith("localhost") === true ? null : name;
}

/** Lower case, without the final dot; null for what is no host name (an address, say, or bytes out to do harm). */
function cleanName(name: string | null): string | null {
	const clean = name?.toLowerCase().replace(/\.$/, "") ?? "";
	return hostName.test(clean) && !/^[\d.]+$/.test(clean) ? clean : null;
}
