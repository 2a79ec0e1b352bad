/**
 * A fleet as the store has it when all of it was logged in to: no two hosts alike, each with a quarter of a distribution of
 * 36,000 versions. The rows are the store's own; what is left out is reading 3,000 packages of each host.
 */

import { sayingsBookOf, toSaid } from "../../../daemon/assess/host-subjects.ts";
import { KnowledgeBase } from "../../../daemon/knowledge/advisories/base.ts";
import { BaseWriter } from "../../../daemon/knowledge/advisories/base-writer.ts";
import type { Knowledge } from "../../../daemon/knowledge/knowledge.ts";
import { addressKey } from "../../../daemon/store/address-key.ts";
import { createAsset } from "../../../daemon/store/assets.ts";
import { Tally } from "../../../daemon/store/counters.ts";
import { saveRecord } from "../../../daemon/store/record-writes.ts";
import { transaction } from "../../../daemon/store/sql.ts";
import type { Store } from "../../../daemon/store/store.ts";
import { saveHostSubjects, subjectNumber, systemNumber } from "../../../daemon/store/subjects.ts";

export const packagesPerHost = 3_000;
const sources = 12_000;
const releases = [1, 2, 3] as const;
export const fleetAt = 1_700_000_000_000;
const ecosystem = "Debian:12";

export const noSignatures: Knowledge = {
	version: "none",
	signatures: [],
	checksFor: () => [],
	find: () => null,
	status: () => ({
		...{ signatures: 0, problems: [], version: "none", sources: [] },
		updatedAt: new Date(fleetAt).toISOString(),
	}),
};

/** Of the three releases of a source package; the last has all that is fixed before an update. */
export const versionOf = (source: number, release: number) => `1.${source % 50}.${release}-1+deb12u${(source * 7) % 9}`;

export interface OtherAdvisory {
	readonly id: string;
	readonly cve: string;
	/** Source package. */
	readonly source: string;
	readonly fixed: string;
}

/**
 * Three advisories a source package. `updated`: the next day's, with a new advisory for each of these packages that no host
 * has the fix of, one that the vendor takes back for the package beside it, and 200 more that everybody has the fix of.
 */
export function baseOf(path: string, updated: readonly number[], others: readonly OtherAdvisory[] = []): KnowledgeBase {
	const writer = new BaseWriter(path, { name: "osv Debian", format: "osv", file: "bench", importedAt: fleetAt });
	const write = ({ id, cve, source, fixed }: OtherAdvisory) =>
		writer.addAdvisory({
			...{ id, cves: [cve], title: `${source} - security update`, severity: null },
			...{ cvss: [], publishedAt: fleetAt, modifiedAt: fleetAt, withdrawnAt: null },
			affected: [
				{
					...{ ecosystem, package: source, introduced: null, fixed, lastAffected: null },
					...{ state: "fixed", note: null },
				},
			],
		});
	const add = (id: string, source: number, fixed: string) =>
		write({ id, cve: `CVE-2026-${10_000 + source}`, source: `package${source}`, fixed });
	for (let source = 0; source < sources; source++) {
		for (let n = 0; n < 3; n++) add(`DSA-${source}-${n}`, source, versionOf(source, n % 2));
	}
	for (const source of updated) add(`DSA-${source}-new`, source, versionOf(source, 9));
	if (updated.length > 0)
		for (let n = 0; n < 200; n++) add(`DSA-${n * 50 + 7}-late`, n * 50 + 7, versionOf(n * 50 + 7, 1));
	for (const other of others) write(other);
	writer.finish();
	const base = KnowledgeBase.open(path);
	if (base === null) throw new Error("no base");
	return base;
}

/** Which of each four neighbours a host has, and how old, are told by its number. */
export function addFleet(store: Store, knowledge: Knowledge, hosts: number): void {
	const { db } = store;
	const [system, subjects] = transaction(db, () => addSubjects(store, knowledge));
	const batch = 500;
	for (let from = 0; from < hosts; from += batch) {
		transaction(db, () => {
			const tally = new Tally();
			for (let n = from; n < Math.min(hosts, from + batch); n++) addHost(store, tally, system, subjects, n);
			tally.write(db, fleetAt);
		});
	}
}

function addSubjects({ db }: Store, knowledge: Knowledge): [system: number, subjects: number[]] {
	const system = { ecosystems: [ecosystem], subscription: null, manager: "dpkg" } as const;
	const number = systemNumber(db, JSON.stringify(system));
	const sayings = sayingsBookOf(knowledge);
	const subjects: number[] = [];
	for (let source = 0; source < sources; source++) {
		for (const release of releases) {
			const [name, version] = [`package${source}`, versionOf(source, release)];
			const subject = { name, version, binaries: [`lib${source}`, name] };
			subjects.push(
				subjectNumber(db, { system: number, ...subject }, () => toSaid(sayings?.of(system, subject) ?? null)),
			);
		}
	}
	return [number, subjects];
}

function addHost(store: Store, tally: Tally, system: number, subjects: readonly number[], n: number): void {
	const { db } = store;
	const address = `127.${1 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`;
	const asset = createAsset(db, tally, { network: 1, name: address, address, at: fleetAt });
	saveRecord(db, asset, null, {
		...{ kind: "packages", address, port: 0, protocol: "tcp", source: "login", complete: true, observedAt: fleetAt },
		data: { manager: "dpkg", packages: [] },
	});
	let seed = n * 2_654_435_761 + 1;
	const own: number[] = [];
	for (let i = 0; i < packagesPerHost; i++) {
		seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
		const source = i * 4 + (seed >>> 30);
		const release = (seed >>> 20) % 10 < 8 ? 2 : (seed >>> 20) % 10 < 9 ? 1 : 0;
		own.push(subjects[source * releases.length + release] ?? 0);
	}
	saveHostSubjects(db, { asset, address: addressKey(address) }, system, own);
}
