/** Figures kept in the transaction that changes them, the trend of open findings, and small facts about the store. */
import type { DatabaseSync } from "node:sqlite";
import type { FindingStatus, FindingType } from "../../protocol/model/finding.ts";
import type { Severity, SeverityCounts } from "../../protocol/model/severity.ts";
import { all, first, type Gathered, gather, run } from "./sql.ts";
import { isoOf } from "./time.ts";

/**
 * `open:` counts open findings of a severity, `type:` open ones and information, `status:` open ones and fixed ones, `excepted`
 * those that would be open and are set apart, `name:` services by what answers.
 */
export type CounterKey =
	| "assets"
	| "services"
	| `name:${string}`
	| `open:${Severity}`
	| `type:${FindingType}`
	| "excepted"
	| `status:${FindingStatus}`;

/** What of a finding decides where it is counted. */
export interface CountedFinding {
	readonly severity: Severity;
	readonly type: FindingType;
	readonly status: FindingStatus | null;
	readonly excepted: boolean;
}

export function findingCounters({ severity, type, status, excepted }: CountedFinding): CounterKey[] {
	if (status === null) return ["type:information"];
	if (status === "FIXED") return ["status:FIXED"];
	return excepted ? ["excepted"] : [`status:${status}`, `type:${type}`, `open:${severity}`];
}

/** Changes gathered during a transaction, written once at its end. */
export class Tally {
	readonly #changes = new Map<CounterKey, number>();

	add(key: CounterKey, change: number): void {
		this.#changes.set(key, (this.#changes.get(key) ?? 0) + change);
	}

	addFinding(finding: CountedFinding, change: number): void {
		for (const key of findingCounters(finding)) this.add(key, change);
	}

	/** Writes what is not zero; open findings that changed also go into today's point of the trend. */
	write(db: DatabaseSync, at: number): void {
		let openChanged = false;
		for (const [key, change] of this.#changes) {
			if (change === 0) continue;
			run(db, "INSERT INTO counter (key, n) VALUES (?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n", key, change);
			openChanged ||= key.startsWith("open:");
		}
		if (openChanged) saveTrend(db, at);
	}
}

/** All counters, those never touched left out. */
export function readCounters(db: DatabaseSync): Map<string, number> {
	return new Map(all<{ key: string; n: number }>(db, "SELECT key, n FROM counter").map(({ key, n }) => [key, n]));
}

/** Open findings by severity. */
export function openCounts(counters: ReadonlyMap<string, number>): SeverityCounts {
	const of = (severity: Severity) => counters.get(`open:${severity}`) ?? 0;
	return { "1": of(1), "2": of(2), "3": of(3), "4": of(4), "5": of(5) };
}

/**
 * Open findings at the end of each of the last `days` days up to `now` (UTC), oldest first. Days without a change carry
 * on the day before; days before the first finding are left out.
 */
export function readTrend(db: DatabaseSync, now: number, days: number): { day: string; findings: SeverityCounts }[] {
	const wanted = Array.from({ length: days }, (_, ago) => dayOf(now - (days - 1 - ago) * dayMs));
	const start = wanted[0] ?? dayOf(now);
	const before = first<TrendRow>(db, "SELECT * FROM trend WHERE day < ? ORDER BY day DESC LIMIT 1", start);
	const changes = new Map(all<TrendRow>(db, "SELECT * FROM trend WHERE day >= ?", start).map((row) => [row.day, row]));
	let current = before;
	const points: { day: string; findings: SeverityCounts }[] = [];
	for (const day of wanted) {
		current = changes.get(day) ?? current;
		if (current === undefined) continue;
		const { n1, n2, n3, n4, n5 } = current;
		points.push({ day, findings: { "1": n1, "2": n2, "3": n3, "4": n4, "5": n5 } });
	}
	return points;
}

/** A small fact kept with the data, such as the version of the knowledge it was judged with. */
export function findMeta(db: DatabaseSync, key: string): string | null {
	return first<{ value: string }>(db, "SELECT value FROM meta WHERE key = ?", key)?.value ?? null;
}

export function saveMeta(db: DatabaseSync, key: string, value: string): void {
	run(db, "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", key, value);
}

type Sequence = "finding" | "advisory";

/** The next number of a sequence: 1, 2, … Never given twice, also not after its owner is gone. */
export function nextNumber(db: DatabaseSync, sequence: Sequence): number {
	return gather(db, GivenNumbers, (numbers) => numbers.next(db, sequence));
}

/** The last number given of each sequence: read and written once in a transaction. */
class GivenNumbers implements Gathered {
	readonly #last = new Map<Sequence, number>();

	next(db: DatabaseSync, sequence: Sequence): number {
		const number = (this.#last.get(sequence) ?? this.#read(db, sequence)) + 1;
		this.#last.set(sequence, number);
		return number;
	}

	#read(db: DatabaseSync, sequence: Sequence): number {
		return first<{ n: number }>(db, "SELECT n FROM counter WHERE key = ?", `next:${sequence}`)?.n ?? 0;
	}

	write(db: DatabaseSync): void {
		for (const [sequence, last] of this.#last) {
			const text = "INSERT INTO counter (key, n) VALUES (?, ?) ON CONFLICT DO UPDATE SET n = excluded.n";
			run(db, text, `next:${sequence}`, last);
		}
	}
}

interface TrendRow {
	day: string;
	n1: number;
	n2: number;
	n3: number;
	n4: number;
	n5: number;
}

const dayMs = 86_400_000;

function dayOf(ms: number): string {
	return isoOf(ms).slice(0, 10);
}

function saveTrend(db: DatabaseSync, at: number): void {
	const open = openCounts(readCounters(db));
	run(
		db,
		`INSERT INTO trend (day, n1, n2, n3, n4, n5) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET n1 = excluded.n1, n2 = excluded.n2, n3 = excluded.n3, n4 = excluded.n4, n5 = excluded.n5`,
		dayOf(at),
		open["1"],
		open["2"],
		open["3"],
		open["4"],
		open["5"],
	);
}
