/** Findings with what belongs to them, as the fake daemon tells them. */
import type { Facets } from "../../protocol/model/facet.ts";
import type { Finding, FindingGroup } from "../../protocol/model/finding.ts";
import type { HostRemedy } from "../../protocol/model/remedy.ts";
import type { Severity } from "../../protocol/model/severity.ts";
import type { Signature } from "../../protocol/model/signature.ts";
import { assetOf, services } from "./sample-assets.test-support.ts";
import { before, type SampleOptions } from "./sample-data.test-support.ts";

export const titles = [
	"OpenSSH - Terrapin prefix truncation",
	"Redis - reachable without a password",
	"TLS - certificate has expired",
	"HTTP - directory listing",
	"vsftpd - anonymous login allowed",
	"SSH - weak key exchange offered",
	"TLS - TLS 1.0 accepted",
	"PostgreSQL - reachable from the network",
	"HTTP - Strict-Transport-Security is missing",
];

export const signatures = [
	"ssh/terrapin",
	"redis/no-password",
	"tls/expired",
	"http/directory-listing",
	"ftp/anonymous",
	"ssh/weak-kex",
	"tls/tls10",
	"database/postgresql",
	"http/no-hsts",
];

export function findingOf(id: number, { text }: SampleOptions): Finding {
	const kind = id % titles.length;
	const asset = assetOf((id % 40) + 1, { ...(text === undefined ? {} : { text }) });
	const severity = Math.max(1, 5 - Math.floor(id / 150)) as Severity;
	return {
		id,
		asset: { id: asset.id, name: asset.name },
		address: asset.addresses[0] ?? "10.0.0.1",
		port: kind === 3 ? null : (services[kind % 6]?.[1] ?? 22),
		protocol: kind === 3 ? null : "tcp",
		qid: 70_000 + kind,
		signature: signatures[kind] ?? "ssh/terrapin",
		title: text ?? titles[kind] ?? "",
		severity,
		type: id % 4 === 0 ? "potential" : "confirmed",
		status: (["NEW", "ACTIVE", "ACTIVE", "REOPENED", "FIXED"] as const)[id % 5] ?? "ACTIVE",
		firstFound: before(id * 90),
		lastFound: before(id * 3),
		lastFixed: null,
		timesFound: (id % 9) + 1,
		...{ kev: false, epss: null, priority: 31.5, fix: null, excepted: false, ignored: false, ticket: null },
		cves: id % 3 === 0 ? ["CVE-2023-48795"] : [],
		cvss: id % 3 === 0 ? 5.9 : null,
		result:
			text ??
			"The server offers:\n  chacha20-poly1305@openssh.com\nand does not announce kex-strict-s-v00@openssh.com.",
	};
}

export function signatureOf({ text }: SampleOptions): Signature {
	return {
		id: "ssh/terrapin",
		qid: 70_000,
		aliases: [38_913],
		title: text ?? "OpenSSH - Terrapin prefix truncation",
		severity: 3,
		type: "confirmed",
		category: "ssh",
		kind: "ssh",
		cvss: { vector: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:H/A:N", score: 5.9 },
		cves: ["CVE-2023-48795"],
		cwes: ["CWE-354"],
		pci: { fail: true, reason: "cvss" },
		description:
			text ??
			"An attacker between client and server can drop messages at the start of the secure channel, because the handshake is not tied to the sequence numbers. Extensions that harden the session are then silently missing.",
		solution:
			text ??
			"Update the SSH server to a version that knows strict key exchange, or switch off chacha20-poly1305 and the encrypt-then-MAC modes.",
		references: [text ?? "https://terrapin-attack.example/"],
		match: "true",
	};
}

/** Of one host: an upgrade, and something no upgrade mends. */
export function remedyOf({ text }: SampleOptions): HostRemedy {
	const upgrade = {
		package: text ?? "openssl",
		from: text ?? "3.0.11-1",
		source: text ?? "openssl",
		to: text ?? "3.0.11-2",
	};
	return {
		asset: { id: 2, name: text ?? "web-07" },
		...{
			system: text ?? "Debian GNU/Linux 12",
			manager: "dpkg",
			upgrades: [{ ...upgrade, advisories: [text ?? "DSA-1"] }],
		},
		commands: ["apt-get update", "apt-get install --only-upgrade -y openssl"],
		...{ checks: [], unsafe: text === undefined ? [] : [text], closes: [3], reboot: null },
		waiting: { reboot: true, services: [text ?? "sshd"], seenAt: "2026-01-03T09:12:44.000Z" },
		without: [],
		other: [
			{
				finding: 4,
				title: text ?? "Redis - no password",
				place: "10.0.3.7:6379/tcp",
				what: text ?? "Set requirepass.",
			},
		],
	};
}

export function findingGroupOf(id: number, by: FindingGroup["by"], { text }: SampleOptions): FindingGroup {
	return {
		...{ by, id, name: text ?? (by === "asset" ? `web-0${id}` : "ssh/terrapin"), title: text ?? "Terrapin" },
		...{ severity: 4 as const, priority: 47.2, findings: 12 * id, assets: by === "asset" ? 1 : 3 * id },
		...{ cvss: 5.9, epss: 0.61, kev: id === 1, oldest: "2026-01-03T09:12:44.000Z" },
	};
}

export function facetsOf({ text }: SampleOptions): Facets {
	const value = (term: string, label: string, count: number) => ({ term, label, count });
	return {
		facets: [
			{
				...{ name: "severity", others: 0 },
				values: [
					value("severity:5", "urgent", 41),
					value("severity:4", "critical", 318),
					value("severity:3", "serious", 372),
				],
			},
			{
				name: "kev",
				values: [value("kev:true", "known exploited", 7), value("kev:false", "not known", 724)],
				others: 0,
			},
			{
				...{ name: "signature", others: 40 },
				values: [value("signature:`ssh/terrapin`", text ?? "OpenSSH - Terrapin prefix truncation", 120)],
			},
			{
				name: "port",
				values: [value("port:443", "443", 402), value("port is null", "the host itself", 12)],
				others: 9,
			},
			{ name: "tag", values: [value("tag:`pci`", text ?? "pci", 77)], others: 0 },
		],
		...{ looked: 731, isAll: true },
	};
}
