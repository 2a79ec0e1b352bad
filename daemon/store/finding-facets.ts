/**
 * What the findings of a list have in common: one pass over at most so many of them, at one moment, and the names of what was
 * met from the tables they stand in. What the terms of facets mean is the query language's business; a test holds them to it.
 */
import type { DatabaseSync } from "node:sqlite";
import { type Facets, facetLimits } from "../../protocol/model/facet.ts";
import { severityNames } from "../../protocol/model/severity.ts";
import { exactly } from "../query/print.ts";
import { exceptedBits, openNumbers, statusOf, typeOf } from "./codes.ts";
import { agoWords, FacetTally } from "./facet-tally.ts";
import { storeFailure } from "./failure.ts";
import { findingScope } from "./fields.ts";
import { findingFrom } from "./findings.ts";
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

type Row = [
	severity: number,
	type: number,
	status: number | null,
	signature: number,
	port: number,
	excepted: number,
	open: number,
	found: number,
	asset: number,
];

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
		const signatures = new Map<number, number>();
		const assets = new Map<number, number>();
		let looked = 0;
		let findings = 0;
		for (const row of this.#rows(most + 1)) {
			if (++looked > most) break;
			const [severity, type, status, signature, port, excepted, open, found, asset] = row;
			if (this.#tellsApart()) this.#addApart(excepted);
			if (this.#isApartBeside && open === openNumbers.excepted) continue;
			findings++;
			this.#tally.add("severity", [`severity:${severity}`, severityNames[severity as 1]]);
			this.#tally.add("type", [this.#typeTerm(typeOf(type)), typeOf(type)]);
			if (status !== null) this.#tally.add("status", [`status:${statusOf(status)}`, statusOf(status).toLowerCase()]);
			this.#tally.add("port", port === 0 ? ["port is null", "the host itself"] : [`port:${port}`, String(port)]);
			this.#tally.add("age", agoWords("firstFound", this.#query.now - found));
			signatures.set(signature, (signatures.get(signature) ?? 0) + 1);
			assets.set(asset, (assets.get(asset) ?? 0) + 1);
		}
		this.#addSignatures(signatures);
		this.#addAssets(assets);
		return { facets: this.#tally.facets(), looked: findings, isAll: looked <= most };
	}

	#rows(limit: number): IterableIterator<Row> {
		const { where, named } = this.#query;
		const scope = this.#isApartBeside ? "f.open IN (1, 3)" : named === null ? null : findingScope(named);
		const conditions = [...(where === null ? [] : [`(${where.sql})`]), ...(scope === null ? [] : [scope])];
		const statement = this.#db.prepare(
			`SELECT f.severity, f.type, f.status, f.signature, f.port, f.excepted, f.open, f.first_found, f.asset
			FROM ${findingFrom} ${conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`} LIMIT ?`,
		);
		statement.setReturnArrays(true);
		return statement.iterate(...(where?.params ?? []), limit) as unknown as IterableIterator<Row>;
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

	#addApart(excepted: number): void {
		if ((excepted & exceptedBits.exception) !== 0) this.#tally.add("apart", ["excepted:true", "excepted"]);
		if ((excepted & exceptedBits.ignored) !== 0) this.#tally.add("apart", ["ignored:true", "ignored"]);
	}

	#addSignatures(counts: ReadonlyMap<number, number>): void {
		const rows = all<{ name: string; title: string; kev: number; n: number }>(
			this.#db,
			`SELECT s.name, s.title, s.kev, json_extract(c.value, '$[1]') AS n
			FROM json_each(?) c JOIN signature s ON s.id = json_extract(c.value, '$[0]')`,
			JSON.stringify([...counts]),
		);
		for (const { name, title, kev, n } of rows) {
			const family = name.split("/", 1)[0] ?? name;
			this.#tally.add("kev", kev === 1 ? ["kev:true", "known exploited"] : ["kev:false", "not known"], n);
			this.#tally.add("signature", [`signature:${exactly(name)}`, title], n);
			if (family !== name) this.#tally.add("family", [`signature:${family}/*`, family], n);
		}
	}

	#addAssets(counts: ReadonlyMap<number, number>): void {
		const pairs = JSON.stringify([...counts]);
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
