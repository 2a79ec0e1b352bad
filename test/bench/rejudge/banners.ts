/**
 * Hosts that were logged in to and whose banners name packages too, judged again after updates: of a package that all banners
 * name, and of others, with and without evidence that has come in since. Against judging each host as a whole.
 */
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { ingestHost } from "../../../daemon/assess/ingest.ts";
import { rejudge } from "../../../daemon/assess/rejudge.ts";
import { rejudgeOne } from "../../../daemon/assess/rejudge-one.ts";
import type { PortCoverage } from "../../../daemon/evidence/coverage.ts";
import type { EvidenceRecord } from "../../../daemon/evidence/record.ts";
import type { Knowledge } from "../../../daemon/knowledge/knowledge.ts";
import { withAdvisories } from "../../../daemon/knowledge/with-advisories.ts";
import { forgetBannerHosts } from "../../../daemon/store/banner-hosts.ts";
import { openStore, type Store } from "../../../daemon/store/store.ts";
import { ratio } from "../figures.ts";
import type { BenchRow } from "../main.ts";
import { baseOf, fleetAt, noSignatures, type OtherAdvisory, packagesPerHost, versionOf } from "./fleet.ts";

/** Advisories of what the banners name, half of which each host has the fix of. */
const known = Array.from({ length: 60 }, (_, n): OtherAdvisory => {
	const [source, version] = n % 2 === 0 ? ["openssh", "1:9.2p1-2"] : ["apache2", "2.4.62-1"];
	return { id: `DSA-banner-${n}`, cve: `CVE-2025-${n + 1_000}`, source, fixed: `${version}+deb12u${n % 10}` };
});
const added: OtherAdvisory = { id: "DSA-ssh", cve: "CVE-2026-1", source: "openssh", fixed: "1:9.2p1-2+deb12u99" };

export async function bannerRows(folder: string, hosts: number): Promise<BenchRow[]> {
	const store = openStore(join(folder, "banners.db"), { clock: { now: () => fleetAt } });
	const bases = [
		baseOf(join(folder, "banners-before.db"), [], known),
		baseOf(join(folder, "banners-named.db"), [401], [...known, added]),
		baseOf(join(folder, "banners-others.db"), [401], known),
	];
	try {
		const [before, named, others] = bases.map((base) => withAdvisories(noSignatures, base));
		if (before === undefined || named === undefined || others === undefined) throw new Error("no knowledge");
		await rejudge(store, before);
		for (let n = 0; n < hosts; n++) ingestHost(store, before, hostOf(n));
		const pointed = await timed(store, named);
		const whole = judgedWhole(store, named, hosts);
		await rejudge(store, before);
		forgetBannerHosts(store.db);
		const anew = await timed(store, others);
		const spared = await timed(store, before);
		const row = (name: string, seconds: number): BenchRow => ({
			...{ name, ours: seconds.toFixed(2), peer: whole.toFixed(2), ratio: ratio(seconds, whole), unit: "s" },
			note: `${((seconds / hosts) * 1_000).toFixed(2)} ms a host; peer: each judged as a whole; less is better`,
		});
		return [
			row(`${hosts} hosts of ${packagesPerHost} packages with two banners, an update of what these name`, pointed),
			row("the same, an update of other packages after new evidence of each", anew),
			row("the same, an update of other packages", spared),
		];
	} finally {
		for (const base of bases) base.close();
		store.close();
	}
}

async function timed(store: Store, knowledge: Knowledge): Promise<number> {
	const start = performance.now();
	await rejudge(store, knowledge);
	return (performance.now() - start) / 1_000;
}

function judgedWhole(store: Store, knowledge: Knowledge, hosts: number): number {
	const start = performance.now();
	for (let asset = 1; asset <= hosts; asset++) rejudgeOne(store, knowledge, asset);
	return (performance.now() - start) / 1_000;
}

function hostOf(n: number): Parameters<typeof ingestHost>[2] {
	const address = `127.${1 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`;
	const place = { address, protocol: "tcp", complete: true, observedAt: fleetAt } as const;
	const inside = { ...place, port: 0, source: "login" } as const;
	const release = n % 10;
	const [ssh, apache] = [`9.2p1-2+deb12u${release}`, `2.4.62-1+deb12u${release}`];
	const named = { product: null, version: null, info: null };
	const records: EvidenceRecord[] = [
		{ ...inside, kind: "system", data: system },
		{
			...{ ...inside, kind: "packages" },
			data: {
				manager: "dpkg",
				packages: [
					packageOf("openssh-server", `1:${ssh}`, "openssh"),
					packageOf("apache2", apache, "apache2"),
					...Array.from({ length: packagesPerHost }, (_, i) => {
						const source = i * 4 + ((i + n) % 4);
						return packageOf(`lib${source}`, versionOf(source, (i * 7 + n) % 10 < 8 ? 2 : 1), `package${source}`);
					}),
				],
			},
		},
		{
			...{ ...place, kind: "ssh", port: 22, source: "network" },
			data: {
				...{ ...named, banner: `SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u${release}`, protocol: "2.0", kex: [] },
				...{ hostKeyAlgorithms: [], ciphers: [], macs: [], compression: [], strictKex: true, hostKeys: [] },
				dhGroupBits: null,
			},
		},
		{
			...{ ...place, kind: "http", port: 80, source: "network" },
			data: {
				...{ ...named, tls: false, hostname: null, status: 200, reason: "OK", title: null, redirects: [], body: "" },
				headers: { server: "Apache/2.4.62 (Debian)" },
				...{ favicon: null, authSchemes: [], methods: [], cookies: [], answersEverything: false, paths: [] },
			},
		},
	];
	const port = (number: number, kind: "ssh" | "http"): PortCoverage => ({
		...{ port: number, protocol: "tcp", outcome: "answered", kinds: [kind], failed: [] },
	});
	return {
		...{ scan: null, hostname: null, startedAt: fleetAt, finishedAt: fleetAt, records },
		coverage: {
			...{ address, alive: true, closedTcp: [], hostKinds: ["system", "packages"] },
			ports: [port(22, "ssh"), port(80, "http")],
		},
	};
}

function packageOf(name: string, version: string, source: string) {
	return { name, version, source, sourceVersion: version, architecture: "amd64", vendor: null, module: null };
}

const system = {
	os: { id: "debian", like: [], version: "12", codename: "bookworm", name: "Debian GNU/Linux 12", cpe: null },
	...{ hostname: null, fqdn: null, architecture: null, kernel: null, bootedAt: null, virtualization: null },
	...{ machineId: null, dmi: { uuid: null, serial: null, vendor: null, product: null }, cloud: null, timeSync: null },
};
