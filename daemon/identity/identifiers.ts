/** Reads from evidence what a machine may be recognised by. Pure. */
import type { EvidenceRecord, RecordOf, Source } from "../evidence/record.ts";
import type { IdentifierKind, SeenIdentifier } from "../store/identifiers.ts";
import { netbiosIn } from "./netbios.ts";
import { mayIdentify } from "./never.ts";

/** What a sighting is recognised by; `fresh`: it was only now given to the machine, which may have had another before. */
export type GatheredIdentifier = SeenIdentifier & { fresh?: true };

/** More would be a host making names up. */
const mostNames = 64;
const hostName = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))*$/;

/** Every identifier in the records of one host, without repeats; `hostname` is what it was asked for by. */
export function gatherIdentifiers(
	address: string,
	hostname: string | null,
	records: readonly EvidenceRecord[],
): GatheredIdentifier[] {
	const found: GatheredIdentifier[] = [{ kind: "ip", value: address, source: sourceOf(records), answered: true }];
	for (const name of namesIn(hostname, records)) found.push({ kind: "name", ...name });
	const sshPort = portOfKeys(records);
	for (const record of records) {
		// A name may be served from many machines with one key.
		if (record.instance) continue;
		const put = (kind: IdentifierKind, value: string, answered = true) =>
			found.push({ kind, value, source: record.source, answered });
		if (record.kind === "ssh") {
			for (const key of record.data.hostKeys) put("ssh-host-key", key.fingerprint, record.port === sshPort);
		}
		if (record.kind === "certificate") put("tls-key", record.data.keyFingerprint);
		if (record.kind === "host" && record.data.mac !== undefined) put("mac", record.data.mac);
		if (record.kind === "banner") {
			const { name, mac } = netbiosIn(record) ?? { name: null, mac: null };
			if (name !== null) put("netbios", name.toUpperCase());
			if (mac !== null) put("mac", mac, false);
		}
		found.push(...fromInside(record, sshPort), ...fromImport(record, sshPort));
	}
	return distinct(found.filter(({ kind, value }) => kind === "name" || mayIdentify(kind, value)));
}

/** Once each; what answered says more than what was claimed, and inside more than outside. */
function distinct(found: readonly GatheredIdentifier[]): GatheredIdentifier[] {
	const kept = new Map<string, GatheredIdentifier>();
	for (const one of found) {
		const key = `${one.kind} ${one.value}`;
		const before = kept.get(key);
		if (before === undefined || (one.answered && !before.answered)) kept.set(key, one);
	}
	return [...kept.values()];
}

/** Behind one address several machines may answer, each at a port of its own: who stands at 22, or lowest, is the machine. */
function portOfKeys(records: readonly EvidenceRecord[]): number | null {
	const ports = records.flatMap((record) => (hasKeys(record) && !record.instance ? [record.port] : []));
	return ports.length === 0 ? null : ports.includes(22) ? 22 : Math.min(...ports);
}

function hasKeys(record: EvidenceRecord): boolean {
	return record.kind === "ssh" || (record.kind === "nmap" && record.data.hostKeys.length > 0);
}

/** What another scanner's file says. */
function fromImport(record: EvidenceRecord, sshPort: number | null): GatheredIdentifier[] {
	const { source } = record;
	if (record.kind === "nmap") {
		const { hostKeys, host } = record.data;
		const keys = hostKeys.map(({ fingerprint: value }) => ({ kind: "ssh-host-key" as const, value }));
		return [
			...keys.map((key) => ({ ...key, source, answered: record.port === sshPort })),
			...(host?.netbios == null ? [] : [netbiosCalled(host.netbios, source)]),
		];
	}
	if (record.kind !== "nessus" || record.data.host === null) return [];
	const { macs, netbios, biosUuid } = record.data.host;
	return [
		...macs.map((value) => ({ kind: "mac" as const, value, source, answered: true })),
		...(netbios === null ? [] : [netbiosCalled(netbios, source)]),
		...(biosUuid === null ? [] : [{ kind: "dmi-uuid" as const, value: biosUuid, source, answered: true }]),
	];
}

function netbiosCalled(name: string, source: Source): GatheredIdentifier {
	return { kind: "netbios", value: name.toUpperCase(), source, answered: true };
}

/** What only a login sees. */
function fromInside(record: EvidenceRecord, sshPort: number | null): GatheredIdentifier[] {
	const seen = { source: record.source, answered: true };
	if (record.kind === "login") {
		const { hostKey, tracking, via, method, port } = record.data;
		const own = hostKey?.state === "known" && (via.length === 0 || method !== null);
		const atPort = sshPort === null || port === null || port === sshPort;
		const fresh = tracking?.state === "written" ? { fresh: true as const } : {};
		return [
			...(own ? [{ kind: "ssh-host-key" as const, value: hostKey.fingerprint, ...seen, answered: atPort }] : []),
			...(tracking?.id == null ? [] : [{ kind: "host-id" as const, value: tracking.id, ...seen, ...fresh }]),
		];
	}
	if (record.kind === "interfaces") return fromInterfaces(record);
	if (record.kind !== "system") return [];
	const { machineId, dmi, cloud, virtualization } = record.data;
	const found: GatheredIdentifier[] = [];
	if (machineId !== null) found.push({ kind: "machine-id", value: machineId, ...seen });
	// A container sees the hardware of whoever runs it.
	if (containers.test(virtualization ?? "")) return found;
	if (dmi.uuid !== null) found.push({ kind: "dmi-uuid", value: dmi.uuid, ...seen });
	if (cloud?.instanceId != null)
		found.push({ kind: "cloud-instance", value: `${cloud.provider} ${cloud.instanceId}`, ...seen });
	return found;
}

/** systemd-detect-virt(1), "Container". */
const containers = /^(?:openvz|lxc|lxc-libvirt|systemd-nspawn|docker|podman|rkt|wsl|proot|pouch)$/;
/** Made by programs, alike on many machines: their addresses say nothing of this one. */
const madeByPrograms =
	/^(?:lo|docker|veth|br-|virbr|vnet|cni|flannel|cali|cilium|lxc|lxd|podman|vmnet|kube|tun|tap|wg)/;
const ownAlone = /^(?:127\.|169\.254\.|::1$|fe80:)/i;

function fromInterfaces({ data, source }: RecordOf<"interfaces">): GatheredIdentifier[] {
	const adapters = data.interfaces.filter(({ name }) => !madeByPrograms.test(name));
	const macs = adapters.flatMap(({ mac }) =>
		mac === null ? [] : [{ kind: "mac" as const, value: mac, source, answered: true }],
	);
	const addresses = adapters
		.flatMap((adapter) => (adapter.up ? adapter.addresses : []))
		.filter(({ address }) => !ownAlone.test(address))
		.map(({ address }) => ({ kind: "ip" as const, value: address, source, answered: false }));
	return [...macs.slice(0, mostNames), ...addresses.slice(0, mostNames)];
}

/** Names of the host, the most telling first: what it was asked for by, reverse look-up, what its services say. */
export function gatherNames(hostname: string | null, records: readonly EvidenceRecord[]): string[] {
	return namesIn(hostname, records).map(({ value }) => value);
}

/** The same with who said so; `answered`: by a name server, not by the machine itself. */
function namesIn(hostname: string | null, records: readonly EvidenceRecord[]): Omit<GatheredIdentifier, "kind">[] {
	const kept = new Map<string, Omit<GatheredIdentifier, "kind">>();
	const put = (name: string | null, source: Source, answered: boolean) => {
		const value = name === null ? null : cleanName(name);
		if (value !== null && !kept.has(value) && kept.size < mostNames) kept.set(value, { value, source, answered });
	};
	put(hostname, "network", true);
	for (const { kind, data, source } of records) {
		if (kind === "host") for (const name of [data.targetName, ...data.names]) put(name, source, true);
	}
	for (const { kind, data, source } of records) {
		if (kind === "smtp") put(data.hostname, source, false);
		if (kind === "snmp") put(data.sysName, source, false);
		if (kind === "system") for (const name of [data.fqdn, notLocal(data.hostname)]) put(name, source, false);
	}
	return [...kept.values()];
}

/** The names a machine gives itself: what it says inside, its SNMP agent, its mail server. */
export function ownNames(records: readonly EvidenceRecord[]): string[] {
	const own = records.filter(({ kind }) => kind !== "host");
	return gatherNames(null, own).filter((name) => mayIdentify("name", name));
}

function sourceOf(records: readonly EvidenceRecord[]): SeenIdentifier["source"] {
	const sources = new Set(records.map(({ source }) => source));
	return sources.size === 0 || sources.has("network") ? "network" : ([...sources][0] ?? "network");
}

/** What a machine calls itself that nobody gave a name. */
function notLocal(name: string | null): string | null {
	return name?.startsWith("localhost") === true ? null : name;
}

/** Lower case, without the final dot; null for what is no host name (an address, say, or bytes out to do harm). */
function cleanName(name: string): string | null {
	const clean = name.toLowerCase().replace(/\.$/, "");
	return hostName.test(clean) && !/^[\d.]+$/.test(clean) ? clean : null;
}
