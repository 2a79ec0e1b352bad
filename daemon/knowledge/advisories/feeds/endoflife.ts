/**
 * endoflife.date: until when products are supported. Read as its API gives it (v1, one product or all; v0, the cycles of the
 * product the file is named after) and as its source has it (YAML before a page). Pure; anything unexpected is left out.
 */
import { parse } from "yaml";
import { list, record, text, time } from "../untrusted.ts";
import { type FeedDocument, PlainText } from "./feed-format.ts";

/** A day in milliseconds since the epoch; or that it is over or goes on, without a day. Null: nobody says. */
export type SupportEnd = number | "over" | "open" | null;

export interface ProductCycle {
	/** As versions begin: `12`, `9.6`, `24.04`. */
	readonly name: string;
	readonly codename: string | null;
	readonly longTerm: boolean;
	/** Milliseconds since the epoch. */
	readonly releasedAt: number | null;
	/** Security support that everybody gets. */
	readonly support: SupportEnd;
	/** What goes on after that, often for money. */
	readonly extended: SupportEnd;
	readonly latest: string | null;
}

export interface SupportedProduct {
	/** As in its address there: `debian`, `apache-http-server`. */
	readonly slug: string;
	readonly label: string;
	/** `os`, `server-app`, `database`, … */
	readonly category: string;
	/** What they call the extended support, e.g. `Expanded Security Maintenance`. */
	readonly extendedName: string | null;
	/** Vendor and product of its CPEs, e.g. `postgresql:postgresql`. */
	readonly cpes: readonly string[];
	readonly cycles: readonly ProductCycle[];
}

export interface SupportDates {
	readonly products: readonly SupportedProduct[];
	/** When it was made; of single pages nobody says. */
	readonly publishedAt: number | null;
}

type Fields = Readonly<Record<string, unknown>>;

const mostProducts = 5_000;
const mostCycles = 500;
/** A page's longest YAML that is read. Characters. */
const longestPage = 500_000;

/** Null for what is no document of endoflife.date. */
export function parseEndOfLife({ name, value }: FeedDocument): SupportDates | null {
	const slug = /^([a-z0-9][a-z0-9-]{0,60})\.[a-z]+$/.exec(name)?.[1] ?? null;
	if (value instanceof PlainText) return slug === null ? null : ofPage(slug, value.text);
	if (Array.isArray(value)) return slug === null ? null : ofCycles(slug, value);
	const { schema_version: schema, result, generated_at: at } = record(value);
	if (typeof schema !== "string") return null;
	const products = (Array.isArray(result) ? result : [result])
		.slice(0, mostProducts)
		.flatMap((one) => ofApi(record(one)) ?? []);
	return products.length === 0 ? null : { products, publishedAt: time(at) };
}

/** API v1 (endoflife.date/docs/api/v1). */
function ofApi(product: Fields): SupportedProduct | null {
	const slug = text(product.name);
	if (slug === null || !Array.isArray(product.releases)) return null;
	const ids = list(product.identifiers)
		.map(record)
		.filter(({ type }) => type === "cpe");
	return {
		...{ slug, label: text(product.label) ?? slug, category: text(product.category) ?? "" },
		extendedName: nameOf(record(product.labels).eoes),
		cpes: cpesOf(ids.map(({ id }) => id)),
		cycles: product.releases.slice(0, mostCycles).flatMap((one) => {
			const release = record(one);
			const ends = (is: unknown, from: unknown): SupportEnd =>
				time(from) ?? (is === true ? "over" : is === false ? "open" : null);
			return cycleOf(release.name, {
				...{ codename: release.codename, lts: release.isLts, releaseDate: release.releaseDate },
				...{ support: ends(release.isEol, release.eolFrom), extended: ends(release.isEoes, release.eoesFrom) },
				latest: record(release.latest).name,
			});
		}),
	};
}

/** The site's source: fields between two lines of dashes. */
function ofPage(slug: string, page: string): SupportDates | null {
	const head = /^---\r?\n([\s\S]*?)\r?\n---/.exec(page.slice(0, longestPage))?.[1];
	if (head === undefined) return null;
	const fields = record(parsed(head));
	if (!Array.isArray(fields.releases) || text(fields.title) === null) return null;
	const ids = list(fields.identifiers).map((one) => record(one).cpe);
	const product: SupportedProduct = {
		...{ slug, label: text(fields.title) ?? slug, category: text(fields.category) ?? "", cpes: cpesOf(ids) },
		extendedName: nameOf(fields.eoesColumn),
		cycles: cyclesOf(fields.releases, "releaseCycle", "eoes"),
	};
	return { products: [product], publishedAt: null };
}

/** API v0: `[{"cycle": "12", "eol": "2026-07-11", "extendedSupport": …}]`. */
function ofCycles(slug: string, releases: readonly unknown[]): SupportDates | null {
	const first = record(releases[0]);
	if (!("cycle" in first) || !("eol" in first)) return null;
	const cycles = cyclesOf(releases, "cycle", "extendedSupport");
	const product = { slug, label: slug, category: "", extendedName: null, cpes: [], cycles };
	return { products: [product], publishedAt: null };
}

function cyclesOf(releases: readonly unknown[], nameField: string, extendedField: string): ProductCycle[] {
	return releases.slice(0, mostCycles).flatMap((one) => {
		const fields = record(one);
		const ends = (end: unknown): SupportEnd => day(end) ?? (end === true ? "over" : end === false ? "open" : null);
		const { codename, lts, releaseDate, latest } = fields;
		const [support, extended] = [ends(fields.eol), ends(fields[extendedField])];
		// YAML has dates as dates.
		return cycleOf(fields[nameField], { codename, lts: lts === true, releaseDate, support, extended, latest });
	});
}

function cycleOf(
	name: unknown,
	of: {
		codename: unknown;
		lts: unknown;
		releaseDate: unknown;
		support: SupportEnd;
		extended: SupportEnd;
		latest: unknown;
	},
): ProductCycle[] {
	const own = text(typeof name === "number" ? String(name) : name);
	if (own === null || own.length > 60) return [];
	const { support, extended } = of;
	const words = { codename: text(of.codename), longTerm: of.lts === true, latest: text(of.latest) };
	return [{ name: own, ...words, releasedAt: day(of.releaseDate), support, extended }];
}

function day(value: unknown): number | null {
	return value instanceof Date && !Number.isNaN(value.getTime()) ? value.getTime() : time(value);
}

function parsed(yaml: string): unknown {
	try {
		return parse(yaml, { maxAliasCount: 0, logLevel: "silent" });
	} catch {
		return null;
	}
}

/** Pages mark up abbreviations. */
function nameOf(value: unknown): string | null {
	return text(text(value)?.replace(/<[^>]{0,200}>/g, ""));
}

/** `cpe:2.3:a:postgresql:postgresql` and `cpe:/a:postgresql:postgresql` alike. */
function cpesOf(ids: readonly unknown[]): string[] {
	const pairs = ids.flatMap(
		(id) => /^cpe:(?:2\.3:|\/)[aoh]:([^:\s]{1,100}:[^:\s]{1,100})/.exec(text(id) ?? "")?.[1] ?? [],
	);
	return [...new Set(pairs)];
}
