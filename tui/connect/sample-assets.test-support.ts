/** Assets with what is known of them, as the fake daemon tells them. */
import type { Asset, EvidenceRecordView, Service } from "../../protocol/model/asset.ts";
import type { SeverityCounts } from "../../protocol/model/severity.ts";
import { before, type SampleOptions } from "./sample-data.test-support.ts";

export const services = [
	["ssh", 22, "OpenSSH", "9.2p1"],
	["http", 80, "nginx", "1.22.1"],
	["https", 443, "nginx", "1.22.1"],
	["redis", 6379, "Redis", "7.0.15"],
	["postgresql", 5432, "PostgreSQL", "15.6"],
	[null, 8443, null, null],
] as const;

const systems = ["Debian 12", "Ubuntu 22.04", null, "Windows Server 2019", "Alpine 3.19"] as const;

export function assetOf(id: number, { text }: SampleOptions): Asset {
	const address = `10.0.${Math.floor(id / 250)}.${(id % 250) + 1}`;
	return {
		id,
		name: text ?? (id % 3 === 0 ? address : `web-${String(id).padStart(2, "0")}.corp.example`),
		addresses: id % 7 === 0 ? [address, `192.168.7.${id % 250}`] : [address],
		os: text ?? systems[id % systems.length] ?? null,
		tracking: "IP",
		tags: text ? [text] : id % 4 === 0 ? ["dmz", "pci"] : [],
		firstSeen: before(60 * 24 * 40),
		lastSeen: before(id * 7),
		lastScan: before(id * 7),
		openPorts: (id * 5) % 40,
		findings: countsOf(id),
	};
}

export function serviceOf(index: number, { text }: SampleOptions): Service {
	const [name, port, product, version] = services[index % services.length] ?? services[0];
	return {
		address: "10.0.0.2",
		port,
		protocol: "tcp",
		name: text ?? name,
		tls: name === "https",
		product: text ?? product,
		version: text ?? version,
		info: text ?? null,
		lastSeen: before(12),
	};
}

export function evidenceOf(kind: string, { text }: SampleOptions): EvidenceRecordView {
	return {
		kind,
		address: "10.0.0.2",
		port: kind === "ssh" ? 22 : 80,
		protocol: "tcp",
		source: "network",
		complete: true,
		observedAt: before(12),
		scan: 3,
		data: {
			banner: text ?? "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u2",
			algorithms: ["curve25519-sha256", text ?? "chacha20-poly1305@openssh.com"],
		},
	};
}

export function countsOf(seed: number): SeverityCounts {
	return {
		"5": seed % 4 === 0 ? seed % 3 : 0,
		"4": seed % 5,
		"3": (seed * 3) % 11,
		"2": (seed * 7) % 13,
		"1": seed % 2,
	};
}
