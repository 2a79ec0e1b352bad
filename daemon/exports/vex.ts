/**
 * What is to be said of each vulnerability, for formats of that kind (VEX): which products are affected by it, which are not and
 * why. A product is a version of a package of a distribution where the same holds wherever it was found, else that package on
 * one asset, else the asset itself.
 */
import { AppError } from "../../protocol/errors.ts";
import type { FindingDecision } from "../../protocol/model/export.ts";
import { type ToldPackage, toldPackages } from "../assess/told-packages.ts";
import type { ExportRow, ExportSource } from "./export-source.ts";
import { purlOf } from "./purl.ts";

/** As OpenVEX calls them; the strongest first, where two signatures say different things of one product. */
export const vexStatuses = ["affected", "under_investigation", "not_affected", "fixed"] as const;
export type VexStatus = (typeof vexStatuses)[number];

/** OpenVEX's and CSAF's words alike. */
export type VexJustification =
	| "component_not_present"
	| "vulnerable_code_not_present"
	| "vulnerable_code_not_in_execute_path"
	| "vulnerable_code_cannot_be_controlled_by_adversary"
	| "inline_mitigations_already_exist";

export interface VexSaying {
	readonly status: VexStatus;
	/** Only of what is not affected. */
	readonly justification: VexJustification | null;
	/** What to do about it, or why it is not affected. Not empty for either. */
	readonly words: string;
	/** Whether words of what is affected are an update, nothing there is, or a decision. */
	readonly remedy: "vendor_fix" | "none_available" | "no_fix_planned" | "mitigation";
}

export interface VexProduct {
	readonly purl: string | null;
	/** Null: wherever it is. */
	readonly asset: VexAsset | null;
}

export interface VexAsset {
	readonly uid: string;
	readonly name: string;
}

export interface VexVulnerability {
	/** A CVE, or the signature's id where there is none. */
	readonly name: string;
	readonly isCve: boolean;
	/** One of the signatures that speak of it. */
	readonly signature: string;
	readonly sayings: readonly { readonly saying: VexSaying; readonly products: readonly VexProduct[] }[];
	/** Of the findings, last. Milliseconds. */
	readonly lastFound: number;
}

/** In the order of their names. Counts each finding once. */
export function* vulnerabilitiesOf(source: ExportSource): Generator<VexVulnerability> {
	const speakers = new Map<string, { id: number; name: string }[]>();
	for (const { id, name, cves } of source.signatures()) {
		for (const vulnerability of cves.length === 0 ? [name] : new Set(cves)) {
			const known = speakers.get(vulnerability);
			if (known === undefined) speakers.set(vulnerability, [{ id, name }]);
			else known.push({ id, name });
		}
	}
	const condensed = new CondensedSignatures(source);
	for (const name of [...speakers.keys()].sort()) {
		const by = speakers.get(name) ?? [];
		const facts = by.map(({ id }) => condensed.of(id));
		const sayings = combine(facts.map(({ entries }) => entries));
		if (sayings.length === 0) continue;
		const isCve = /^CVE-[0-9]{4}-[0-9]{4,}$/.test(name);
		const lastFound = Math.max(...facts.map((fact) => fact.lastFound));
		yield { name, isCve, signature: by[0]?.name ?? name, sayings, lastFound };
	}
}

/** Both standards forbid a document that states nothing. */
export function nothingToState(): AppError {
	return new AppError("invalid", "There is nothing to state: none of these findings is a vulnerability.", {
		hint: "Choose other findings, or a format that may be empty: csv, json, jsonl.",
	});
}

interface Entry {
	readonly purl: string | null;
	readonly asset: VexAsset;
	readonly saying: VexSaying;
}

interface Condensed {
	readonly entries: readonly Entry[];
	readonly lastFound: number;
}

/** Signatures whose findings are kept in short: an advisory has many CVEs, and they follow one another. */
const mostKept = 16;

class CondensedSignatures {
	readonly #source: ExportSource;
	readonly #kept = new Map<number, Condensed>();
	readonly #counted = new Set<number>();
	readonly #sayings = new Map<string, VexSaying>();

	constructor(source: ExportSource) {
		this.#source = source;
	}

	of(signature: number): Condensed {
		const known = this.#kept.get(signature);
		if (known !== undefined) return known;
		const made = this.#condense(signature);
		if (this.#kept.size >= mostKept) this.#kept.delete(this.#kept.keys().next().value ?? 0);
		this.#kept.set(signature, made);
		return made;
	}

	#condense(signature: number): Condensed {
		const entries: Entry[] = [];
		const assets = new Map<string, VexAsset>();
		let lastFound = 0;
		let rows = 0;
		let solution: string | null = null;
		for (const row of this.#source.findingsOf(signature)) {
			rows++;
			if (row.type === "information") continue;
			solution ??= this.#source.signature(row.signature)?.solution ?? "";
			lastFound = Math.max(lastFound, Date.parse(row.lastFound));
			const asset = assets.get(row.assetUid) ?? { uid: row.assetUid, name: row.asset.name };
			assets.set(row.assetUid, asset);
			const isFixed = statusOf(row) === "fixed";
			const told = toldPackages(row.result).flatMap((one): Entry[] => {
				const purl = purlOf(one, isFixed ? one.fixed : one.version);
				return purl === null ? [] : [{ purl, asset, saying: this.#shared(sayingOf(row, one, solution ?? "")) }];
			});
			const whole =
				told.length === 0 ? [{ purl: null, asset, saying: this.#shared(sayingOf(row, null, solution)) }] : told;
			entries.push(...whole);
		}
		if (!this.#counted.has(signature)) this.#source.rows += rows;
		this.#counted.add(signature);
		return { entries, lastFound };
	}

	/** Equal sayings are one object. */
	#shared(saying: VexSaying): VexSaying {
		const key = `${saying.status}\n${saying.justification}\n${saying.remedy}\n${saying.words}`;
		const known = this.#sayings.get(key);
		if (known !== undefined) return known;
		if (this.#sayings.size > 50_000) this.#sayings.clear();
		this.#sayings.set(key, saying);
		return saying;
	}
}

/** What an approved decision makes of a finding: the others say that somebody answers for it, and it stays affected. */
const notAffected: Partial<Record<FindingDecision["kind"], VexJustification>> = {
	"false-positive": "vulnerable_code_not_present",
	"not-applicable": "vulnerable_code_not_in_execute_path",
	"compensating-control": "inline_mitigations_already_exist",
};

function statusOf({ status, type, decision }: ExportRow): VexStatus {
	if (status === "FIXED") return "fixed";
	if (decision?.state === "approved" && notAffected[decision.kind] !== undefined) return "not_affected";
	return type === "potential" || decision?.state === "requested" ? "under_investigation" : "affected";
}

/** `told`: the package it is about, where it is about one. */
function sayingOf(row: ExportRow, told: ToldPackage | null, solution: string): VexSaying {
	const status = statusOf(row);
	const { decision, fix } = row;
	const says = (
		words: string,
		remedy: VexSaying["remedy"] = "mitigation",
		justification: VexJustification | null = null,
	) => ({
		...{ status, justification, words, remedy },
	});
	if (status === "not_affected" && decision !== null) {
		return says(decision.reason || decision.kind, "mitigation", notAffected[decision.kind] ?? null);
	}
	if (status !== "affected") return says("");
	if (decision?.state === "approved") return says(acceptedWords(decision), "no_fix_planned");
	if (fix === "will-not-fix") return says("The vendor will not fix it.", "no_fix_planned");
	if (told?.fixed != null) return says(`Update ${told.package} to ${told.fixed} or later.`, "vendor_fix");
	if (fix !== null) return says("There is no fix yet.", "none_available");
	return says(solution === "" ? "See the references of the check." : solution);
}

/** `Risk accepted until 2027-01-01: the host is switched off in March.` */
function acceptedWords({ kind, reason, until }: FindingDecision): string {
	const what = kind === "risk-accepted" ? "Risk accepted" : "Ignored";
	const end = until === null ? "" : ` until ${until.slice(0, 10)}`;
	return reason === "" ? `${what}${end}.` : `${what}${end}: ${reason}`;
}

/** By saying, in the order of the statuses; a product stands under one saying alone. */
function combine(facts: readonly (readonly Entry[])[]): VexVulnerability["sayings"] {
	const byProduct = new Map<string, Entry>();
	const sayingsOf = new Map<string, VexSaying | null>();
	for (const entry of facts.flat()) {
		const key = `${entry.asset.uid} ${entry.purl ?? ""}`;
		const known = byProduct.get(key);
		if (known === undefined || rank(entry.saying) < rank(known.saying)) byProduct.set(key, entry);
	}
	for (const { purl, saying } of byProduct.values()) {
		if (purl === null) continue;
		const known = sayingsOf.get(purl);
		sayingsOf.set(purl, known === undefined || same(known, saying) ? saying : null);
	}
	const groups = new Map<VexSaying, { products: VexProduct[]; told: Set<string> }>();
	for (const { purl, asset, saying } of byProduct.values()) {
		const isEverywhere = purl !== null && sayingsOf.get(purl) !== null;
		const group = groups.get(saying) ?? { products: [], told: new Set() };
		groups.set(saying, group);
		if (isEverywhere && group.told.has(purl)) continue;
		if (isEverywhere) group.told.add(purl);
		group.products.push({ purl, asset: isEverywhere ? null : asset });
	}
	return [...groups]
		.map(([saying, { products }]) => ({ saying, products }))
		.sort((a, b) => rank(a.saying) - rank(b.saying));
}

function rank({ status }: VexSaying): number {
	return vexStatuses.indexOf(status);
}

function same(a: VexSaying | null, b: VexSaying): boolean {
	return a !== null && a.status === b.status && a.justification === b.justification && a.words === b.words;
}
