/** Findings to export: of a distribution's packages on two hosts, of services, and with whatever texts a test wants. */
import type { DatabaseSync } from "node:sqlite";
import type { ExceptionKind } from "../../protocol/model/exception.ts";
import type { Signature } from "../../protocol/model/signature.ts";
import { lineOf } from "../assess/advisory-result.ts";
import { memoryStore, signatureOf } from "../assess/testdata/hosts.ts";
import { addressKey } from "../store/address-key.ts";
import { saveSignatures } from "../store/signatures.ts";
import { type ExportMeta, ExportSource } from "./export-source.ts";
import { writers } from "./formats.ts";

export const installation = "0a8c1f4e-6f0e-4c0e-9d6b-2f3b6a1d5e70";
const t0 = 1_700_000_000_000;

export interface SampleFinding {
	readonly asset: number;
	readonly signature: string;
	readonly port?: number;
	readonly result?: string;
	readonly type?: number;
	readonly status?: number;
	readonly fix?: number;
	readonly excepted?: number;
}

const openssl: Partial<Signature> = {
	cvss: { vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", score: 9.8 },
	references: ["https://security-tracker.debian.org/tracker/DSA-5678-1"],
};

export const signatures: readonly Signature[] = [
	{ ...signatureOf("redis/no-password", "redis", 5), solution: "Set requirepass." },
	{ ...signatureOf("ssh/terrapin", "ssh"), cves: ["CVE-2023-48795"], cwes: ["CWE-354"] },
	{ ...signatureOf("advisory/DSA-5678-1", "packages", 4), ...openssl, cves: ["CVE-2024-0001", "CVE-2024-0002"] },
	{ ...signatureOf("advisory/CVE-2024-0001", "packages", 4), ...openssl, cves: ["CVE-2024-0001"] },
	signatureOf("host/names", "host", 1, "information"),
];

export const opensslLine = lineOf({
	...{ package: "openssl", version: "3.0.11-1~deb12u1", binaries: ["libssl3", "openssl"], ecosystem: "Debian:12" },
	...{ fix: "available", fixed: "3.0.11-1~deb12u2", note: null, state: "update", advisory: 1, known: {} as never },
});

export const sampleFindings: readonly SampleFinding[] = [
	{ asset: 1, signature: "redis/no-password", port: 6379, result: "PONG" },
	{ asset: 1, signature: "ssh/terrapin", port: 22, type: 2, status: 2 },
	{ asset: 1, signature: "advisory/DSA-5678-1", result: `${opensslLine}\nUpdate: apt-get update`, fix: 1 },
	{ asset: 2, signature: "advisory/DSA-5678-1", result: opensslLine, fix: 1, status: 3 },
	{ asset: 2, signature: "advisory/CVE-2024-0001", result: opensslLine, fix: 1, status: 4 },
	{ asset: 2, signature: "host/names", type: 3 },
];

/** `name` is that of the assets, before their number. */
export function sampleStore(findings: readonly SampleFinding[] = sampleFindings, name = "host-") {
	const store = memoryStore(t0);
	fill(store.db, findings, name);
	return store;
}

export function fill(db: DatabaseSync, findings: readonly SampleFinding[], name: string): void {
	saveSignatures(
		db,
		"1",
		signatures.map((one, at) => ({ ...one, qid: 100_000 + at })),
	);
	const asset = db.prepare(
		"INSERT INTO asset (id, network, name, address, tracking, first_seen, last_seen) VALUES (?, 1, ?, ?, 'IP', ?, ?)",
	);
	for (const id of new Set(findings.map((one) => one.asset))) {
		asset.run(id, `${name}${id}`, addressKey(`127.0.0.${id}`), t0, t0);
	}
	const text = db.prepare("INSERT INTO result (hash, text, uses) VALUES (randomblob(8), ?, 1) RETURNING id");
	const insert = db.prepare(
		`INSERT INTO finding (asset, signature, address, port, protocol, instance, id, severity, type, status, open, first_found,
			last_found, last_fixed, times_found, change, source, result, fix, excepted)
		SELECT ?1, s.id, ?2, ?3, 6, '', ?4, s.severity, ?5, ?6, ?7, ?8, ?8, CASE ?6 WHEN 3 THEN ?8 END, 1, 1, 'login', ?9, ?10, ?11
		FROM signature s WHERE s.name = ?12`,
	);
	for (const [at, one] of findings.entries()) {
		const { asset: id, port = 0, type = 1, excepted = 0 } = one;
		const status = type === 3 ? null : (one.status ?? 1);
		const open = status === null ? 2 : status === 3 ? 0 : excepted > 0 ? 3 : 1;
		const result = Number(text.get(one.result ?? `seen ${at}`)?.id);
		const place = [id, addressKey(`127.0.0.${id}`), port, at + 1];
		insert.run(...place, type, status, open, t0 + at, result, one.fix ?? null, excepted, one.signature);
	}
}

/** Somebody asked that a finding be set apart, and perhaps somebody approved. */
export function addRequest(
	{ db }: ReturnType<typeof memoryStore>,
	finding: number,
	{ kind, state, reason }: { kind: ExceptionKind; state: "approved" | "requested"; reason: string },
): void {
	const isApproved = state === "approved";
	const { id } = db
		.prepare(
			`INSERT INTO exception (kind, state, scope, subject, live, findings, assets, reason, requester, requested_at, days, until, decided_by)
			VALUES (?, ?, '{}', '', 0, 1, 1, ?, 'unix:alice', ?, 90, ?, ?) RETURNING id`,
		)
		.get(kind, state, reason, t0, isApproved ? t0 + 90 * 86_400_000 : null, isApproved ? "unix:bob" : null) as {
		id: number;
	};
	db.prepare("INSERT INTO exception_finding (exception, finding) VALUES (?, ?)").run(id, finding);
	if (isApproved) db.prepare("UPDATE finding SET excepted = 1, open = 3 WHERE id = ?").run(finding);
}

export function sourceOf(
	{ db }: ReturnType<typeof memoryStore>,
	format: ExportMeta["format"],
	rest: Partial<ExportMeta> = {},
): ExportSource {
	const meta = { format, installation, version: "1.2.3", at: t0, filter: "", author: "Example", ...rest };
	return new ExportSource(db, { namespace: "https://example.org", ...meta }, null);
}

export function exported(...wanted: Parameters<typeof sourceOf>): {
	readonly text: string;
	readonly source: ExportSource;
} {
	const source = sourceOf(...wanted);
	return { text: [...writers[wanted[1]](source)].join(""), source };
}
