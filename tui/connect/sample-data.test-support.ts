/** Plausible scans, assets and findings for tests; `text` puts one string wherever a host could have put its own. */
import type { Asset, EvidenceRecordView, Service } from "../../protocol/model/asset.ts";
import type { DoctorReport } from "../../protocol/model/doctor.ts";
import type { Facets } from "../../protocol/model/facet.ts";
import type { Finding, FindingGroup } from "../../protocol/model/finding.ts";
import type { DaemonStatus, Overview } from "../../protocol/model/overview.ts";
import type { HostRemedy } from "../../protocol/model/remedy.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import type { ScanCoverage } from "../../protocol/model/scan-coverage.ts";
import type { Severity, SeverityCounts } from "../../protocol/model/severity.ts";
import type { Signature } from "../../protocol/model/signature.ts";

export interface SampleOptions {
	/** Stands in for every string a host controls. */
	readonly text?: string;
}

export const sampleNow = Date.parse("2026-03-01T12:00:00.000Z");

const titles = [
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
const signatures = [
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
const services = [
	["ssh", 22, "OpenSSH", "9.2p1"],
	["http", 80, "nginx", "1.22.1"],
	["https", 443, "nginx", "1.22.1"],
	["redis", 6379, "Redis", "7.0.15"],
	["postgresql", 5432, "PostgreSQL", "15.6"],
	[null, 8443, null, null],
] as const;
const systems = ["Debian 12", "Ubuntu 22.04", null, "Windows Server 2019", "Alpine 3.19"] as const;

function before(minutes: number): string {
	return new Date(sampleNow - minutes * 60_000).toISOString();
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

export function scanOf(id: number, { text }: SampleOptions): Scan {
	const isRunning = id % 7 === 0;
	const part = isRunning ? 0.62 : 1;
	return {
		id,
		title: text ?? (isRunning ? "dmz weekly" : `office ${id}`),
		targets: text ? [text] : [`10.0.${id}.0/24`],
		exclusions: [],
		ports: "standard",
		profile: "Initial",
		profileVersion: 1,
		status: isRunning ? "running" : id % 5 === 0 ? "paused" : id % 6 === 0 ? "cancelled" : "finished",
		reason: id % 6 === 0 ? (text ?? "Cancelled by unix:1000.") : null,
		partial: false,
		progress: part,
		stages: [
			{ name: "discover", done: 256, total: 256 },
			{ name: "ports", done: Math.floor(part * 256_000), total: 256_000 },
			{ name: "services", done: Math.floor(part * 300), total: 420 },
			{ name: "assess", done: Math.floor(part * 100), total: 256 },
		],
		rate: isRunning ? 12_100 : 0,
		etaMs: isRunning ? 372_000 : null,
		createdAt: before(id * 300),
		startedAt: before(id * 300),
		finishedAt: isRunning ? null : before(id * 300 - 9),
		activeMs: 862_000,
		hosts: { total: 256, alive: 104, dead: 152, done: 60 },
		openPorts: 641,
		services: 412,
		findings: countsOf(id + 3),
		newFindings: id % 4,
		fixedFindings: id % 3,
	};
}

/** `assets` 0: nothing has ever been scanned. */
export function overviewOf(assets: number, scans: readonly Scan[], { text }: SampleOptions): Overview {
	const known = assets > 0;
	const none: SeverityCounts = { "1": 0, "2": 0, "3": 0, "4": 0, "5": 0 };
	return {
		assets,
		services: known ? 1_412 : 0,
		findings: known ? { "5": 12, "4": 41, "3": 318, "2": 902, "1": 96 } : none,
		byType: known
			? { confirmed: 1_102, potential: 267, information: 3_020 }
			: { confirmed: 0, potential: 0, information: 0 },
		byStatus: known
			? { NEW: 37, ACTIVE: 1_320, REOPENED: 4, FIXED: 221 }
			: { NEW: 0, ACTIVE: 0, REOPENED: 0, FIXED: 0 },
		tickets: known ? { open: 12, overdue: 3 } : { open: 0, overdue: 0 },
		topAssets: known
			? Array.from({ length: 10 }, (_, index) => ({
					id: index + 1,
					name: text ?? `web-0${index}.corp.example`,
					findings: countsOf(index * 4 + 8),
				}))
			: [],
		topFindings: known
			? titles.map((title, index) => ({
					signature: signatures[index] ?? "",
					title: text ?? title,
					severity: Math.max(1, 5 - Math.floor(index / 2)) as Severity,
					assets: 60 - index * 6,
				}))
			: [],
		topServices: known
			? services.map(([name], index) => ({ name: text ?? name ?? "unknown", count: 400 - index * 60 }))
			: [],
		trend: known
			? Array.from({ length: 30 }, (_, index) => ({
					day: new Date(sampleNow - (30 - index) * 86_400_000).toISOString().slice(0, 10),
					findings: { "5": 12 + (index % 4), "4": 60 - index, "3": 318 - index * 3, "2": 700 + index * 7, "1": 90 },
				}))
			: [],
		scans: known ? scans.slice(0, 5) : [],
		knowledge: {
			signatures: 106,
			problems: [],
			version: "a1b2c3",
			updatedAt: before(60 * 24 * 2),
			sources: [{ name: text ?? "built in", records: 106, updatedAt: before(60 * 24 * 2) }],
		},
		feeds: { held: 3, freshAt: before(60 * 24 * 2), lagging: text ?? "kev", isOld: false, updating: false },
		engine: { name: "raw", reason: text ?? "SYN packets of our own.", hint: null },
		singleOperator: false,
		updatedAt: before(0),
	};
}

export function statusOf({ text = "raw" }: SampleOptions = {}): DaemonStatus {
	return {
		version: "0.1.0",
		protocol: "1.0",
		pid: 4_711,
		home: "/var/lib/vedette",
		socket: "/var/lib/vedette/run/daemon.sock",
		startedAt: before(90),
		rssBytes: 80_000_000,
		storeBytes: 1_000_000,
		engine: { name: "raw", reason: text, hint: null },
		connections: 1,
		runningScans: 1,
		eventLoopP99Ms: 1.2,
		singleOperator: null,
	};
}

export function reportOf({ text }: SampleOptions = {}): DoctorReport {
	return {
		checkedAt: before(0),
		checks: [
			{ id: "engine", title: "Port engine", state: "ok", found: text ?? "raw.", cure: [] },
			{ id: "disk", title: "Disk", state: "warning", found: text ?? "500 MB free.", cure: [text ?? "Make room."] },
			{ id: "database", title: "Database", state: "failed", found: text ?? "Damaged.", cure: [text ?? "Save it."] },
		],
	};
}

/** 256 addresses, two of them excluded, and 200 hosts of one port each. */
export function coverageOf(scan: number): ScanCoverage {
	const none = { pairs: 0, asked: 0, open: 0, closed: 0, filtered: 0, unreachable: 0, notAsked: 0 };
	return {
		...{ scan, at: "2026-03-01T12:00:00.000Z", notReachedBecause: null, notScanned: [], notScannedTotal: 0 },
		addresses: {
			...{ named: 256, excluded: 2, silent: 54, answered: 200, notReached: 0 },
			...{ finished: 200, cutByHostTime: 0, cutByScanTime: 0, unfinished: 0, ghosts: 0 },
		},
		excludedBy: [{ exclusion: "10.0.0.4/31", from: "global", comment: "printers", addresses: 2 }],
		tcp: { ...none, pairs: 200, asked: 200, open: 3, closed: 190, filtered: 7 },
		udp: none,
		packets: { sent: 1_000, discovery: 788, ports: 212, repeats: 12 },
		networks: [{ network: "10.0.0.0/24", sent: 1_000, answers: 990, lost: 10, rttMs: 1.5 }],
		surveys: { open: 3, talkedTo: 3, leftAlone: 0, failed: 0, refused: 0, notReached: 0 },
		discovery: {
			used: ["TCP connection attempts to 12 ports"],
			unavailable: [{ method: "ARP", why: "no CAP_NET_RAW" }],
			found: [{ by: "tcp", hosts: 200 }],
		},
		engines: [{ name: "connect-epoll", reason: "for a test" }],
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
