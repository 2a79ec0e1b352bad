/** Puts what feeds say into a knowledge base that nobody reads yet. One transaction: a file half written is never used. */
import { createHash, hash } from "node:crypto";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { type VersionOrder, versionKey } from "../versions/version-order.ts";
import { type Advisory, type AffectedRange, type CveDetail, type CveFact, rangeStates } from "./advisory.ts";
import { baseAdditions, baseApplicationId, baseTables, baseVersion } from "./base-schema.ts";
import { orderOf } from "./ecosystem.ts";
import type { SupportedProduct } from "./feeds/endoflife.ts";
import type { VendorPrefix } from "./feeds/ieee.ts";
import type { Fingerprint } from "./feeds/recog.ts";

export interface FeedEntry {
	/** What it is called and replaced by: `osv Debian`, `kev`. */
	readonly name: string;
	readonly format: string;
	/** The file's name, for people. */
	readonly file: string;
	/** Milliseconds since the epoch. */
	readonly importedAt: number;
	/** Under which terms its publisher gives it away; null when that is not known. */
	readonly licence?: string | null;
}

export interface Written {
	readonly records: number;
	readonly ranges: number;
	/** Ranges that cannot be judged by: an unknown ecosystem, or a version that is none there. */
	readonly leftOut: number;
}

const noKey = new Uint8Array(0);
/** Versions whose keys are remembered. */
const mostKeys = 20_000;

export class BaseWriter {
	readonly #db: DatabaseSync;
	readonly #feed: number;
	readonly #isFresh: boolean;
	readonly #digest = createHash("sha256");
	readonly #ids = {
		ecosystem: new Map<string, number>(),
		package: new Map<string, number>(),
		cve: new Map<string, number>(),
	};
	readonly #statements: Readonly<
		Record<"advisory" | "advisoryCve" | "affected" | "detail" | "kev" | "epss" | "title", StatementSync>
	>;
	readonly #name: Readonly<Record<"ecosystem" | "package" | "cve", { find: StatementSync; add: StatementSync }>>;
	#keys: { order: VersionOrder | null; known: Map<string, Uint8Array | null> } = { order: null, known: new Map() };
	#written = { records: 0, ranges: 0, leftOut: 0 };
	#publishedAt: number | null = null;
	#licence: string | null;

	/** `path`: a copy of the base in force, or a place where there is no file yet. What the feed said before goes. */
	constructor(path: string, entry: FeedEntry) {
		this.#licence = entry.licence ?? null;
		// Defensive, SQLite would keep a journal all the same.
		this.#db = new DatabaseSync(path, { defensive: false });
		const db = this.#db;
		// Nobody else reads it, and a crash throws the file away.
		db.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536");
		this.#isFresh = db.prepare("PRAGMA user_version").get()?.user_version === 0;
		if (this.#isFresh)
			db.exec(`PRAGMA application_id = ${baseApplicationId}; PRAGMA user_version = ${baseVersion}; ${baseTables}`);
		db.exec(`BEGIN; ${baseAdditions}`);
		this.#feed = beginFeed(db, entry);
		this.#statements = prepareAll(db);
		this.#name = { ecosystem: named(db, "ecosystem"), package: named(db, "package"), cve: named(db, "cve") };
	}

	get written(): Written {
		return this.#written;
	}

	/** The date the feed itself gives; advisories raise it to their own. */
	publishedAt(at: number | null): void {
		if (at !== null && at > (this.#publishedAt ?? 0)) this.#publishedAt = at;
	}

	/** `known`: its digest, where another base has told it. */
	addAdvisory(advisory: Advisory, known?: Buffer): void {
		const digest = known ?? hash("sha256", JSON.stringify(advisory), "buffer");
		this.#digest.update(digest);
		this.#written.records++;
		this.publishedAt(advisory.modifiedAt);
		const { id, title, severity, cvss, publishedAt, modifiedAt, withdrawnAt } = advisory;
		const vectors = cvss.length === 0 ? null : cvss.join(" ");
		const added = this.#statements.advisory.run(
			...[this.#feed, id, title, severity, vectors],
			...[publishedAt, modifiedAt, withdrawnAt, digest.subarray(0, 16)],
		);
		const row = Number(added.lastInsertRowid);
		for (const cve of advisory.cves) this.#statements.advisoryCve.run(this.#idOf("cve", cve), row);
		if (withdrawnAt !== null) return;
		advisory.affected.forEach((range, place) => {
			this.#addRange(row, range, place);
		});
	}

	addFact({ cve, title, kev, epss }: CveFact): void {
		this.#digest.update(JSON.stringify([cve, title, kev, epss]));
		this.#written.records++;
		const id = this.#idOf("cve", cve);
		if (title !== undefined) this.#statements.title.run(title, id);
		if (kev !== undefined) this.#statements.kev.run(kev.addedAt, kev.dueAt, kev.ransomware ? 1 : 0, id);
		if (epss !== undefined) this.#statements.epss.run(epss.score, epss.percentile, id);
	}

	/** Of several records of one CVE in a feed the newest counts. */
	addDetail(detail: CveDetail): void {
		this.#digest.update(JSON.stringify(detail));
		const { title, description, cvss, cwes, references, publishedAt, modifiedAt, status } = detail;
		const joined = (parts: readonly string[]) => (parts.length === 0 ? null : parts.join(" "));
		// A vector or an address has no blanks.
		const words = [cvss, cwes, references].map((parts) => joined(parts.filter((part) => !/\s/.test(part))));
		this.#statements.detail.run(
			...[this.#idOf("cve", detail.cve), this.#feed, title, description],
			...[words[0] ?? null, words[1] ?? null, words[2] ?? null, publishedAt, modifiedAt, status],
		);
	}

	/** Until when a product is supported; of several of one name in a feed the last counts. */
	addProduct(product: SupportedProduct): void {
		const data = JSON.stringify(product);
		this.#digest.update(data);
		this.#written.records++;
		this.#db.prepare("INSERT OR REPLACE INTO product VALUES (?, ?, ?)").run(this.#feed, product.slug, data);
	}

	/** In their order: the first that fits a text counts. */
	addFingerprint(subject: string, fingerprint: Fingerprint): void {
		const { pattern, flags, description, params } = fingerprint;
		const data = JSON.stringify({ pattern, flags, description, params } satisfies Fingerprint);
		this.#digest.update(data);
		const place = this.#written.records++;
		this.#db.prepare("INSERT INTO fingerprint VALUES (?, ?, ?, ?)").run(this.#feed, subject, place, data);
	}

	/** Whom the first digits of an adapter's address were given to; of several of one block the last counts. */
	addVendor({ prefix, name }: VendorPrefix): void {
		this.#digest.update(JSON.stringify([prefix, name]));
		this.#written.records++;
		this.#db.prepare("INSERT OR REPLACE INTO vendor VALUES (?, ?, ?)").run(this.#feed, prefix, name);
	}

	/** A record that has been taken in by its parts. */
	countRecord(): void {
		this.#written.records++;
	}

	leaveOut(ranges: number): void {
		this.#written.leftOut += ranges;
	}

	/** The terms a record carries; the first one's count for the feed. */
	licence(terms: string): void {
		this.#licence ??= terms;
	}

	/** Throws when the file is not sound in the end. `as`: what another base says of the feed, which this is a copy of. */
	finish(
		as?: Written & { readonly publishedAt: number | null; readonly digest: string },
	): Written & { readonly publishedAt: number | null; readonly digest: string } {
		if (as !== undefined) {
			const { records, ranges, leftOut, publishedAt } = as;
			this.#written = { records, ranges, leftOut };
			this.#publishedAt = publishedAt;
		}
		const { records, ranges, leftOut } = this.#written;
		const digest = as?.digest ?? this.#digest.digest("hex");
		this.#db
			.prepare(
				"UPDATE feed SET digest = ?, published_at = ?, records = ?, ranges = ?, left_out = ?, licence = ? WHERE id = ?",
			)
			.run(digest, this.#publishedAt, records, ranges, leftOut, this.#licence, this.#feed);
		this.#db.exec("COMMIT; PRAGMA optimize");
		const check = this.#db.prepare("PRAGMA quick_check(1)").get()?.quick_check;
		if (check !== "ok") throw new Error(`The new knowledge base is not sound: ${String(check)}`);
		this.#db.close();
		return { ...this.#written, publishedAt: this.#publishedAt, digest };
	}

	/** Lets go of the file without finishing it. */
	abandon(): void {
		if (this.#db.isOpen) this.#db.close();
	}

	#addRange(advisory: number, range: AffectedRange, place: number): void {
		const order = orderOf(range.ecosystem);
		const { introduced, fixed, lastAffected, state, note } = range;
		const from = introduced === null ? noKey : this.#keyOf(order, introduced);
		const to = fixed === null ? null : this.#keyOf(order, fixed);
		const last = lastAffected === null ? null : this.#keyOf(order, lastAffected);
		if (
			order === null ||
			from === null ||
			(fixed !== null && to === null) ||
			(lastAffected !== null && last === null)
		) {
			this.#written.leftOut++;
			return;
		}
		this.#written.ranges++;
		const [ecosystem, name] = [this.#idOf("ecosystem", range.ecosystem), this.#idOf("package", range.package)];
		const code = rangeStates.indexOf(state);
		const { affected } = this.#statements;
		affected.run(ecosystem, name, advisory, place, from, to, last, introduced, fixed, lastAffected, code, note);
	}

	/** One advisory says the same version of many packages. */
	#keyOf(order: VersionOrder | null, text: string): Uint8Array | null {
		if (order === null) return null;
		if (order !== this.#keys.order || this.#keys.known.size > mostKeys) this.#keys = { order, known: new Map() };
		const { known } = this.#keys;
		const found = known.get(text);
		if (found !== undefined) return found;
		const key = versionKey(order, text);
		known.set(text, key);
		return key;
	}

	#idOf(table: "ecosystem" | "package" | "cve", text: string): number {
		const known = this.#ids[table].get(text);
		if (known !== undefined) return known;
		const { find, add } = this.#name[table];
		// In a base that was just made there is nothing but what stands in the map.
		const found = this.#isFresh ? undefined : find.get(text)?.id;
		const id = found === undefined ? Number(add.run(text).lastInsertRowid) : Number(found);
		this.#ids[table].set(text, id);
		return id;
	}
}

/** Takes out what the feed said before; its row stays, so that its id does. */
function beginFeed(db: DatabaseSync, { name, format, file, importedAt }: FeedEntry): number {
	const before = db.prepare("SELECT id FROM feed WHERE name = ?").get(name);
	if (before !== undefined) {
		const id = Number(before.id);
		db.prepare("DELETE FROM affected WHERE advisory IN (SELECT id FROM advisory WHERE feed = ?)").run(id);
		db.prepare("DELETE FROM advisory_cve WHERE advisory IN (SELECT id FROM advisory WHERE feed = ?)").run(id);
		db.prepare("DELETE FROM advisory WHERE feed = ?").run(id);
		for (const table of ["cve_detail", "product", "fingerprint", "vendor"]) {
			db.prepare(`DELETE FROM ${table} WHERE feed = ?`).run(id);
		}
	}
	if (format === "kev")
		db.exec(
			"UPDATE cve SET kev_added_at = NULL, kev_due_at = NULL, kev_ransomware = NULL WHERE kev_added_at IS NOT NULL",
		);
	if (format === "epss") db.exec("UPDATE cve SET epss = NULL, epss_percentile = NULL WHERE epss IS NOT NULL");
	const row = db
		.prepare(
			`INSERT INTO feed (name, format, file, imported_at, digest, records, ranges, left_out) VALUES (?, ?, ?, ?, '', 0, 0, 0)
			ON CONFLICT (name) DO UPDATE SET format = excluded.format, file = excluded.file, imported_at = excluded.imported_at
			RETURNING id`,
		)
		.get(name, format, file, importedAt);
	return Number(row?.id);
}

function prepareAll(db: DatabaseSync) {
	return {
		advisory: db.prepare(
			`INSERT INTO advisory (feed, name, title, severity, cvss, published_at, modified_at, withdrawn_at, digest)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		),
		advisoryCve: db.prepare("INSERT OR IGNORE INTO advisory_cve (cve, advisory) VALUES (?, ?)"),
		affected: db.prepare("INSERT INTO affected VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
		detail: db.prepare(
			`INSERT INTO cve_detail VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (cve, feed) DO UPDATE SET title = excluded.title, description = excluded.description,
				cvss = excluded.cvss, cwes = excluded.cwes, refs = excluded.refs, published_at = excluded.published_at,
				modified_at = excluded.modified_at, status = excluded.status
			WHERE excluded.modified_at >= modified_at OR modified_at IS NULL`,
		),
		kev: db.prepare("UPDATE cve SET kev_added_at = ?, kev_due_at = ?, kev_ransomware = ? WHERE id = ?"),
		epss: db.prepare("UPDATE cve SET epss = ?, epss_percentile = ? WHERE id = ?"),
		title: db.prepare("UPDATE cve SET title = ? WHERE id = ?"),
	};
}

function named(db: DatabaseSync, table: "ecosystem" | "package" | "cve") {
	return {
		find: db.prepare(`SELECT id FROM ${table} WHERE name = ?`),
		add: db.prepare(`INSERT INTO ${table} (name) VALUES (?)`),
	};
}
