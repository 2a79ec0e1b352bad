/** The knowledge base in force, read-only: what is known of a package's versions, of an advisory, of a CVE. */
import { existsSync } from "node:fs";
import { DatabaseSync, type SQLOutputValue, type StatementSync } from "node:sqlite";
import { type AffectedRange, type CveDetail, type RangeState, rangeStates } from "./advisory.ts";
import { baseApplicationId, baseVersion } from "./base-schema.ts";
import type { SupportedProduct } from "./feeds/endoflife.ts";
import type { Fingerprint } from "./feeds/recog.ts";

export interface FeedStatus {
	readonly name: string;
	readonly format: string;
	readonly file: string;
	/** Milliseconds since the epoch. */
	readonly importedAt: number;
	readonly publishedAt: number | null;
	readonly digest: string;
	readonly records: number;
	readonly ranges: number;
	readonly leftOut: number;
	readonly licence: string | null;
}

export interface KnownAdvisory {
	readonly id: number;
	readonly name: string;
	readonly feed: string;
	readonly title: string;
	readonly severity: string | null;
	readonly cvss: readonly string[];
	readonly publishedAt: number | null;
	readonly modifiedAt: number | null;
	readonly withdrawnAt: number | null;
	readonly cves: readonly string[];
	/** Of the record as it was taken in, 32 hexadecimal digits. */
	readonly digest: string;
}

/** What one feed says of a CVE. */
export interface KnownDetail extends CveDetail {
	readonly feed: string;
}

export interface KnownCve {
	readonly name: string;
	readonly title: string | null;
	readonly kev: { readonly addedAt: number; readonly dueAt: number | null; readonly ransomware: boolean } | null;
	readonly epss: { readonly score: number; readonly percentile: number } | null;
}

/** A range with its keys, ready to compare with. */
export interface KeyedRange extends AffectedRange {
	readonly advisory: number;
	readonly keys: {
		readonly introduced: Uint8Array;
		readonly fixed: Uint8Array | null;
		readonly last: Uint8Array | null;
	};
}

export class KnowledgeBase {
	readonly #db: DatabaseSync;
	/** By their text: a host asks the same few some thousand times. */
	readonly #statements = new Map<string, StatementSync>();

	private constructor(db: DatabaseSync) {
		this.#db = db;
	}

	/** Null when there is none, or one this program does not know: then it must be imported anew. */
	static open(path: string): KnowledgeBase | null {
		if (!existsSync(path)) return null;
		const db = new DatabaseSync(path, { readOnly: true });
		try {
			const version = db.prepare("PRAGMA user_version").get()?.user_version;
			const application = db.prepare("PRAGMA application_id").get()?.application_id;
			if (version === baseVersion && application === baseApplicationId) {
				db.exec("PRAGMA query_only = 1; PRAGMA mmap_size = 268435456");
				return new KnowledgeBase(db);
			}
		} catch {
			// Not a database at all: the same as none.
		}
		db.close();
		return null;
	}

	/** False when there is none, or one that must be imported anew. */
	static isThere(path: string): boolean {
		const base = KnowledgeBase.open(path);
		base?.close();
		return base !== null;
	}

	close(): void {
		this.#db.close();
	}

	/** By name. */
	feeds(): FeedStatus[] {
		return this.#prepare("SELECT * FROM feed ORDER BY name")
			.all()
			.map((row) => ({
				...{ name: String(row.name), format: String(row.format), file: String(row.file), digest: String(row.digest) },
				...{ importedAt: Number(row.imported_at), publishedAt: numberOf(row.published_at) },
				...{ records: Number(row.records), ranges: Number(row.ranges), leftOut: Number(row.left_out) },
				licence: textOf(row.licence),
			}));
	}

	/** Every range about a package of an ecosystem. */
	rangesOf(ecosystem: string, packageName: string): KeyedRange[] {
		return this.#prepare(
			`SELECT affected.* FROM affected
				WHERE ecosystem = (SELECT id FROM ecosystem WHERE name = ?) AND package = (SELECT id FROM package WHERE name = ?)`,
		)
			.all(ecosystem, packageName)
			.map((row) => ({ ...rangeOf(row, ecosystem, packageName), advisory: Number(row.advisory), keys: keysOf(row) }));
	}

	/** Whom an adapter's address (six pairs) was given to, by the smallest block there is; null when that is not known. */
	vendorOf(mac: string): string | null {
		const digits = mac.replaceAll(/[^0-9a-f]/gi, "").toUpperCase();
		if (digits.length !== 12 || !this.#hasVendors()) return null;
		const row = this.#prepare(
			"SELECT name FROM vendor WHERE prefix IN (?, ?, ?) ORDER BY length(prefix) DESC, feed LIMIT 1",
		).get(...[9, 7, 6].map((length) => digits.slice(0, length)));
		return textOf(row?.name ?? null);
	}

	/** A base that an older program wrote has no such table. */
	#hasVendors(): boolean {
		return this.#prepare("SELECT 1 FROM sqlite_schema WHERE name = 'vendor'").get() !== undefined;
	}

	/** True when a feed says something of any package of it. */
	speaksOf(ecosystem: string): boolean {
		const row = this.#prepare(
			"SELECT 1 FROM affected WHERE ecosystem = (SELECT id FROM ecosystem WHERE name = ?) LIMIT 1",
		).get(ecosystem);
		return row !== undefined;
	}

	/** Every range of an advisory, by ecosystem and package. A look through all ranges: tenths of a second on a large base. */
	affectedBy(advisory: number): AffectedRange[] {
		return this.#prepare(
			`SELECT affected.*, ecosystem.name AS ecosystem_name, package.name AS package_name FROM affected
				JOIN ecosystem ON ecosystem.id = affected.ecosystem JOIN package ON package.id = affected.package
				WHERE advisory = ? ORDER BY ecosystem_name, package_name, place`,
		)
			.all(advisory)
			.map((row) => rangeOf(row, String(row.ecosystem_name), String(row.package_name)));
	}

	advisory(id: number): KnownAdvisory | null {
		const row = this.#prepare(
			"SELECT advisory.*, feed.name AS feed_name FROM advisory JOIN feed ON feed.id = advisory.feed WHERE advisory.id = ?",
		).get(id);
		return row === undefined ? null : this.#advisoryOf(row);
	}

	/** By its own name, in any case, or those that are about a CVE. */
	find(name: string): KnownAdvisory[] {
		const about = this.#prepare(
			`SELECT advisory.*, feed.name AS feed_name FROM advisory JOIN feed ON feed.id = advisory.feed
				WHERE advisory.name = ?1 OR advisory.id IN (
					SELECT advisory FROM advisory_cve WHERE cve = (SELECT id FROM cve WHERE name = ?1)
				) ORDER BY feed_name, advisory.name`,
		).all(name);
		// No index knows of upper and lower case: a look through all names, for what somebody typed.
		const rows = about.length > 0 ? about : this.#named(name, "COLLATE NOCASE");
		return rows.map((row) => this.#advisoryOf(row));
	}

	/** By its own name, exactly. */
	named(name: string): KnownAdvisory | null {
		const [row] = this.#named(name, "");
		return row === undefined ? null : this.#advisoryOf(row);
	}

	#named(name: string, collate: "" | "COLLATE NOCASE"): Record<string, SQLOutputValue>[] {
		return this.#prepare(
			`SELECT advisory.*, feed.name AS feed_name FROM advisory JOIN feed ON feed.id = advisory.feed
				WHERE advisory.name = ? ${collate} ORDER BY feed_name, advisory.name`,
		).all(name);
	}

	cve(name: string): KnownCve | null {
		const row = this.#prepare("SELECT * FROM cve WHERE name = ?").get(name);
		if (row === undefined) return null;
		const [addedAt, score] = [numberOf(row.kev_added_at), numberOf(row.epss)];
		return {
			name,
			title: textOf(row.title),
			kev: addedAt === null ? null : { addedAt, dueAt: numberOf(row.kev_due_at), ransomware: row.kev_ransomware === 1 },
			epss: score === null ? null : { score, percentile: numberOf(row.epss_percentile) ?? 0 },
		};
	}

	/** What each feed says of a CVE by itself, NVD last. */
	details(name: string): KnownDetail[] {
		return this.#prepare(
			`SELECT cve_detail.*, feed.name AS feed_name FROM cve_detail JOIN feed ON feed.id = feed
				WHERE cve = (SELECT id FROM cve WHERE name = ?) ORDER BY feed.format = 'nvd', feed_name`,
		)
			.all(name)
			.map((row) => ({
				...{ cve: name, feed: String(row.feed_name), title: textOf(row.title), description: textOf(row.description) },
				...{ cvss: wordsOf(row.cvss), cwes: wordsOf(row.cwes), references: wordsOf(row.refs) },
				...{ publishedAt: numberOf(row.published_at), modifiedAt: numberOf(row.modified_at) },
				status: textOf(row.status),
			}));
	}

	/** CVEs on CISA's list of what is exploited. */
	exploited(): Set<string> {
		const rows = this.#prepare("SELECT name FROM cve WHERE kev_added_at IS NOT NULL").all();
		return new Set(rows.map(({ name }) => String(name)));
	}

	/** Advisories about any of these CVEs, by number: which of them each is about, in their order. */
	advisoriesOf(cves: readonly string[]): Map<number, string[]> {
		const rows = this.#prepare(
			`SELECT advisory, cve.name FROM advisory_cve JOIN cve ON cve.id = cve
				WHERE cve.name IN (SELECT value FROM json_each(?)) ORDER BY cve.name`,
		).all(JSON.stringify(cves));
		const groups = Map.groupBy(rows, ({ advisory }) => Number(advisory));
		return new Map([...groups].map(([advisory, own]) => [advisory, own.map(({ name }) => String(name))]));
	}

	/** For the texts a subject names, in their order. */
	fingerprintsFor(subject: string): Fingerprint[] {
		return this.#prepare("SELECT data FROM fingerprint WHERE subject = ? ORDER BY feed, place")
			.all(subject)
			.map((row) => JSON.parse(String(row.data)) as Fingerprint);
	}

	/** True when there are any fingerprints at all. */
	hasFingerprints(): boolean {
		return this.#prepare("SELECT 1 FROM fingerprint LIMIT 1").get() !== undefined;
	}

	/** Until when products are supported, with the name of the feed that says so. */
	products(): (SupportedProduct & { readonly feed: string })[] {
		return this.#prepare(
			"SELECT data, feed.name AS feed_name FROM product JOIN feed ON feed.id = feed ORDER BY feed_name, slug",
		)
			.all()
			.map((row) => ({ ...(JSON.parse(String(row.data)) as SupportedProduct), feed: String(row.feed_name) }));
	}

	#advisoryOf(row: Readonly<Record<string, SQLOutputValue>>): KnownAdvisory {
		const cves = this.#prepare(
			"SELECT cve.name FROM advisory_cve JOIN cve ON cve.id = cve WHERE advisory = ? ORDER BY cve.name",
		).all(row.id ?? null);
		return {
			...{ id: Number(row.id), name: String(row.name), feed: String(row.feed_name), title: String(row.title) },
			severity: textOf(row.severity),
			cvss: wordsOf(row.cvss),
			...{ publishedAt: numberOf(row.published_at), modifiedAt: numberOf(row.modified_at) },
			withdrawnAt: numberOf(row.withdrawn_at),
			cves: cves.map((one) => String(one.name)),
			digest: row.digest instanceof Uint8Array ? Buffer.from(row.digest).toString("hex") : "",
		};
	}

	#prepare(text: string): StatementSync {
		const known = this.#statements.get(text) ?? this.#db.prepare(text);
		this.#statements.set(text, known);
		return known;
	}
}

function rangeOf(row: Readonly<Record<string, SQLOutputValue>>, ecosystem: string, packageName: string): AffectedRange {
	return {
		...{ ecosystem, package: packageName, introduced: textOf(row.introduced_text), fixed: textOf(row.fixed_text) },
		...{ lastAffected: textOf(row.last_text), state: stateOf(Number(row.state)), note: textOf(row.note) },
	};
}

function keysOf(row: Readonly<Record<string, SQLOutputValue>>): KeyedRange["keys"] {
	const bytes = (value: SQLOutputValue | undefined) => (value instanceof Uint8Array ? value : null);
	return { introduced: bytes(row.introduced) ?? new Uint8Array(0), fixed: bytes(row.fixed), last: bytes(row.last) };
}

function stateOf(code: number): RangeState {
	return rangeStates[code] ?? "open";
}

function numberOf(value: SQLOutputValue | undefined): number | null {
	return typeof value === "number" ? value : null;
}

function textOf(value: SQLOutputValue | undefined): string | null {
	return typeof value === "string" ? value : null;
}

function wordsOf(value: SQLOutputValue | undefined): string[] {
	return textOf(value)?.split(" ") ?? [];
}
