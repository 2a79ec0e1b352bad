/** Made-up knowledge and host evidence for tests: small, and without the signature files. */
import type { Severity } from "../../../protocol/model/severity.ts";
import type { FindingType } from "../../../protocol/model/finding.ts";
import type { Signature } from "../../../protocol/model/signature.ts";
import type { HostCoverage, PortCoverage } from "../../evidence/coverage.ts";
import type { EvidenceRecord, Kind, RecordOf } from "../../evidence/record.ts";
import type { Check, Knowledge, Verdict } from "../../knowledge/knowledge.ts";
import { openStore, type Store } from "../../store/store.ts";
import type { HostEvidence } from "../ingest.ts";

export function memoryStore(at = 1_700_000_000_000): Store & { clock: { at: number; now(): number } } {
	const clock = {
		at,
		now() {
			return this.at;
		},
	};
	return openStore(":memory:", { clock }) as Store & { clock: typeof clock };
}

export function signatureOf(id: string, kind: Kind, severity: Severity = 3, type: FindingType = "confirmed"): Signature {
	return {
		id, kind, severity, type, qid: 100_000 + [...id].reduce((sum, c) => sum * 31 + c.charCodeAt(0), 7) % 800_000,
		aliases: [], title: `title of ${id}`, category: id.split("/")[0] ?? id, cvss: null,
		cves: id === "redis/open" ? ["CVE-2022-0543"] : [], cwes: [], pci: { fail: true, reason: "open-database" },
		description: "", solution: "", references: [], match: "record.authenticationRequired || record.error",
	};
}

export function checkOf(
	signature: Signature,
	matches: (record: EvidenceRecord, now: number) => boolean | null,
	result: (record: EvidenceRecord) => string = () => "seen",
): Check {
	return {
		signature,
		kind: signature.kind as Kind,
		evaluate(record, now): Verdict {
			const matched = matches(record, now);
			return { matched, result: matched ? result(record) : "", problem: matched === null ? "not told" : "" };
		},
	};
}

export function knowledgeOf(checks: readonly Check[], version = "1"): Knowledge {
	return {
		version,
		signatures: checks.map((check) => check.signature),
		checksFor: (kind) => checks.filter((check) => check.kind === kind),
		find: (name) =>
			checks.find(
				({ signature }) => signature.id === name || String(signature.qid) === name || signature.cves.includes(name),
			) ?? null,
		status: () => ({
			signatures: checks.length, problems: [], version, updatedAt: "2026-01-01T00:00:00.000Z", sources: [],
		}),
	};
}

/** redis/open: confirmed 5. redis/version: information. mysql/reachable: confirmed 4. host/os: information. */
export const sampleKnowledge = knowledgeOf([
	checkOf(signatureOf("redis/open", "redis", 5), (r) => r.kind === "redis" && !r.data.authenticationRequired),
	checkOf(
		signatureOf("redis/version", "redis", 1, "information"),
		(r) => r.kind === "redis" && r.data.version !== null,
		(r) => (r.kind === "redis" ? `Redis ${r.data.version}` : ""),
	),
	checkOf(signatureOf("mysql/reachable", "mysql", 4), (r) =>
		r.kind === "mysql" ? (r.data.serverVersion === null ? null : r.data.error === null) : null,
	),
	checkOf(signatureOf("host/os", "host", 1, "information"), (r) => r.kind === "host" && r.data.os !== null),
]);

export function redisRecord(address: string, at: number, open = true, version: string | null = "7.0.15"): RecordOf<"redis"> {
	return {
		kind: "redis", address, port: 6379, protocol: "tcp", source: "network", complete: true, observedAt: at,
		data: {
			product: "Redis", version, info: null, tls: false, authenticationRequired: !open, protectedMode: false,
			mode: null, role: null, os: null,
		},
	};
}

export function mysqlRecord(address: string, at: number, error: string | null = null): RecordOf<"mysql"> {
	return {
		kind: "mysql", address, port: 3306, protocol: "tcp", source: "network", complete: true, observedAt: at,
		data: {
			product: "MariaDB", version: "10.11.6", info: null, serverVersion: "10.11.6-MariaDB-0+deb12u1",
			protocolVersion: 10, authPlugin: null, tlsOffered: false, error,
		},
	};
}

export function hostRecord(address: string, at: number, names: string[] = []): RecordOf<"host"> {
	return {
		kind: "host", address, port: 0, protocol: "tcp", source: "network", complete: true, observedAt: at,
		data: {
			aliveBy: "tcp 22 open", targetName: null, names, rttMs: 0.1,
			os: { name: "Debian 12", basis: "ssh", confidence: 0.9 }, scanSeconds: 1, portsProbed: 2,
		},
	};
}

export function portOf(port: number, outcome: PortCoverage["outcome"], kinds: Kind[] = [], failed: Kind[] = []): PortCoverage {
	return { port, protocol: "tcp", outcome, kinds, failed };
}

export function coverageOf(address: string, ports: PortCoverage[], rest: Partial<HostCoverage> = {}): HostCoverage {
	return { address, alive: true, closedTcp: [], ports, hostKinds: [], ...rest };
}

/** A host with an open Redis and a reachable MariaDB, both looked at completely. */
export function sampleHost(address: string, scan: number | null, at: number): HostEvidence {
	return {
		scan, hostname: null, startedAt: at - 1000, finishedAt: at,
		records: [redisRecord(address, at - 500), mysqlRecord(address, at - 400), hostRecord(address, at - 100)],
		coverage: coverageOf(
			address,
			[portOf(3306, "answered", ["mysql"]), portOf(6379, "answered", ["redis"])],
			{ hostKinds: ["host"] },
		),
	};
}
