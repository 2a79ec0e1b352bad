/** A made-up inventory of any size, written straight into the store's tables: hosts with services, findings and a few systems. */
import type { DatabaseSync } from "node:sqlite";

const systems = [
	...["Debian GNU/Linux 12 (bookworm)", "Debian GNU/Linux 11 (bullseye)", "Ubuntu 22.04.5 LTS", "Ubuntu 24.04.2 LTS"],
	...["Windows Server 2019 Standard", "Windows Server 2022 Datacenter", "Windows 11 Pro", "AlmaLinux 9.3"],
	...["Red Hat Enterprise Linux 8.9", "Alpine Linux v3.19", "FreeBSD 14.0", "HP JetDirect", "Cisco IOS 15.2", null],
];
const ports = [22, 80, 443, 3306, 5432, 6379, 8080, 25];
const products = ["OpenSSH", "nginx", "Apache httpd", "MySQL", "PostgreSQL", "Redis", "Jetty", "Postfix"];
const names = ["ssh", "http", "https", "mysql", "postgresql", "redis", "http", "smtp"];
const sites = ["fra", "ber", "par", "lon", "nyc", "sfo", "tyo", "syd"];
const roles = ["web", "db", "mail", "cache", "app", "build", "print", "desk"];

/** Asset n is 10.x.y.z, seen within the last 200 days. Findings: `findings` an asset, over 200 signatures. */
export function fill(db: DatabaseSync, { assets, services, findings, now }: Size): void {
	db.exec("PRAGMA synchronous = OFF; BEGIN");
	const asset = db.prepare(
		`INSERT INTO asset (id, network, name, address, os, tracking, first_seen, last_seen, last_scan, open_ports, n1, n2, n3, n4, n5)
		VALUES (?, 1, ?, ?, ?, 'IP', ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
	);
	const address = db.prepare("INSERT INTO asset_address (asset, address, last_seen) VALUES (?, ?, ?)");
	const service = db.prepare(
		`INSERT INTO service (asset, address, port, protocol, name, tls, product, version, info, last_seen)
		VALUES (?, ?, ?, 6, ?, 0, ?, ?, NULL, ?)`,
	);
	const finding = db.prepare(
		`INSERT INTO finding (asset, signature, address, port, protocol, instance, id, severity, type, status, open, first_found,
			last_found, last_fixed, times_found, scan, change, source, seen_as, result)
		VALUES (?, ?, ?, ?, 6, '', ?, ?, 1, ?, ?, ?, ?, NULL, 1, 1, 1, 'network', NULL, 1)`,
	);
	for (let n = 0; n < 200; n++) {
		db.prepare(
			"INSERT INTO signature (id, name, qid, title, severity, kind, cves, body) VALUES (?, ?, ?, ?, ?, 'redis', ?, '{}')",
		).run(
			n + 1,
			`bench/signature-${n}`,
			100_000 + n,
			`weakness number ${n} of a service`,
			(n % 5) + 1,
			`["CVE-2024-${1000 + n}"]`,
		);
	}
	db.exec("INSERT INTO result (id, hash, text, uses) VALUES (1, x'00', 'seen', 1)");
	for (let n = 0; n < assets; n++) {
		const id = n + 1;
		const key = `40a${(n % 0xffffff).toString(16).padStart(6, "0")}`;
		const seen = now - (mix(n) % 200) * 86_400_000;
		const name = `${roles[mix(n) % 8]}-${n}.${sites[mix(n + 1) % 8]}.example.org`;
		const counts = [0, 0, 0, 0, 0];
		for (let f = 0; f < findings; f++) counts[f % 5] = (counts[f % 5] ?? 0) + 1;
		asset.run(
			id,
			name,
			key,
			systems[mix(n + 2) % systems.length] ?? null,
			seen - 86_400_000,
			seen,
			seen,
			services,
			...counts,
		);
		address.run(id, key, seen);
		for (let s = 0; s < services; s++) {
			const at = mix(n + 3) % 8;
			const index = (at + s) % 8;
			service.run(id, key, ports[index] ?? 1, names[index] ?? null, products[index] ?? null, `${n % 9}.${s}`, seen);
		}
		for (let f = 0; f < findings; f++) {
			const signature = (mix(n) + f * 7) % 200;
			finding.run(
				id,
				signature + 1,
				key,
				f,
				n * findings + f + 1,
				(signature % 5) + 1,
				f % 4 === 3 ? 3 : 2,
				f % 4 === 3 ? 0 : 1,
				seen,
				seen,
			);
		}
	}
	db.exec(
		`INSERT INTO counter (key, n) VALUES ('assets', ${assets}), ('next:finding', ${assets * findings})
		ON CONFLICT DO UPDATE SET n = excluded.n;
		INSERT INTO counter (key, n) SELECT 'open:' || severity, count(*) FROM finding WHERE open = 1 GROUP BY severity;
		INSERT INTO counter (key, n) SELECT 'status:FIXED', count(*) FROM finding WHERE open = 0;
		COMMIT; ANALYZE`,
	);
}

/** The address of asset n. */
export function addressOf(n: number): string {
	return `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
}

export interface Size {
	readonly assets: number;
	/** An asset. */
	readonly services: number;
	/** An asset. */
	readonly findings: number;
	readonly now: number;
}

/** Numbers without a pattern, the same in each run. */
function mix(n: number): number {
	let x = Math.imul(n + 1, 0x9e3779b1);
	x ^= x >>> 15;
	x = Math.imul(x, 0x85ebca6b);
	return (x ^ (x >>> 13)) >>> 0;
}
