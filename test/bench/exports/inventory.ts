/** An inventory of many findings, written straight into a store: assets of a hundred findings each, by two hundred signatures. */
import { lineOf } from "../../../daemon/assess/advisory-result.ts";
import { signatureOf } from "../../../daemon/assess/testdata/hosts.ts";
import { saveSignatures } from "../../../daemon/store/signatures.ts";
import { openStore } from "../../../daemon/store/store.ts";

export const findingsPerAsset = 100;
const signatures = 200;
const at = 1_700_000_000_000;

/** With the words a finding by an advisory has; half of the advisories name CVEs. */
export function writeInventory(path: string, findings: number): void {
	const store = openStore(path, { clock: { now: () => at } });
	const { db } = store;
	try {
		saveSignatures(
			db,
			"bench",
			Array.from({ length: signatures }, (_, n) => ({
				// The daemon corrects what its own signatures do not know; of advisories it waits for a feed.
				...signatureOf(`advisory/DSA-${n}-1`, "packages"),
				...{ qid: 500_000 + n, description: "x".repeat(300), solution: "Install the update.", cves: cvesOf(n) },
			})),
		);
		db.exec("BEGIN");
		const result = db.prepare("INSERT INTO result (hash, text, uses) VALUES (randomblob(16), ?, 1)");
		for (let n = 0; n < 2_000; n++) result.run(textOf(n));
		db.prepare(
			`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
			INSERT INTO asset (id, network, name, address, tracking, first_seen, last_seen)
			SELECT i, 1, 'host-' || i || '.example.org', '4' || printf('%08x', 2130706432 + i), 'IP', ?, ? FROM n`,
		).run(findings / findingsPerAsset, at, at);
		db.prepare(
			`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?1 - 1)
			INSERT INTO finding (asset, signature, address, port, protocol, instance, id, severity, type, status, open, first_found,
				last_found, times_found, change, source, result, fix)
			SELECT i / ?2 + 1, (SELECT min(id) FROM signature) + (i / ?2 * 7 + i % ?2) % ${signatures},
				'4' || printf('%08x', 2130706433 + i / ?2), (i % ?2) + 1, 6, '', i + 1, i % 5 + 1, 1, 2, 1, ?3 + i, ?3 + i, 3, 2,
				'network', i % 2000 + 1, 1 FROM n`,
		).run(BigInt(findings), BigInt(findingsPerAsset), BigInt(at));
		db.exec("COMMIT");
	} finally {
		store.close();
	}
}

const cvesOf = (n: number) => (n % 2 === 0 ? [`CVE-2026-${10_000 + n}`, `CVE-2026-${20_000 + n}`] : []);

function textOf(n: number): string {
	const told = {
		package: `package${n % 100}`,
		version: `1.${n}-1`,
		fixed: `1.${n}-2`,
		ecosystem: "Debian:12",
		note: null,
	};
	const line = lineOf({
		...{ ...told, binaries: ["a", "b"], fix: "available", state: "update", advisory: 1, known: {} as never },
	});
	return `${line}\nUpdate: apt-get update && apt-get install --only-upgrade a b\n${"seen ".repeat(20)}`;
}
