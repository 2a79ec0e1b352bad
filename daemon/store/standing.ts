/** What an asset adds to the counters and to each signature's spread: read before and after rows have moved. */
import type { DatabaseSync } from "node:sqlite";
import type { Severity } from "../../protocol/model/severity.ts";
import { openNumbers, statusOf, typeOf } from "./codes.ts";
import { type CountedFinding, type CounterKey, findingCounters, type Tally } from "./counters.ts";
import { countSignature } from "./signatures.ts";
import { all, run } from "./sql.ts";

export interface Standing {
	readonly counters: ReadonlyMap<CounterKey, number>;
	/** By number of the signature: open findings, and on how many of the assets. */
	readonly spread: ReadonlyMap<number, { readonly findings: number; readonly assets: number }>;
}

export function standingOf(db: DatabaseSync, assets: readonly number[]): Standing {
	const counters = new Map<CounterKey, number>([["assets", assets.length]]);
	const spread = new Map<number, { findings: number; assets: number }>();
	const add = (key: CounterKey, n: number) => counters.set(key, (counters.get(key) ?? 0) + n);
	for (const asset of assets) {
		for (const { name, n } of servicesOf(db, asset)) {
			add("services", n);
			if (name !== null) add(`name:${name}`, n);
		}
		const open = new Map<number, number>();
		for (const row of findingsOf(db, asset)) {
			for (const key of findingCounters(countedOf(row))) add(key, row.n);
			if (row.open === openNumbers.open) open.set(row.signature, (open.get(row.signature) ?? 0) + row.n);
		}
		for (const [signature, findings] of open) {
			const before = spread.get(signature) ?? { findings: 0, assets: 0 };
			spread.set(signature, { findings: before.findings + findings, assets: before.assets + 1 });
		}
	}
	return { counters, spread };
}

/** Brings counters and spread from what the assets stood for to what they stand for now. */
export function writeStanding(db: DatabaseSync, tally: Tally, before: Standing, after: Standing): void {
	for (const key of new Set([...before.counters.keys(), ...after.counters.keys()])) {
		tally.add(key, (after.counters.get(key) ?? 0) - (before.counters.get(key) ?? 0));
	}
	const none = { findings: 0, assets: 0 };
	for (const signature of new Set([...before.spread.keys(), ...after.spread.keys()])) {
		const [was, is] = [before.spread.get(signature) ?? none, after.spread.get(signature) ?? none];
		countSignature(db, signature, is.findings - was.findings, is.assets - was.assets);
	}
}

/** Makes the figures in an asset's own row those of its services and findings. */
export function recountAsset(db: DatabaseSync, asset: number): void {
	run(db, "UPDATE asset SET open_ports = (SELECT count(*) FROM service WHERE asset = ?1) WHERE id = ?1", asset);
	const counts: Record<number, number> = { 1: 0, 2: 0, 3: 0, 4: 0, 5: 0 };
	for (const { open, severity, n } of findingsOf(db, asset)) {
		if (open === openNumbers.open) counts[severity] = (counts[severity] ?? 0) + n;
	}
	run(
		db,
		"UPDATE asset SET n1 = ?, n2 = ?, n3 = ?, n4 = ?, n5 = ? WHERE id = ?",
		...[1, 2, 3, 4, 5].map((severity) => counts[severity] ?? 0),
		asset,
	);
}

interface FindingGroup {
	signature: number;
	severity: Severity;
	type: number;
	status: number | null;
	open: number;
	n: number;
}

function findingsOf(db: DatabaseSync, asset: number): FindingGroup[] {
	return all<FindingGroup>(
		db,
		`SELECT signature, severity, type, status, open, count(*) AS n FROM finding WHERE asset = ?
		GROUP BY signature, severity, type, status, open`,
		asset,
	);
}

function servicesOf(db: DatabaseSync, asset: number): { name: string | null; n: number }[] {
	return all(db, "SELECT name, count(*) AS n FROM service WHERE asset = ? GROUP BY name", asset);
}

function countedOf({ severity, type, status, open }: FindingGroup): CountedFinding {
	return {
		severity,
		type: typeOf(type),
		status: status === null ? null : statusOf(status),
		excepted: open === openNumbers.excepted,
	};
}
