/** Banners of distributions' packages judged by those distributions' advisories: potential, explained, settled by a login. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { signature as schema } from "../../protocol/model/signature.ts";
import type { EvidenceRecord, Kind } from "../evidence/record.ts";
import type { Advisory, AffectedRange } from "../knowledge/advisories/advisory.ts";
import { KnowledgeBase } from "../knowledge/advisories/base.ts";
import { BaseWriter } from "../knowledge/advisories/base-writer.ts";
import { bannerKinds } from "../knowledge/banners/packaged.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";
import { withAdvisories } from "../knowledge/with-advisories.ts";
import { listBannerHosts } from "../store/banner-hosts.ts";
import { findingEvents, listFindings } from "../store/findings.ts";
import { withNumber } from "../store/signatures.ts";
import type { Store } from "../store/store.ts";
import { explain } from "./explain.ts";
import { ingestHost } from "./ingest.ts";
import { rejudge } from "./rejudge.ts";
import { checkOf, coverageOf, knowledgeOf, memoryStore, portOf, signatureOf } from "./testdata/hosts.ts";

const t0 = 1_700_000_000_000;
const address = "127.0.0.1";
const everything = { where: { sql: "1", params: [] }, sort: null, limit: 1000, cursor: null };

let folder: string;
let bases: KnowledgeBase[];
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-banners-"));
	bases = [];
});
afterEach(() => {
	for (const base of bases) base.close();
	rmSync(folder, { recursive: true });
});

function over(advisories: Advisory[], signatures: Knowledge = knowledgeOf([])): Knowledge {
	const path = join(folder, `${bases.length}.db`);
	const writer = new BaseWriter(path, { name: "osv", format: "osv", file: "f", importedAt: t0 });
	for (const one of advisories) writer.addAdvisory(one);
	writer.finish();
	const base = KnowledgeBase.open(path);
	if (base === null) throw new Error("no base");
	bases.push(base);
	return withAdvisories(signatures, base);
}

function advisory(
	id: string,
	ecosystem: string,
	name: string,
	range: Partial<AffectedRange>,
	cve = "CVE-2026-0001",
): Advisory {
	const state = range.fixed == null ? "open" : "fixed";
	return {
		...{ id, cves: [cve], title: `${name} - security update`, severity: null, cvss: [] },
		...{ publishedAt: t0, modifiedAt: t0, withdrawnAt: null },
		affected: [
			{
				...{ ecosystem, package: name, introduced: null, fixed: null, lastAffected: null, state, note: null },
				...range,
			},
		],
	};
}

const named = { product: null, version: null, info: null };
const sshAt = (banner: string): EvidenceRecord => ({
	...{ kind: "ssh", address, port: 22, protocol: "tcp", source: "network", complete: true, observedAt: t0 },
	data: {
		...{ ...named, banner, protocol: "2.0", kex: [], hostKeyAlgorithms: [], ciphers: [], macs: [], compression: [] },
		...{ strictKex: true, hostKeys: [], dhGroupBits: null },
	},
});
const httpAt = (server: string): EvidenceRecord => ({
	...{ kind: "http", address, port: 80, protocol: "tcp", source: "network", complete: true, observedAt: t0 },
	data: {
		...{
			...named,
			tls: false,
			hostname: null,
			status: 200,
			reason: "OK",
			headers: { server },
			title: null,
			redirects: [],
		},
		...{ body: "", favicon: null, authSchemes: [], methods: [], cookies: [], answersEverything: false, paths: [] },
	},
});

function seen(store: Store, knowledge: Knowledge, records: EvidenceRecord[], at = t0) {
	const ports = records.map(({ kind, port }) => portOf(port, "answered", [kind]));
	return ingestHost(store, knowledge, {
		...{ scan: null, hostname: null, startedAt: at, finishedAt: at },
		records: records.map((record) => ({ ...record, observedAt: at })),
		coverage: coverageOf(address, ports),
	});
}

function login(store: Store, knowledge: Knowledge, version: string, at: number) {
	const base = { address, port: 0, protocol: "tcp", source: "login", complete: true, observedAt: at } as const;
	const os = { id: "debian", like: [], version: "12", codename: "bookworm", name: "Debian GNU/Linux 12", cpe: null };
	const packages = [
		{
			name: "openssh-server",
			version,
			source: "openssh",
			sourceVersion: null,
			architecture: "amd64",
			vendor: null,
			module: null,
		},
	];
	const system = {
		...{
			os,
			hostname: null,
			fqdn: null,
			architecture: null,
			kernel: null,
			bootedAt: null,
			virtualization: null,
			machineId: null,
		},
		...{ dmi: { uuid: null, serial: null, vendor: null, product: null }, cloud: null, timeSync: null },
	};
	return ingestHost(store, knowledge, {
		...{ scan: null, hostname: null, startedAt: at, finishedAt: at },
		records: [
			{ ...base, kind: "system", data: system },
			{ ...base, kind: "packages", data: { manager: "dpkg", packages } },
		],
		coverage: coverageOf(address, [], { hostKinds: ["system", "packages"] }),
	});
}

const rows = (store: Store) => listFindings(store.db, everything).items.toSorted((a, b) => a.id - b.id);
const told = (store: Store) =>
	rows(store).map(({ signature, status, type, fix }) => [signature, status, type, fix].join(" "));

const dsa = advisory("DSA-1-1", "Debian:12", "openssh", { fixed: "1:9.2p1-2+deb12u5" });

describe("a banner of a distribution's package", () => {
	test("before the fix is potential, says why, and is explained", () => {
		const store = memoryStore(t0);
		const knowledge = over([dsa]);
		seen(store, knowledge, [sshAt("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3")]);
		expect(told(store)).toEqual(["banner/ssh/DSA-1-1 NEW potential available"]);
		const [finding] = rows(store);
		expect(finding).toMatchObject({ port: 22, cves: ["CVE-2026-0001"] });
		expect(finding?.result).toBe(
			[
				"By its banner: SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3",
				"openssh 1:9.2p1-2+deb12u3 is before 1:9.2p1-2+deb12u5, which has the fix.",
				"DSA-1-1, feed osv of 2023-11-14.",
				"A guess: the revision 2+deb12u3 is of that release; so it is judged as Debian:12. A login settles it.",
			].join("\n"),
		);
		// As it is shown: with the number the store gave it.
		const shown = withNumber(store.db, knowledge.find("banner/ssh/DSA-1-1")?.signature ?? signatureOf("x", "ssh"));
		expect(shown?.qid).toBeGreaterThan(100_000_000);
		expect(schema.safeParse(shown).error).toBeUndefined();
		const { verdict, steps } = explain(store, knowledge, { id: finding?.id });
		expect(verdict).toBe("vulnerable");
		expect(steps.map(({ text }) => text).join("\n")).toContain("is before 1:9.2p1-2+deb12u5");
	});

	test.each([
		["SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u5", "the fix is in"],
		["SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10", "a newer one, by dpkg's order"],
		["SSH-2.0-OpenSSH_9.2p1", "no package is named"],
		["SSH-2.0-OpenSSH_8.4p1 Debian-5+deb11u3", "another release, of which nobody speaks"],
	])("%s is none: %s", (banner) => {
		const store = memoryStore(t0);
		seen(store, over([dsa]), [sshAt(banner)]);
		expect(told(store)).toEqual([]);
	});

	test("mended in between closes when the port is seen again", () => {
		const store = memoryStore(t0);
		const knowledge = over([dsa]);
		seen(store, knowledge, [sshAt("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3")]);
		seen(store, knowledge, [sshAt("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u5")], t0 + 1000);
		expect(told(store)).toEqual(["banner/ssh/DSA-1-1 FIXED potential available"]);
	});

	test("without a revision is decided where every package of that version is alike", () => {
		const store = memoryStore(t0);
		const of = (id: string, fixed: string | null) =>
			advisory(id, "Debian:12", "apache2", { fixed }, `CVE-2026-100${id.at(-1)}`);
		const knowledge = over([
			of("DSA-1", "2.4.59-1~deb12u1"),
			of("DSA-2", "2.4.62-1~deb12u2"),
			of("DSA-3", "2.4.65-1~deb12u1"),
			of("DSA-4", null),
		]);
		seen(store, knowledge, [httpAt("Apache/2.4.62 (Debian)"), sshAt("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u9")]);
		expect(told(store).toSorted()).toEqual([
			"banner/http/DSA-3 NEW potential available",
			"banner/http/DSA-4 NEW potential none",
		]);
		expect(rows(store)[0]?.result).toMatch(/A guess: ssh on port 22 says/);
		expect(
			knowledge.find("banner/http/DSA-2")?.onHost?.(httpAt("Apache/2.4.62 (Debian)"), t0, {
				records: [sshAt("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u9")],
				newest: () => null,
			}),
		).toMatchObject({ matched: null });
	});

	test("of Red Hat's family is judged by theirs, and Ubuntu's by Ubuntu's, its subscribers' fixes told apart", () => {
		const store = memoryStore(t0);
		const httpd = advisory("RHSA-1", "Red Hat:enterprise_linux:9", "httpd", { fixed: "2.4.62-1.el9" });
		const pro = advisory(
			"USN-1",
			"Ubuntu:Pro:22.04:LTS",
			"openssh",
			{ fixed: "1:8.9p1-3ubuntu0.99+esm1" },
			"CVE-2026-0002",
		);
		seen(store, over([httpd, pro]), [
			httpAt("Apache/2.4.57 (Red Hat Enterprise Linux)"),
			sshAt("SSH-2.0-OpenSSH_8.9p1 Ubuntu-3ubuntu0.10"),
		]);
		expect(told(store).toSorted()).toEqual([
			"banner/http/RHSA-1 NEW potential available",
			"banner/ssh/USN-1 NEW potential subscription",
		]);
	});

	test("makes a signature's own suspicion superfluous, where the vendor speaks of it", () => {
		const own = (matched: boolean | null) =>
			knowledgeOf([
				checkOf({ ...signatureOf("ssh/old", "ssh" as Kind, 4, "potential"), cves: ["CVE-2026-0001"] }, () => matched),
			]);
		const [one, other] = [memoryStore(t0), memoryStore(t0)];
		seen(one, over([dsa], own(true)), [sshAt("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u9")]);
		expect(told(one)).toEqual([]);
		seen(other, over([dsa], own(true)), [sshAt("SSH-2.0-OpenSSH_9.2p1")]);
		expect(told(other)).toEqual(["ssh/old NEW potential "]);
	});

	test("is not suspected of what harms nobody in the vendor's package; the rest says how it stands", () => {
		const store = memoryStore(t0);
		const of = (id: string, state: AffectedRange["state"], note: string | null) =>
			advisory(id, "Debian:12", "openssh", { state, note }, `CVE-2026-100${id.at(-1)}`);
		const all = [
			of("C-1", "will-not-fix", "unimportant"),
			of("C-2", "will-not-fix", "low"),
			of("C-3", "under-investigation", null),
		];
		seen(store, over(all), [sshAt("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3")]);
		expect(told(store).toSorted()).toEqual([
			"banner/ssh/C-2 NEW potential will-not-fix",
			"banner/ssh/C-3 NEW potential under-investigation",
		]);
		expect(
			rows(store)
				.map(({ result }) => result.split("\n")[1])
				.toSorted(),
		).toEqual([
			"openssh 9.2p1-2+deb12u3: the vendor is still looking into it.",
			"openssh 9.2p1-2+deb12u3: the vendor will not fix it (low).",
		]);
	});

	test.each([
		["SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3", "vulnerable", /is affected, potentially/],
		["SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u5", "not-vulnerable", /is not affected/],
		["SSH-2.0-OpenSSH_9.2p1", "unknown", /packages of .* are not known/],
	])("answers why a CVE may apply, or not: %s", (banner, verdict, summary) => {
		const store = memoryStore(t0);
		const knowledge = over([dsa]);
		seen(store, knowledge, [sshAt(banner)]);
		const told = explain(store, knowledge, { subject: "CVE-2026-0001", asset: address });
		expect(told).toMatchObject({ verdict, summary: expect.stringMatching(summary) });
		const steps = told.steps.map(({ text }) => text).join("\n");
		if (verdict !== "unknown")
			expect(steps).toMatch(/that is openssh 1:9\.2p1-2\+deb12u[35], of debian, release 12: a guess/);
	});

	test("is settled by a login, whatever it says", () => {
		const store = memoryStore(t0);
		const knowledge = over([dsa]);
		seen(store, knowledge, [sshAt("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3")]);
		login(store, knowledge, "1:9.2p1-2+deb12u3", t0 + 1000);
		expect(told(store).toSorted()).toEqual([
			"advisory/DSA-1-1 NEW confirmed available",
			"banner/ssh/DSA-1-1 FIXED potential available",
		]);
		expect(
			findingEvents(store.db, rows(store).find(({ signature }) => signature.startsWith("banner/"))?.id ?? 0).at(-1)
				?.kind,
		).toBe("corrected");
	});

	test("is judged again when the feed says something else, without a packet", async () => {
		const store = memoryStore(t0);
		const first = over([advisory("DSA-0", "Debian:12", "bash", { fixed: "9" })]);
		await rejudge(store, first);
		seen(store, first, [sshAt("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3")]);
		expect(told(store)).toEqual([]);
		expect(await rejudge(store, over([dsa]))).toMatchObject({ assets: 1, opened: 1 });
		expect(told(store)).toEqual(["banner/ssh/DSA-1-1 NEW potential available"]);
		const same = advisory("DSA-9", "Debian:12", "bash", { fixed: "9" });
		expect(await rejudge(store, over([dsa, same]))).toMatchObject({ assets: 0 });
		const mended = advisory("DSA-1-1", "Debian:12", "openssh", { fixed: "1:9.2p1-2+deb12u2" });
		expect(await rejudge(store, over([mended]))).toMatchObject({ corrected: 1 });
		expect(told(store)).toEqual(["banner/ssh/DSA-1-1 FIXED potential available"]);
		// Of what it points to nothing else is said: it is not even looked at.
		const before = listBannerHosts(store.db, bannerKinds, 0, 10);
		expect(before).toMatchObject([{ subjects: '[["debian","12","openssh"]]' }]);
		expect(await rejudge(store, over([mended, same]))).toMatchObject({ assets: 0 });
		expect(listBannerHosts(store.db, bannerKinds, 0, 10)).toEqual(before);
		// Seen again as it was it stays known; with other words it is to be looked at.
		seen(store, over([mended]), [sshAt("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3")], t0 + 3000);
		expect(listBannerHosts(store.db, bannerKinds, 0, 10)).toEqual(before);
		seen(store, over([mended]), [sshAt("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u4")], t0 + 4000);
		expect(listBannerHosts(store.db, bannerKinds, 0, 10)).toMatchObject([{ subjects: null }]);
		// The advisory is gone altogether.
		seen(store, over([dsa]), [sshAt("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3")], t0 + 5000);
		expect(await rejudge(store, over([same]))).toMatchObject({ corrected: 1 });
	});

	test("is judged, feed after feed, as if it had been looked at anew each time", async () => {
		const fixes = ["1:9.2p1-2+deb12u2", "1:9.2p1-2+deb12u5", null] as const;
		const entry = fc.record({
			...{ id: fc.constantFrom("DSA-1", "DSA-2", "DSA-3"), name: fc.constantFrom("openssh", "apache2", "bash") },
			fixed: fc.constantFrom(...fixes),
		});
		const feed = fc.uniqueArray(entry, { selector: ({ id }) => id, maxLength: 3 });
		const records = [httpAt("Apache/2.4.62 (Debian)"), sshAt("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3")];
		const open = (store: Store) =>
			told(store)
				.filter((line) => !line.includes(" FIXED "))
				.map((line) => line.split(" ")[0])
				.toSorted();
		await fc.assert(
			fc.asyncProperty(fc.array(feed, { minLength: 2, maxLength: 5 }), async (feeds) => {
				const store = memoryStore(t0);
				let at = t0;
				for (const entries of feeds) {
					// One that is always there: a feed that says nothing is none.
					const base = advisory("DSA-0", "Debian:12", "zsh", { fixed: "9" });
					const now = entries.map(({ id, name, fixed }) => advisory(id, "Debian:12", name, { fixed }));
					const knowledge = over([base, ...now]);
					await rejudge(store, knowledge);
					if (at === t0) seen(store, knowledge, records, at++);
					const anew = memoryStore(t0);
					seen(anew, knowledge, records);
					expect(open(store)).toEqual(open(anew));
				}
			}),
			{ numRuns: 12 },
		);
	});
});
