/**
 * What a feed says in a knowledge base, as lines of JSON that any base can be written from: the same content makes the same
 * lines, whatever the rows' numbers, so that two bases are compared line by line.
 */
import { hash } from "node:crypto";
import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { rangeStates } from "../advisories/advisory.ts";

type Row = Readonly<Record<string, SQLOutputValue>>;

/** The first eight bytes of a line's SHA-256: a million lines have two alike with a chance of one in forty million. */
export function lineKey(line: string): bigint {
	return hash("sha256", line, "buffer").readBigUInt64BE(0);
}

/**
 * `a` an advisory, `k` exploited, `e` EPSS, `d` what a feed says of a CVE, `p` a product's support, `f` a fingerprint,
 * `o` whom a block of adapter addresses was given to.
 */
export function* recordLines(
	db: DatabaseSync,
	feed: { readonly id: number; readonly format: string },
): Generator<string> {
	yield* advisoryLines(db, feed.id);
	if (feed.format === "kev") yield* kevLines(db);
	if (feed.format === "epss") yield* epssLines(db);
	const rows = (sql: string) => db.prepare(sql).iterate(feed.id);
	if (feed.format === "ieee") {
		for (const { prefix, name } of rows("SELECT prefix, name FROM vendor WHERE feed = ? ORDER BY prefix"))
			yield JSON.stringify(["o", prefix, name]);
	}
	for (const row of rows(
		`SELECT cve.name, d.title, description, cvss, cwes, refs, published_at, modified_at, status
			FROM cve_detail d JOIN cve ON cve.id = d.cve WHERE feed = ? ORDER BY cve.name`,
	)) {
		const { name, title, description, cvss, cwes, refs, published_at: published, modified_at: modified, status } = row;
		yield JSON.stringify(["d", name, title, description, cvss, cwes, refs, published, modified, status]);
	}
	for (const { data } of rows("SELECT data FROM product WHERE feed = ? ORDER BY slug")) {
		yield JSON.stringify(["p", data]);
	}
	for (const row of rows("SELECT subject, data FROM fingerprint WHERE feed = ? ORDER BY subject, place")) {
		yield JSON.stringify(["f", row.subject, row.data]);
	}
}

function* advisoryLines(db: DatabaseSync, feed: number): Generator<string> {
	const ranges = db
		.prepare(
			`SELECT advisory, e.name AS ecosystem, p.name AS package, introduced_text, fixed_text, last_text, state, note
			FROM affected JOIN ecosystem e ON e.id = ecosystem JOIN package p ON p.id = package
			WHERE advisory IN (SELECT id FROM advisory WHERE feed = ?) ORDER BY advisory, place`,
		)
		.iterate(feed);
	const cves = db.prepare(
		"SELECT cve.name FROM advisory_cve JOIN cve ON cve.id = cve WHERE advisory = ? ORDER BY cve.name",
	);
	let next = ranges.next();
	for (const row of db.prepare("SELECT * FROM advisory WHERE feed = ? ORDER BY id").iterate(feed)) {
		const affected: unknown[] = [];
		for (; next.done !== true && next.value.advisory === row.id; next = ranges.next())
			affected.push(rangeOf(next.value));
		const {
			name,
			title,
			severity,
			cvss,
			published_at: published,
			modified_at: modified,
			withdrawn_at: withdrawn,
		} = row;
		const digest = row.digest instanceof Uint8Array ? Buffer.from(row.digest).toString("hex") : "";
		const named = cves.all(row.id ?? null).map((one) => one.name);
		yield JSON.stringify(["a", name, named, title, severity, cvss, published, modified, withdrawn, digest, affected]);
	}
}

function rangeOf({ ecosystem, package: name, introduced_text, fixed_text, last_text, state, note }: Row): unknown[] {
	return [ecosystem, name, introduced_text, fixed_text, last_text, rangeStates[Number(state)] ?? "open", note];
}

function* kevLines(db: DatabaseSync): Generator<string> {
	const rows = db.prepare("SELECT * FROM cve WHERE kev_added_at IS NOT NULL ORDER BY name").iterate();
	for (const { name, title, kev_added_at: added, kev_due_at: due, kev_ransomware: ransomware } of rows) {
		yield JSON.stringify(["k", name, title, added, due, ransomware]);
	}
}

function* epssLines(db: DatabaseSync): Generator<string> {
	const rows = db.prepare("SELECT name, epss, epss_percentile FROM cve WHERE epss IS NOT NULL ORDER BY name").iterate();
	for (const { name, epss, epss_percentile: percentile } of rows) yield JSON.stringify(["e", name, epss, percentile]);
}
