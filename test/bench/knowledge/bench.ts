/**
 * Packages judged: a host of 3,000 from its stored evidence, many hosts after an update of the knowledge, against a plain
 * query a package in the same base.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { DatabaseSync } from "node:sqlite";
import { ingestHost } from "../../../daemon/assess/ingest.ts";
import { rejudge } from "../../../daemon/assess/rejudge.ts";
import type { DataOf, RecordOf } from "../../../daemon/evidence/record.ts";
import { KnowledgeBase } from "../../../daemon/knowledge/advisories/base.ts";
import { BaseWriter } from "../../../daemon/knowledge/advisories/base-writer.ts";
import { AdvisoryBook } from "../../../daemon/knowledge/advisories/book.ts";
import type { Knowledge } from "../../../daemon/knowledge/knowledge.ts";
import { versionKey } from "../../../daemon/knowledge/versions/version-order.ts";
import { withAdvisories } from "../../../daemon/knowledge/with-advisories.ts";
import { listRecords } from "../../../daemon/store/evidence.ts";
import { openStore, type Store } from "../../../daemon/store/store.ts";
import type { BenchOptions, BenchRow } from "../main.ts";
import { importRow } from "./import.ts";

const packagesPerHost = 3_000;
const sources = 12_000;
const at = 1_700_000_000_000;

export async function run(options: BenchOptions = { smoke: false }): Promise<BenchRow[]> {
	const folder = mkdtempSync(join(tmpdir(), "vedette-bench-"));
	const store = openStore(join(folder, "store.db"), { clock: { now: () => at } });
	const bases = [baseOf(join(folder, "first.db"), 0), baseOf(join(folder, "second.db"), 40)] as const;
	const plain = new DatabaseSync(join(folder, "first.db"), { readOnly: true });
	try {
		const hosts = options.smoke ? 20 : 300;
		const [before, after] = bases.map((base) => withAdvisories(noSignatures, base));
		if (before === undefined || after === undefined) throw new Error("no knowledge");
		await rejudge(store, before);
		for (let n = 0; n < hosts; n++) addHost(store, before, n);
		const byQuery = median(times(options.smoke ? 3 : 15, () => judgePlainly(store, plain)));
		const first = median(times(options.smoke ? 3 : 15, () => judgeStored(store, new AdvisoryBook(bases[0]))));
		const book = new AdvisoryBook(bases[0]);
		judgeStored(store, book);
		const again = median(times(options.smoke ? 10 : 100, () => judgeStored(store, book)));
		const start = performance.now();
		const outcome = await rejudge(store, after);
		const perHost = (performance.now() - start) / hosts;
		const row = (name: string, ours: number, note: string): BenchRow => ({
			...{
				name,
				ours: ours.toFixed(2),
				peer: byQuery.toFixed(2),
				ratio: (ours / byQuery).toFixed(2),
				unit: "ms",
				note,
			},
		});
		return [
			await importRow(options.smoke),
			row(
				`${packagesPerHost} packages judged from stored evidence, first of their kind`,
				first,
				"peer: a query a package",
			),
			row("the same when other hosts have the same versions", again, "limit 5"),
			row(
				`${hosts} hosts judged again after an update, each`,
				perHost,
				`${outcome.opened} findings opened, written too`,
			),
		];
	} finally {
		plain.close();
		for (const base of bases) base.close();
		store.close();
		rmSync(folder, { recursive: true });
	}
}

const noSignatures: Knowledge = {
	version: "none",
	signatures: [],
	checksFor: () => [],
	find: () => null,
	status: () => ({ signatures: 0, problems: [], version: "none", updatedAt: new Date(at).toISOString(), sources: [] }),
};

const versionOf = (source: number, release: number) => `1.${source % 50}.${release}-1+deb12u${(source * 7) % 9}`;

/** Some three advisories a source package, nearly all mended; `more` new ones on top. */
function baseOf(path: string, more: number): KnowledgeBase {
	const writer = new BaseWriter(path, { name: "osv Debian", format: "osv", file: "bench", importedAt: at });
	const add = (id: string, source: number, fixed: string) =>
		writer.addAdvisory({
			...{ id, cves: [`CVE-2026-${10_000 + source}`], title: `package${source} - security update`, severity: null },
			...{ cvss: [], publishedAt: at, modifiedAt: at, withdrawnAt: null },
			affected: [
				{
					...{ ecosystem: "Debian:12", package: `package${source}`, introduced: null, fixed, lastAffected: null },
					...{ state: "fixed", note: null },
				},
			],
		});
	for (let source = 0; source < sources; source++) {
		for (let n = 0; n < 3; n++) add(`DSA-${source}-${n}`, source, versionOf(source, source % 100 === 0 ? 3 : n % 2));
	}
	for (let n = 0; n < more; n++) add(`DSA-${90_000 + n}-1`, n * 300 + 1, versionOf(n * 300 + 1, 9));
	writer.finish();
	const base = KnowledgeBase.open(path);
	if (base === null) throw new Error("no base");
	return base;
}

/** Each host has a quarter of all packages, another quarter than its neighbours'. */
function addHost(store: Store, knowledge: Knowledge, n: number): void {
	const address = `127.${1 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`;
	const base = { address, port: 0, protocol: "tcp", source: "login", complete: true, observedAt: at } as const;
	const system: RecordOf<"system"> = { ...base, kind: "system", data: debian };
	const list = Array.from({ length: packagesPerHost }, (_, i) => {
		const source = (i * 4 + (n % 4)) % sources;
		return {
			...{ name: `lib${source}`, version: versionOf(source, 2), architecture: "amd64", source: `package${source}` },
			...{ sourceVersion: versionOf(source, 2), vendor: "Debian Maintainers <team@lists.debian.org>", module: null },
		};
	});
	const packages: RecordOf<"packages"> = { ...base, kind: "packages", data: { manager: "dpkg", packages: list } };
	ingestHost(store, knowledge, {
		...{ scan: null, hostname: null, startedAt: at, finishedAt: at, records: [system, packages] },
		coverage: { address, alive: true, closedTcp: [], ports: [], hostKinds: ["system", "packages"] },
	});
}

const debian: DataOf<"system"> = {
	os: { id: "debian", like: [], version: "12", codename: "bookworm", name: "Debian GNU/Linux 12", cpe: null },
	...{ hostname: null, fqdn: null, architecture: "x86_64", kernel: null, bootedAt: null, virtualization: null },
	...{ machineId: null, dmi: { uuid: null, serial: null, vendor: null, product: null }, cloud: null, timeSync: null },
};

/** From the store, as it lies there: unpacked, read and judged. */
function judgeStored(store: Store, book: AdvisoryBook): number {
	return book.judgeHost(debian, storedPackages(store)).verdicts.size;
}

function judgePlainly(store: Store, db: DatabaseSync): number {
	const query = db.prepare(
		`SELECT a.name FROM affected r JOIN advisory a ON a.id = r.advisory WHERE r.ecosystem = (SELECT id FROM ecosystem WHERE name = ?)
		AND r.package = (SELECT id FROM package WHERE name = ?) AND r.introduced <= ? AND r.fixed > ?`,
	);
	let found = 0;
	for (const one of storedPackages(store).packages) {
		const key = versionKey("dpkg", one.sourceVersion ?? one.version);
		if (key !== null) found += query.all("Debian:12", one.source, key, key).length;
	}
	return found;
}

function storedPackages(store: Store): DataOf<"packages"> {
	const record = listRecords(store.db, 1).find(({ kind }) => kind === "packages");
	if (record?.kind !== "packages") throw new Error("no packages");
	return record.data;
}

function times(count: number, work: () => void): number[] {
	return Array.from({ length: count }, () => {
		const start = performance.now();
		work();
		return performance.now() - start;
	});
}

function median(values: readonly number[]): number {
	return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
