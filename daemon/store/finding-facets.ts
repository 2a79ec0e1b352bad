/**
 * What the findings of a list have in common: one pass over at most so many of them, at one moment, and the names of what was
 * met from the tables they stand in. What the terms of facets mean is the query language's business; a test holds them to it.
 */
import type { DatabaseSync } from "node:sqlite";
import { type Facets, facetLimits } from "../../protocol/model/facet.ts";
import { severityNames } from "../../protocol/model/severity.ts";
import { exactly } from "../query/print.ts";
import { exceptedBits, openNumbers, statusOf, typeOf } from "./codes.ts";
import { countFacetRows, facetMark } from "./facet-rows.ts";
import { agoWordsOf, FacetTally } from "./facet-tally.ts";
import { storeFailure } from "./failure.ts";
import { findingScope } from "./fields.ts";
import type { Where } from "./page.ts";
import { all, atOneMoment } from "./sql.ts";

export interface FacetQuery {
	/** The filter alone; null: none. */
	readonly where: Where | null;
	/** Fields the filter names, by which the list leaves out what it does; null: it leaves out nothing by itself. */
	readonly named: ReadonlySet<string> | null;
	/** Milliseconds: ages are told as of now. */
	readonly now: number;
}

/** Throws AppError `unavailable` when the store cannot be read. */
export function countFacets(db: DatabaseSync, query: FacetQuery, most: number = facetLimits.findings): Facets {
	try {
		return atOneMoment(db, () => new FacetCount(db, query).count(most));
	} catch (error) {
		throw storeFailure(error, db.location() ?? "in memory");
	}
}

class FacetCount {
	readonly #db: DatabaseSync;
	readonly #query: FacetQuery;
	/** A list that leaves out what is set apart is counted without it, but says how much that is. */
	readonly #isApartBeside: boolean;
	readonly #isPlain: boolean;
	readonly #tally = new FacetTally();

	constructor(db: DatabaseSync, query: FacetQuery) {
		this.#db = db;
		this.#query = query;
		const { named } = query;
		this.#isPlain = named !== null && !named.has("type") && !named.has("status");
		this.#isApartBeside = this.#isPlain && !this.#namesApart();
	}

	count(most: number): Facets {
		const { now } = this.#query;
		const rows = countFacetRows(this.#db, { where: this.#where(), isApartBeside: this.#isApartBeside, now, most });
		let findings = 0;
		for (const [mark, n] of counted(rows.marks)) {
			if (this.#tellsApart()) this.#addApart(facetMark.excepted(mark), n);
			if (this.#isApartBeside && facetMark.open(mark) === openNumbers.excepted) continue;
			findings += n;
			this.#addMark(mark, n);
		}
		for (const [port, n] of counted(rows.ports))
			this.#tally.add("port", port === 0 ? ["port is null", "the host itself"] : [`port:${port}`, String(port)], n);
		for (const [step, n] of counted(rows.ages)) this.#tally.add("age", agoWordsOf("firstFound", step), n);
		this.#addSignatures(counted(rows.signatures));
		this.#addAssets(counted(rows.assets));
		return { facets: this.#tally.facets(), looked: findings, isAll: rows.isAll };
	}

	#where(): Where {
		const { where, named } = this.#query;
		const scope = this.#isApartBeside ? "f.open IN (1, 3)" : named === null ? null : findingScope(named);
		const conditions = [...(where === null ? [] : [`(${where.sql})`]), ...(scope === null ? [] : [scope])];
		return { sql: conditions.length === 0 ? "1" : conditions.join(" AND "), params: where?.params ?? [] };
	}

	#addMark(mark: number, n: number): void {
		const [severity, type, status] = [facetMark.severity(mark), typeOf(facetMark.type(mark)), facetMark.status(mark)];
		this.#tally.add("severity", [`severity:${severity}`, severityNames[severity as 1]], n);
		this.#tally.add("type", [this.#typeTerm(type), type], n);
		if (status !== 0) this.#tally.add("status", [`status:${statusOf(status)}`, statusOf(status).toLowerCase()], n);
	}

	#namesApart(): boolean {
		const { named } = this.#query;
		return named === null || named.has("excepted") || named.has("ignored");
	}

	/** Whether naming it leaves the rest of the list as it is. */
	#tellsApart(): boolean {
		return this.#isApartBeside || this.#namesApart();
	}

	/** Naming a type makes the list one of fixed findings too. */
	#typeTerm(type: string): string {
		return this.#isPlain ? `(type:${type} and not status:FIXED)` : `type:${type}`;
	}

	#addApart(excepted: number, n: number): void {
		if ((excepted & exceptedBits.exception) !== 0) this.#tally.add("apart", ["excepted:true", "excepted"], n);
		if ((excepted & exceptedBits.ignored) !== 0) this.#tally.add("apart", ["ignored:true", "ignored"], n);
	}

	#addSignatures(counts: readonly Count[]): void {
		const rows = all<{ name: string; title: string; kev: number; n: number }>(
			this.#db,
			`SELECT s.name, s.title, s.kev, json_extract(c.value, '$[1]') AS n
			FROM json_each(?) c JOIN signature s ON s.id = json_extract(c.value, '$[0]')`,
			JSON.stringify(counts),
		);
		for (const { name, title, kev, n } of rows) {
			const family = name.split("/", 1)[0] ?? name;
			this.#tally.add("kev", kev === 1 ? ["kev:true", "known exploited"] : ["kev:false", "not known"], n);
			this.#tally.add("signature", [`signature:${exactly(name)}`, title], n);
			if (family !== name) this.#tally.add("family", [`signature:${family}/*`, family], n);
		}
	}

	#addAssets(counts: readonly Count[]): void {
		const pairs = JSON.stringify(counts);
		const said = "json_each(?) c JOIN asset a ON a.id = json_extract(c.value, '$[0]')";
		for (const row of all<{ os: string | null; n: number }>(
			this.#db,
			`SELECT a.os, sum(json_extract(c.value, '$[1]')) AS n FROM ${said} GROUP BY a.os`,
			pairs,
		)) {
			if (row.os === null) this.#tally.add("os", ["os is null", "not known"], row.n);
			else this.#tally.add("os", [`os:${exactly(row.os)}`, row.os], row.n);
		}
		// Tags of one name may hang under several; the term means each of them.
		for (const row of all<{ name: string; n: number }>(
			this.#db,
			`SELECT name, sum(n) AS n FROM (
				SELECT DISTINCT a.id, g.name COLLATE NOCASE AS name, json_extract(c.value, '$[1]') AS n FROM ${said}
					JOIN asset_tag x ON x.asset = a.id JOIN tag g ON g.id = x.tag
			) GROUP BY name COLLATE NOCASE`,
			pairs,
		))
			this.#tally.add("tag", [`tag:${exactly(row.name)}`, row.name], row.n);
	}
}

type Count = readonly [number: number, n: number];

/** What was met at all. */
function counted(counts: Uint32Array): Count[] {
	const met: Count[] = [];
	for (const [number, n] of counts.entries()) if (n > 0) met.push([number, n]);
	return met;
}
