/**
 * Red Hat's and SUSE's security data as CSAF 2.0 documents (docs.oasis-open.org/csaf/csaf/v2.0): advisories, which list what mends
 * flaws, and VEX, which says of one CVE how every product stands. Pure; anything unexpected is left out.
 */
import { type Advisory, type AffectedRange, type CveDetail, isCve, type RangeState } from "../advisory.ts";
import { list, record, text, time } from "../untrusted.ts";
import { type ProductPart, ProductTree } from "./csaf-products.ts";
import { publisherOf } from "./csaf-publisher.ts";

export interface CsafDocument {
	readonly advisory: Advisory;
	/** What it says of each CVE by itself. */
	readonly details: readonly CveDetail[];
	/** The terms of use it carries, in a word; null when it says none. */
	readonly licence: string | null;
	/** Of products whose packages cannot be put in order here, e.g. containers. */
	readonly leftOut: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** Ids of one status that are looked at, and ranges that are kept of one document. */
const mostIds = 500_000;
const mostRanges = 200_000;

/** True when it says how products stand to one CVE, rather than what an advisory mends. */
export function isVex(document: unknown): boolean {
	return record(record(document).document).category === "csaf_vex";
}

/** Null when it is no CSAF document of theirs. */
export function parseCsaf(document: unknown): CsafDocument | null {
	const publisher = publisherOf(document);
	if (publisher === null) return null;
	const { document: head, product_tree: tree, vulnerabilities } = record(document);
	const { tracking, title, aggregate_severity: severity, notes } = record(head);
	const id = text(record(tracking).id);
	if (id === null) return null;
	const isAboutCve = isVex(document);
	const flaws = list(vulnerabilities).map(record);
	const products = new ProductTree(tree);
	const ranges = new Ranges(isAboutCve);
	for (const flaw of flaws) addFlaw(flaw, products, ranges);
	const details = flaws.flatMap((flaw) => detailOf(flaw) ?? []);
	const named = flaws.length === 1 ? details[0]?.title : null;
	return {
		advisory: {
			// A CVE's own name is everybody's: this is what its vendor says of it.
			id: isAboutCve && isCve(id) ? `${publisher === "suse" ? "SUSE" : "REDHAT"}-${id}` : id,
			cves: details.map(({ cve }) => cve),
			title: (isAboutCve ? named : null) ?? shortTitle(text(title)) ?? id,
			severity: text(record(severity).text),
			cvss: [...new Set(details.flatMap(({ cvss }) => cvss))],
			publishedAt: time(record(tracking).initial_release_date),
			modifiedAt: time(record(tracking).current_release_date),
			withdrawnAt: null,
			affected: ranges.all(),
		},
		details,
		licence: licenceOf(list(notes)),
		leftOut: ranges.leftOut,
	};
}

/** Without the words every title begins with. */
function shortTitle(title: string | null): string | null {
	return title?.replace(/^Red Hat (Security|Bug Fix|Enhancement|Product Enhancement) Advisory: /, "") ?? null;
}

function licenceOf(notes: readonly unknown[]): string | null {
	const terms = notes.map(record).find(({ category }) => category === "legal_disclaimer");
	if (terms === undefined) return null;
	return /creativecommons\.org\/licenses\/by\/4\.0|\bCC-BY-4\.0\b/.test(text(terms.text) ?? "")
		? "CC BY 4.0"
		: "see its terms of use";
}

function detailOf(flaw: Fields): CveDetail | null {
	const cve = text(flaw.cve);
	if (cve === null || !isCve(cve)) return null;
	const note = (category: string) => {
		const found = list(flaw.notes)
			.map(record)
			.find((one) => one.category === category);
		return text(found?.text);
	};
	const cwe = text(record(flaw.cwe).id);
	const vectors = list(flaw.scores).flatMap((one) => {
		const { cvss_v2: two, cvss_v3: three, cvss_v4: four } = record(one);
		return [four, three, two].flatMap((score) => text(record(score).vectorString) ?? []);
	});
	return {
		...{ cve, title: text(flaw.title) ?? note("summary"), description: note("description") },
		...{ cvss: [...new Set(vectors)].slice(0, 10), cwes: cwe === null ? [] : [cwe] },
		references: list(flaw.references)
			.flatMap((one) => text(record(one).url) ?? [])
			.slice(0, 20),
		...{ publishedAt: time(flaw.release_date), modifiedAt: null, status: null },
	};
}

/** What each status of CSAF means for a package; `fixed` has the version that mends it. */
const statuses = {
	// SUSE recommends what has the fix.
	...{ fixed: "fixed", first_fixed: "fixed", recommended: "fixed", known_affected: "open", last_affected: "open" },
	...{ known_not_affected: "not-affected", under_investigation: "under-investigation" },
} as const satisfies Readonly<Record<string, RangeState>>;

function addFlaw(flaw: Fields, products: ProductTree, ranges: Ranges): void {
	const words = remediesOf(flaw);
	const status = record(flaw.product_status);
	for (const [name, state] of Object.entries(statuses)) {
		const parts: Part[] = [];
		for (const id of list(status[name]).slice(0, mostIds)) {
			if (typeof id !== "string") continue;
			const part = products.part(id);
			if (part === null || (state === "fixed" && part.version === null)) ranges.leftOut++;
			// Symbols for debuggers: nothing of them runs.
			else if (!/-debug(info|source)(-common)?$/.test(part.name))
				parts.push({ ...part, ...(words.get(id) ?? { state: null, note: null }), id });
		}
		ranges.add(parts, state);
	}
}

interface Remedy {
	/** Of what is affected: what the vendor does about it. Null: it says nothing. */
	readonly state: RangeState | null;
	readonly note: string | null;
}
type Part = ProductPart & Remedy & { readonly id: string };

/** By product id; a workaround decides nothing. */
function remediesOf(flaw: Fields): Map<string, Remedy> {
	const remedies = new Map<string, Remedy>();
	for (const one of list(flaw.remediations)) {
		const { category, details, url, product_ids: ids } = record(one);
		const remedy = remedyOf(text(category), text(details), text(url));
		if (remedy === null) continue;
		for (const id of list(ids).slice(0, mostIds)) if (typeof id === "string") remedies.set(id, remedy);
	}
	return remedies;
}

function remedyOf(category: string | null, details: string | null, url: string | null): Remedy | null {
	const note = details === null ? null : (details.split("\n", 1)[0] ?? "").slice(0, 100);
	if (category === "vendor_fix")
		return { state: null, note: /\/(RH[SBE]A-[0-9]{4}:[0-9]+)$/.exec(url ?? "")?.[1] ?? null };
	if (category === "no_fix_planned") return { state: "will-not-fix", note };
	// `Deferred`, `Fix deferred`: it may come, nobody says when.
	if (category === "none_available") return { state: /deferred/i.test(note ?? "") ? "postponed" : "open", note };
	return category === "fix_planned" ? { state: "open", note } : null;
}

/** Streams of RHEL, of which a host has several and no package is in two: one ecosystem for a release. */
const mainStream = /^(enterprise_linux:[0-9]{1,2})(?:\.[0-9]+)?(?:::[a-z0-9_]+)?$/;
/** Updates for those who stay on a minor release: `rhel_eus:9.2::baseos`. */
const stayStream = /^(rhel_(?:eus|aus|tus|e4s|els|eus_long_life):([0-9]{1,2})(?:\.[0-9]+)?)(?:::[a-z0-9_]+)?$/;

/** Collects what is said of packages: each once, though it is said of every architecture and stream. */
class Ranges {
	leftOut = 0;
	readonly #isVex: boolean;
	readonly #ranges = new Map<string, AffectedRange>();

	constructor(isVex: boolean) {
		this.#isVex = isVex;
	}

	all(): AffectedRange[] {
		return [...this.#ranges.values()];
	}

	/** All parts a document gives one status. */
	add(parts: readonly Part[], state: RangeState): void {
		const built = new Set(parts.flatMap((part) => (part.isSource ? [] : [groupOf(part)])));
		for (const part of parts) {
			// The packages built from it are listed: only those are meant.
			if (part.isSource && built.has(groupOf(part))) continue;
			for (const ecosystem of this.#ecosystemsOf(part.cpe, state)) this.#put(ecosystem, part, state);
		}
	}

	/**
	 * What is mended for a minor release says of its builds that they are mended on any host: with VEX, which tells of all
	 * streams together, they stand beside those of the release. What is sold after its end is nobody else's.
	 */
	#ecosystemsOf(cpe: string, state: RangeState): string[] {
		if (cpe.startsWith("suse:")) return [suseEcosystem(cpe.slice("suse:".length))];
		const main = mainStream.exec(cpe)?.[1];
		if (main !== undefined) return [`Red Hat:${main}`];
		const [, stay, major] = stayStream.exec(cpe) ?? [];
		if (stay === undefined) return state === "fixed" ? [`Red Hat:${cpe}`] : [];
		const beside =
			this.#isVex && state === "fixed" && !stay.startsWith("rhel_els") ? [`Red Hat:enterprise_linux:${major}`] : [];
		return [`Red Hat:${stay}`, ...beside];
	}

	#put(ecosystem: string, part: Part, status: RangeState): void {
		const state = status === "open" ? (part.state ?? "open") : status;
		const name = packageName(part);
		const fixed = state === "fixed" ? part.version : null;
		const key = `${ecosystem}\n${name}\n${state}\n${fixed}`;
		if (this.#ranges.has(key) || this.#ranges.size >= mostRanges) return;
		this.#ranges.set(key, {
			...{ ecosystem, package: name, introduced: null, fixed, lastAffected: null, state },
			note: part.note,
		});
	}
}

/** As OSV writes it: `SUSE:Linux Enterprise Server 15 SP5`, `openSUSE:Leap 15.6`. */
function suseEcosystem(product: string): string {
	return /^openSUSE /.test(product) ? `openSUSE:${product.slice(9)}` : `SUSE:${product.replace(/^SUSE /, "")}`;
}

/** As hosts are looked up (judged-packages.ts): a module's packages with it, sources marked. */
export function packageName({ name, module, isSource }: Pick<ProductPart, "name" | "module" | "isSource">): string {
	return `${module === null ? "" : `${module}/`}${name}${isSource ? ".src" : ""}`;
}

function groupOf({ cpe, module }: ProductPart): string {
	return `${cpe}\n${module}`;
}
