/** Cases that users of other products reported as got wrong there; each by its number where it was reported. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { EvidenceRecord, RecordOf } from "../evidence/record.ts";
import type { AffectedRange } from "../knowledge/advisories/advisory.ts";
import { KnowledgeBase } from "../knowledge/advisories/base.ts";
import { BaseWriter } from "../knowledge/advisories/base-writer.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";
import { withAdvisories } from "../knowledge/with-advisories.ts";
import { findingEvents, listFindings } from "../store/findings.ts";
import type { Store } from "../store/store.ts";
import { ingestHost } from "./ingest.ts";
import { rejudge } from "./rejudge.ts";
import { coverageOf, knowledgeOf, memoryStore, mysqlRecord, portOf, sampleKnowledge } from "./testdata/hosts.ts";

const t0 = 1_700_000_000_000;
const everything = { where: { sql: "1", params: [] }, sort: null, limit: 100, cursor: null };
let folder: string;
let bases: KnowledgeBase[];
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-peers-"));
	bases = [];
});
afterEach(() => {
	for (const base of bases) base.close();
	rmSync(folder, { recursive: true });
});

/** A feed with one advisory of these ranges. */
function feed(
	id: string,
	...ranges: (Pick<AffectedRange, "ecosystem" | "package"> & { fixed: string | null })[]
): Knowledge {
	const path = join(folder, `${bases.length}.db`);
	const writer = new BaseWriter(path, { name: "osv Debian", format: "osv", file: "f", importedAt: t0 });
	writer.addAdvisory({
		...{ id, cves: ["CVE-2026-1"], title: id, severity: null, cvss: [] },
		...{ publishedAt: t0, modifiedAt: t0, withdrawnAt: null },
		affected: ranges.map((range) => ({
			...{ introduced: null, lastAffected: null, note: null, state: range.fixed === null ? "open" : "fixed", ...range },
		})),
	});
	writer.finish();
	const base = KnowledgeBase.open(path);
	if (base === null) throw new Error("no base");
	bases.push(base);
	return withAdvisories(knowledgeOf([]), base);
}

const inside = {
	address: "127.0.0.1",
	port: 0,
	protocol: "tcp",
	source: "agent",
	complete: true,
	observedAt: t0,
} as const;

/** What an agent, or a login, says of a Debian host with one package; a kernel runs as the version of its package says. */
function debianHost(version: string, installed: { name: string; version: string; source: string }): EvidenceRecord[] {
	const system: RecordOf<"system"> = {
		...{ ...inside, kind: "system" },
		data: {
			os: { id: "debian", like: [], version, codename: null, name: `Debian GNU/Linux ${version}`, cpe: null },
			...{ hostname: "web1", fqdn: null, architecture: "x86_64", bootedAt: null, virtualization: null, timeSync: true },
			kernel: {
				running: installed.name.replace("linux-image-", ""),
				build: `#1 SMP Debian ${installed.version} (2026-01-01)`,
				installed: [],
			},
			...{ machineId: null, dmi: { uuid: null, serial: null, vendor: null, product: null }, cloud: null },
		},
	};
	const vendor = "Debian Kernel Team <debian-kernel@lists.debian.org>";
	const packages: RecordOf<"packages"> = {
		...{ ...inside, kind: "packages" },
		data: {
			manager: "dpkg",
			packages: [{ ...installed, sourceVersion: null, architecture: "amd64", module: null, vendor }],
		},
	};
	return [system, packages];
}

function visit(store: Store, knowledge: Knowledge, records: EvidenceRecord[]): void {
	const coverage = coverageOf("127.0.0.1", [], { hostKinds: ["system", "packages"] });
	ingestHost(store, knowledge, { scan: null, hostname: null, startedAt: t0, finishedAt: t0, records, coverage });
}

const told = (store: Store) =>
	listFindings(store.db, everything).items.map(({ signature, address, status }) => `${signature} ${address} ${status}`);

test("a kernel from backports, newer than the fix in the next release, is not vulnerable (wazuh 36985)", () => {
	const image = { name: "linux-image-6.12.90+deb12-amd64", version: "6.12.90-2~bpo12+1", source: "linux-signed-amd64" };
	const linux = (ecosystem: string, fixed: string | null) => ({ ecosystem, package: "linux", fixed });
	for (const own of [[], [linux("Debian:12", "6.1.153-1")]]) {
		const store = memoryStore(t0);
		visit(store, feed("CVE-2026-1", linux("Debian:13", "6.12.88-1"), ...own), debianHost("12", image));
		expect(told(store)).toEqual([]);
	}
});

test("a fix in a point release is one: +deb13u1 (wazuh 35615)", () => {
	const foo = (version: string) => debianHost("13", { name: "foo", version, source: "foo" });
	const knowledge = feed("DSA-1-1", { ecosystem: "Debian:13", package: "foo", fixed: "1.11.0-1+deb13u1" });
	const [mended, before] = [memoryStore(t0), memoryStore(t0)];
	visit(mended, knowledge, foo("1.11.0-1+deb13u1"));
	visit(before, knowledge, foo("1.11.0-1"));
	expect([told(mended), told(before)]).toEqual([[], ["advisory/DSA-1-1 127.0.0.1 NEW"]]);
});

test("scan A finds a port on two hosts, scan B looks at one of them: the other's stays active (DefectDojo 6783)", () => {
	const store = memoryStore(t0);
	const scan = (id: number, addresses: string[], isOpen: boolean) => {
		for (const address of addresses) {
			const at = t0 + id * 60_000;
			const ports = [portOf(3_306, isOpen ? "answered" : "closed", isOpen ? ["mysql"] : [])];
			const records = isOpen ? [mysqlRecord(address, at)] : [];
			const coverage = coverageOf(address, ports);
			ingestHost(store, sampleKnowledge, {
				scan: id,
				hostname: null,
				startedAt: at,
				finishedAt: at,
				records,
				coverage,
			});
		}
	};
	scan(1, ["127.0.0.1", "127.0.0.2"], true);
	scan(2, ["127.0.0.1", "127.0.0.2"], true);
	scan(3, ["127.0.0.1"], false);
	expect(told(store).sort()).toEqual(["mysql/reachable 127.0.0.1 FIXED", "mysql/reachable 127.0.0.2 ACTIVE"]);
});

test("an agent that says nothing new gets a finding by a new advisory, and loses it as corrected (wazuh 38357)", async () => {
	const store = memoryStore(t0);
	const range = { ecosystem: "Debian:12", package: "bash" };
	visit(
		store,
		feed("DSA-1-1", { ...range, fixed: "5.0" }),
		debianHost("12", { name: "bash", version: "5.2.15-2", source: "bash" }),
	);
	expect(told(store)).toEqual([]);
	await rejudge(store, feed("DSA-2-1", { ...range, fixed: "5.2.15-3" }));
	expect(told(store)).toEqual(["advisory/DSA-2-1 127.0.0.1 NEW"]);
	await rejudge(store, feed("DSA-1-1", { ...range, fixed: "5.0" }));
	const [finding] = listFindings(store.db, everything).items;
	expect(findingEvents(store.db, finding?.id ?? 0).map(({ kind }) => kind)).toEqual(["new", "corrected"]);
});
