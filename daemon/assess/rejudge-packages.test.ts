import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DataOf, EvidenceRecord, RecordOf } from "../evidence/record.ts";
import type { Advisory, CveFact } from "../knowledge/advisories/advisory.ts";
import { KnowledgeBase } from "../knowledge/advisories/base.ts";
import { BaseWriter } from "../knowledge/advisories/base-writer.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";
import { withAdvisories } from "../knowledge/with-advisories.ts";
import { getException, insertException, saveDecision } from "../store/exceptions.ts";
import { findingEvents, listFindings } from "../store/findings.ts";
import type { Store } from "../store/store.ts";
import { forgetSubjects, listPackagePlaces } from "../store/subjects.ts";
import { ingestHost } from "./ingest.ts";
import { diffKnowledge } from "./knowledge-diff.ts";
import { rejudge } from "./rejudge.ts";
import { checkOf, coverageOf, knowledgeOf, memoryStore, portOf, redisRecord, signatureOf } from "./testdata/hosts.ts";

const t0 = 1_700_000_000_000;
let folder: string;
let bases: KnowledgeBase[];
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-rejudge-"));
	bases = [];
});
afterEach(() => {
	for (const base of bases) base.close();
	rmSync(folder, { recursive: true });
});

/** A banner raises this suspicion; the vendor's word on redis of version 7.0.15 settles it. */
const suspicion = { ...signatureOf("redis/suspected", "redis", 3, "potential"), cves: ["CVE-2026-0001"] };
const signatures = knowledgeOf([checkOf(suspicion, (record) => record.kind === "redis")]);

interface Feed {
	readonly advisories: readonly Advisory[];
	readonly facts: readonly CveFact[];
}

function over({ advisories, facts }: Feed): Knowledge {
	const path = join(folder, `${bases.length}.db`);
	const writer = new BaseWriter(path, { name: "osv", format: "osv", file: "f", importedAt: bases.length });
	for (const one of advisories) writer.addAdvisory(one);
	for (const fact of facts) writer.addFact(fact);
	writer.finish();
	const base = KnowledgeBase.open(path);
	if (base === null) throw new Error("no base");
	bases.push(base);
	return withAdvisories(signatures, base);
}

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const versions = ["7.0.15-1", "7.0.15-2", "7.0.15-3", "not a version"];
const sources = ["redis", "openssl", "zlib", "linux"];
const ecosystems = ["Debian:12", "Debian:11"];

const advisories: fc.Arbitrary<Advisory> = fc.record({
	id: oneOf("DSA-1", "DSA-2", "DSA-3", "CVE-2026-0001", "CVE-2026-0002"),
	cves: fc.subarray(["CVE-2026-0001", "CVE-2026-0002", "CVE-2026-0003"]),
	...{ title: fc.constant("update"), severity: oneOf(null, "high", "low") },
	cvss: oneOf([], ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"]),
	...{ publishedAt: fc.constant(t0), modifiedAt: fc.constant(t0), withdrawnAt: oneOf(null, null, t0) },
	affected: fc.array(
		fc
			.record({
				...{ ecosystem: oneOf(...ecosystems), package: oneOf(...sources), fixed: oneOf(null, ...versions.slice(0, 3)) },
				...{ note: oneOf(null, "unimportant", "high"), state: oneOf("open", "postponed", "not-affected") },
			})
			.map(({ fixed, state, ...rest }) => ({
				...{ ...rest, fixed, introduced: null, lastAffected: null },
				state: fixed === null ? (state as "open") : "fixed",
			})),
		{ minLength: 1, maxLength: 3 },
	),
});
const feeds: fc.Arbitrary<Feed> = fc.record({
	advisories: fc.uniqueArray(advisories, { maxLength: 5, selector: ({ id }) => id }),
	facts: fc.subarray([{ cve: "CVE-2026-0002", kev: { addedAt: t0, dueAt: null, ransomware: false } }]),
});

/** Of every release: what a feed does not speak of at all is left as it is, and so may differ by what was known before. */
function speaking({ advisories: own, facts }: Feed): Feed {
	const affected = ecosystems.map((ecosystem) => ({
		...{ ecosystem, package: "bash", introduced: null, fixed: "1", lastAffected: null, note: null },
		state: "fixed" as const,
	}));
	const bash = { id: "DSA-9", cves: [], title: "bash", severity: null, cvss: [], publishedAt: null, modifiedAt: null };
	return {
		advisories: [...own, { ...bash, withdrawnAt: null, affected }],
		facts,
	};
}

type Package = DataOf<"packages">["packages"][number];
const packages: fc.Arbitrary<Package> = fc
	.record({ source: oneOf(...sources), version: oneOf(...versions), binary: oneOf("-tools", "") })
	.map(({ source, version, binary }) => ({
		...{ name: source === "linux" ? "linux-image-6.1.0-18-amd64" : `${source}${binary}`, version, source },
		...{ sourceVersion: null, architecture: "amd64", module: null, vendor: null },
	}));
interface Machine {
	readonly release: string | null;
	readonly build: string;
	readonly packages: readonly Package[];
	readonly complete: boolean;
	readonly asked: boolean;
}
const machines: fc.Arbitrary<Machine> = fc.record({
	release: oneOf("12", "12", "11", null),
	build: oneOf("#1 SMP Debian 7.0.15-1 (2024)", "#1 SMP Debian 7.0.15-3 (2024)"),
	packages: fc.uniqueArray(packages, { maxLength: 4, selector: ({ name }) => name }),
	...{ complete: oneOf(true, true, false), asked: fc.boolean() },
});

/** A login to each machine; those that are asked tell their Redis from outside too. */
function visit(store: Store, knowledge: Knowledge, fleet: readonly Machine[]): void {
	for (const [n, machine] of fleet.entries()) {
		const address = `127.0.0.${n + 1}`;
		const at = store.clock.now();
		const place = { address, port: 0, protocol: "tcp", source: "login", observedAt: at } as const;
		const list: RecordOf<"packages"> = {
			...{ ...place, kind: "packages", complete: machine.complete },
			data: { manager: "dpkg", packages: [...machine.packages] },
		};
		const records: EvidenceRecord[] = [{ ...place, kind: "system", complete: true, data: systemOf(machine) }, list];
		if (machine.asked) records.push(redisRecord(address, at));
		const ports = machine.asked ? [portOf(6379, "answered", ["redis"])] : [];
		ingestHost(store, knowledge, {
			...{ scan: null, hostname: null, startedAt: at, finishedAt: at, records },
			coverage: coverageOf(address, ports, { hostKinds: machine.complete ? ["system", "packages"] : ["system"] }),
		});
	}
}

function systemOf({ release, build }: Machine): DataOf<"system"> {
	return {
		os: { id: "debian", like: [], version: release, codename: null, name: `Debian ${release}`, cpe: null },
		...{ hostname: null, fqdn: null, architecture: "x86_64", bootedAt: null, virtualization: null },
		kernel: { running: "6.1.0-18-amd64", build, installed: [] },
		...{ machineId: null, dmi: { uuid: null, serial: null, vendor: null, product: null }, cloud: null, timeSync: null },
	};
}

const allOf = (store: Store) =>
	listFindings(store.db, { where: { sql: "1", params: [] }, sort: null, limit: 1000, cursor: null })
		.items.map((finding) => ({ ...finding, id: 0, events: findingEvents(store.db, finding.id) }))
		.toSorted((a, b) => (`${a.asset} ${a.signature}` < `${b.asset} ${b.signature}` ? -1 : 1));
const countersOf = (store: Store) =>
	[
		"SELECT key, n FROM counter WHERE key NOT LIKE 'next:%' AND n <> 0 ORDER BY key",
		"SELECT id, n1, n2, n3, n4, n5 FROM asset",
		"SELECT name, open_findings, open_assets, severity, kev FROM signature WHERE open_findings > 0 ORDER BY name",
	].map((text) => store.db.prepare(text).all());

/** Each asset as a whole, as when a signature has changed. */
function rejudgeWhole(store: Store, knowledge: Knowledge) {
	store.db.exec("DELETE FROM meta WHERE key = 'judged-with-signatures'");
	return rejudge(store, knowledge);
}

/** Lets the work go on a few times before it is called off. */
function calledOffAfter(turns: number): AbortSignal {
	const controller = new AbortController();
	let left = turns;
	const { signal } = controller;
	signal.throwIfAborted = () => {
		if (left-- === 0) throw new Error("called off");
	};
	return signal;
}

describe("hosts judged by what changed", () => {
	test("come to what judging each as a whole comes to, with the same history", async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(machines, { minLength: 1, maxLength: 4 }),
				fc.array(feeds, { minLength: 2, maxLength: 4 }),
				async (fleet, history) => {
					const [first, ...later] = history.map(over);
					if (first === undefined) return;
					const [byChange, asWhole] = [memoryStore(t0), memoryStore(t0)];
					for (const store of [byChange, asWhole]) {
						await rejudge(store, first);
						visit(store, first, fleet);
					}
					for (const knowledge of later) {
						for (const store of [byChange, asWhole]) store.clock.at += 1000;
						await rejudge(byChange, knowledge);
						await rejudgeWhole(asWhole, knowledge);
						expect(allOf(byChange)).toEqual(allOf(asWhole));
						expect(countersOf(byChange)).toEqual(countersOf(asWhole));
					}
				},
			),
			{ numRuns: 30 },
		);
	});

	test("are right also after knowledge that was called off half-way, or taken back", async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(machines, { minLength: 1, maxLength: 4 }),
				feeds,
				feeds,
				fc.nat(5),
				async (found, one, other, turns) => {
					// A list that is cut off opens and does not close: what is left of it depends on what was known before.
					const fleet = found.map((machine) => ({ ...machine, complete: true }));
					const [first, second] = [over(speaking(one)), over(speaking(other))];
					const [store, whole] = [memoryStore(t0), memoryStore(t0)];
					await rejudge(store, first);
					visit(store, first, fleet);
					visit(whole, first, fleet);
					await rejudge(store, second, { signal: calledOffAfter(turns) }).catch(() => {});
					await rejudge(store, first);
					await rejudgeWhole(whole, first);
					const open = (from: Store) =>
						allOf(from)
							.filter(({ status }) => status !== "FIXED")
							.map(({ asset, signature, severity, fix, result }) => ({ asset, signature, severity, fix, result }));
					expect(open(store)).toEqual(open(whole));
				},
			),
			{ numRuns: 30 },
		);
	});
});

test("what a live approval means is covered when judging again opens it", async () => {
	const none = { publishedAt: null, modifiedAt: null, withdrawnAt: null };
	const affected = { ecosystem: "Debian:12", package: "zlib", introduced: null, lastAffected: null, note: null };
	const advisory: Advisory = {
		...{ id: "DSA-5", cves: ["CVE-2026-0003"], title: "update", severity: "high", cvss: [], ...none },
		affected: [{ ...affected, fixed: "2", state: "fixed" }],
	};
	const list = { name: "zlib", version: "1", source: "zlib", sourceVersion: null, architecture: "amd64" };
	const packages = [{ ...list, module: null, vendor: null }];
	const [before, after] = [speaking({ advisories: [], facts: [] }), speaking({ advisories: [advisory], facts: [] })];
	const store = memoryStore(t0);
	const knowledge = over(before);
	await rejudge(store, knowledge);
	visit(store, knowledge, [{ release: "12", build: "#1", packages, complete: true, asked: false }]);
	await rejudge(store, knowledge);
	const id = insertException(store.db, {
		...{ kind: "false-positive", scope: { kind: "query", query: "", qids: [], live: true }, subject: "all" },
		...{ findings: 0, assets: 0, reason: "test", requester: "unix:1", requesterUid: 1, days: 90 },
		...{ batch: null, previous: null, at: t0 },
	});
	const held = {
		state: "approved",
		by: "unix:2",
		at: t0,
		note: "",
		days: 90,
		until: t0 + 1e9,
		signature: null,
	} as const;
	saveDecision(store.db, id, held);
	await rejudge(store, over(after));
	const opened = allOf(store).filter(({ status }) => status !== null);
	expect(opened).toMatchObject([{ excepted: true }]);
	expect(getException(store.db, id)).toMatchObject({ findings: 1, assets: 1 });
});

test("what a feed would change is, by what hosts have, what it is by each host as a whole", async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(machines, { minLength: 1, maxLength: 4 }), feeds, feeds, async (fleet, one, other) => {
			const [before, after] = [over(one), over(other)];
			const store = memoryStore(t0);
			await rejudge(store, before);
			visit(store, before, fleet);
			await rejudge(store, before);
			const diff = async () => {
				const found = await diffKnowledge(store, before.advisories ?? null, after.advisories ?? null);
				// Hosts are named in the order they are met.
				return { ...found, changes: found.changes.map((change) => ({ ...change, named: change.named.toSorted() })) };
			};
			const places = listPackagePlaces(store.db, { asset: 0, address: "" }, 10);
			expect(places.every(({ known }) => known)).toBe(true);
			const byWhatTheyHave = await diff();
			forgetSubjects(store.db);
			expect(byWhatTheyHave).toEqual(await diff());
		}),
		{ numRuns: 60 },
	);
});
