/** Made-up machines and what a scan, with or without a login, sees of them: for tests of who is who. */
import { hash } from "node:crypto";
import type { EvidenceRecord } from "../../evidence/record.ts";
import type { HostEvidence } from "../ingest.ts";
import { coverageOf, hostRecord, portOf, redisRecord } from "./hosts.ts";

/** What a machine is recognised by; null and empty: it has none. */
export interface Machine {
	hostname: string | null;
	machineId: string | null;
	dmiUuid: string | null;
	hostId: string | null;
	sshKeys: string[];
	macs: string[];
	bootedAt: number | null;
	virtualization: string;
	/** What its NetBIOS name service says; left out: it has none. */
	netbios?: string;
	/** The key its TLS server has; left out: it has none. */
	tlsKey?: string;
}

const digits = (seed: string, length: number) => hash("sha256", seed).slice(0, length);
const uuidOf = (hex: string) => `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;

/** A machine with everything of its own, made from a seed. */
export function machineOf(seed: string, rest: Partial<Machine> = {}): Machine {
	const mac = digits(`mac ${seed}`, 6).match(/../g) ?? [];
	return {
		hostname: `host-${seed}.example.org`,
		machineId: digits(`machine ${seed}`, 32),
		dmiUuid: uuidOf(digits(`dmi ${seed}`, 32)),
		hostId: uuidOf(digits(`host ${seed}`, 32)),
		sshKeys: [`SHA256:${digits(`ssh ${seed}`, 43)}`],
		macs: [["00", "1b", "21", ...mac].join(":")],
		bootedAt: null,
		virtualization: "none",
		...rest,
	};
}

export interface Look {
	scan: number | null;
	at: number;
	/** Looked inside as well. */
	login?: boolean;
	/** The host id was only now written. */
	freshHostId?: boolean;
	/** The local link tells the adapter that answered: the first one, or this one. */
	arp?: boolean | string;
	/** Asked for by this name. */
	name?: string | null;
	network?: number;
	/** Addresses it has itself; those it was seen at when left out. */
	own?: readonly string[];
	redis?: boolean;
}

/** What comes home of a machine from one address. */
export function sightingOf(machine: Machine, address: string, look: Look): HostEvidence {
	const { scan, at, name = null } = look;
	const place = { address, port: 0, protocol: "tcp", complete: true, observedAt: at } as const;
	const host = hostRecord(address, at);
	const arp = look.arp === true ? machine.macs[0] : typeof look.arp === "string" ? look.arp : undefined;
	const records: EvidenceRecord[] = [
		{ ...host, data: { ...host.data, targetName: name, ...(arp === undefined ? {} : { mac: arp }) } },
		...(machine.sshKeys.length === 0 ? [] : [sshRecord(machine, address, at)]),
		...(look.redis === true ? [redisRecord(address, at)] : []),
		...(machine.netbios === undefined ? [] : [netbiosRecord(machine.netbios, address, at)]),
		...(machine.tlsKey === undefined ? [] : [certificateRecord(machine.tlsKey, address, at)]),
	];
	const inside = look.login === true ? insideOf(machine, place, look.own ?? [address], look) : [];
	const ports = [
		...(machine.sshKeys.length === 0 ? [] : [portOf(22, "answered", ["ssh"])]),
		...(look.redis === true ? [portOf(6379, "answered", ["redis"])] : []),
	];
	return {
		...{ scan, hostname: name, startedAt: at - 1, finishedAt: at, records: [...records, ...inside] },
		...(look.network === undefined ? {} : { network: look.network }),
		coverage: coverageOf(address, ports, { hostKinds: ["host", ...inside.map(({ kind }) => kind)] }),
	};
}

/** A node status response (RFC 1002 section 4.2.18) as a banner keeps it. */
function netbiosRecord(name: string, address: string, at: number): EvidenceRecord {
	const bytes = Buffer.alloc(57 + 18);
	bytes.writeUInt16BE(0x8400, 2);
	bytes[12] = 32;
	bytes.writeUInt16BE(0x21, 46);
	bytes[56] = 1;
	bytes.write(name.padEnd(15), 57, "latin1");
	bytes.writeUInt16BE(0x0400, 57 + 16);
	const text = [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
	return {
		...{ kind: "banner", address, port: 137, protocol: "udp", source: "network", complete: true, observedAt: at },
		data: { text, trigger: "netbios-ns" },
	};
}

function certificateRecord(keyFingerprint: string, address: string, at: number): EvidenceRecord {
	const leaf = {
		subject: "CN=app", issuer: "CN=app", serial: "01", notBefore: "2023-01-01T00:00:00Z", notAfter: "2033-01-01T00:00:00Z",
		keyType: "rsa", keyBits: 2048, curve: null, signatureAlgorithm: "sha256WithRSAEncryption",
		fingerprint: keyFingerprint, ca: false,
	};
	return {
		...{ kind: "certificate", address, port: 443, protocol: "tcp", source: "network", complete: true, observedAt: at },
		data: {
			starttls: null, hostname: null, commonName: "app", names: [], matchesHostname: null, selfSigned: true,
			trusted: false, keyFingerprint, leaf, chain: [leaf],
		},
	};
}

function sshRecord({ sshKeys }: Machine, address: string, at: number): EvidenceRecord {
	return {
		...{ kind: "ssh", address, port: 22, protocol: "tcp", source: "network", complete: true, observedAt: at },
		data: {
			...{ product: "OpenSSH", version: "9.2p1", info: null, banner: "SSH-2.0-OpenSSH_9.2p1", protocol: "2.0" },
			...{ kex: [], hostKeyAlgorithms: [], ciphers: [], macs: [], compression: [], strictKex: true, dhGroupBits: null },
			hostKeys: sshKeys.map((fingerprint) => ({ type: "ssh-ed25519", bits: 256, fingerprint })),
		},
	};
}

function insideOf(
	machine: Machine,
	place: { address: string; port: 0; protocol: "tcp"; complete: true; observedAt: number },
	own: readonly string[],
	{ freshHostId = false }: Look,
): EvidenceRecord[] {
	const seen = { ...place, source: "login" } as const;
	const [key] = machine.sshKeys;
	const { hostname, machineId, bootedAt, virtualization } = machine;
	return [
		{
			...seen,
			kind: "login",
			data: {
				...{ outcome: "passed", stage: null, credential: "ops", user: "vedette", port: 22, method: "key", via: [] },
				hostKey: key === undefined ? null : { state: "known", type: "ssh-ed25519", fingerprint: key, host: place.address },
				privileges: { method: "sudo", obtained: true, why: null },
				...{ reason: null, hint: null, hop: null, gathered: ["system"], missing: [], seconds: 1 },
				tracking: machine.hostId === null ? null : {
					...{ id: machine.hostId, place: "/etc/vedette/hostid", why: null },
					state: freshHostId ? "written" : "read",
				},
			},
		},
		{
			...seen,
			kind: "system",
			data: {
				os: {
					...{ id: "debian", like: [], version: "12", codename: "bookworm", cpe: null },
					name: "Debian GNU/Linux 12 (bookworm)",
				},
				...{ hostname: hostname?.split(".")[0] ?? null, fqdn: hostname, architecture: "x86_64", kernel: null },
				...{ bootedAt, virtualization, machineId, cloud: null, timeSync: true },
				dmi: { uuid: machine.dmiUuid, serial: null, vendor: null, product: null },
			},
		},
		{
			...seen,
			kind: "interfaces",
			data: {
				interfaces: [...machine.macs, ...(machine.macs.length === 0 ? [null] : [])].map((mac, index) => ({
					...{ name: `eth${index}`, mac, up: true },
					addresses: index === 0 ? own.map((address) => ({ address, prefix: 24 })) : [],
				})),
			},
		},
	];
}
