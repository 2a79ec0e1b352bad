/**
 * What is to be said of each vulnerability, for formats of that kind (VEX): which products are affected by it, which are not and
 * why. A product is a version of a package of a distribution where it is affected wherever it was found, else that package on one
 * asset, else the asset itself.
 */
import { AppError } from "../../protocol/errors.ts";
import type { FindingDecision } from "../../protocol/model/export.ts";
import { type ToldPackage, toldPackages } from "../assess/told-packages.ts";
import type { ExportRow, ExportSource } from "./export-source.ts";
import { purlOf } from "./purl.ts";

/** As OpenVEX calls them; the strongest first, where two signatures say different things of one product. */
const vexStatuses = ["affected", "under_investigation", "not_affected", "fixed"] as const;
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
	/** True: affected by the verdict on the version alone, so that it says as much of other hosts that have it. */
	readonly isVerdict: boolean;
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
	/** On CISA's list of what is exploited, and the likelihood that it will be (0 to 1); of a signature for several CVEs neither is told. */
	readonly kev: boolean;
	readonly epss: number | null;
}

/** In the order of their names, when all findings have been read, once; null now and then while that goes on. */
export function* vulnerabilitiesOf(source: ExportSource): Generator<VexVulnerability | null> {
	const speakers = new Map<string, Gathered[]>();
	for (const gathered of yield* gather(source)) {
		for (const name of gathered.cves.length === 0 ? [gathered.signature] : new Set(gathered.cves)) {
			const known = speakers.get(name);
			if (known === undefined) speakers.set(name, [gathered]);
			else known.push(gathered);
		}
	}
	for (const name of [...speakers.keys()].sort()) {
		const by = speakers.get(name) ?? [];
		const isCve = /^CVE-[0-9]{4}-[0-9]{4,}$/.test(name);
		const lastFound = Math.max(...by.map((one) => one.lastFound));
		const sayings = combine(
			by.flatMap(({ groups }) => [...groups.values()]),
			source,
		);
		const alone = by.find(({ cves }) => cves.length === 1);
		const { kev = false, epss = null } = alone ?? {};
		yield { name, isCve, signature: by[0]?.signature ?? name, sayings, lastFound, kev, epss };
	}
}

/** Both standards forbid a document that states nothing. */
export function nothingToState(): AppError {
	return new AppError("invalid", "There is nothing to state: none of these findings is a vulnerability.", {
		hint: "Choose other findings, or a format that may be empty: csv, json, jsonl.",
	});
}

/** What is said of a product, and the assets it is said on: numbers alone, as there may be very many. */
interface Group {
	readonly purl: string | null;
	readonly saying: VexSaying;
	readonly assets: number[];
}

const readAtOnce = 500;

/** All that the findings of one signature say. */
interface Gathered {
	readonly signature: string;
	readonly cves: readonly string[];
	readonly kev: boolean;
	readonly epss: number | null;
	/** By product and saying. */
	readonly groups: Map<string, Group>;
	/** Milliseconds. */
	lastFound: number;
}

function* gather(source: ExportSource): Generator<null, Iterable<Gathered>> {
	const bySignature = new Map<string, Gathered & { readonly solution: string }>();
	for (const row of source.findings()) {
		if (source.rows % readAtOnce === 0) yield null;
		if (row.type === "information") continue;
		const { signature, cves, kev, epss } = row;
		const known = bySignature.get(signature);
		const solution = known === undefined ? (source.signature(signature)?.solution ?? "") : known.solution;
		const gathered = known ?? { signature, cves, kev, epss, groups: new Map(), lastFound: 0, solution };
		if (known === undefined) bySignature.set(signature, gathered);
		gathered.lastFound = Math.max(gathered.lastFound, Date.parse(row.lastFound));
		const isFixed = statusOf(row) === "fixed";
		const told = toldPackages(row.result).flatMap((one) => {
			const purl = purlOf(one, isFixed ? one.fixed : one.version);
			return purl === null ? [] : [{ purl, saying: sayingOf(row, one, solution) }];
		});
		const all = told.length === 0 ? [{ purl: null, saying: sayingOf(row, null, solution) }] : told;
		for (const { purl, saying } of all) {
			const key = `${purl ?? ""}\n${saying.status}\n${saying.justification}\n${saying.remedy}\n${saying.isVerdict}\n${saying.words}`;
			const group = gathered.groups.get(key);
			if (group === undefined) gathered.groups.set(key, { purl, saying, assets: [row.asset.id] });
			else if (group.assets.at(-1) !== row.asset.id) group.assets.push(row.asset.id);
		}
	}
	return bySignature.values();
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
		isVerdict: status === "affected" && decision?.state !== "approved",
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

/** By saying, in the order of the statuses; a product stands under one saying alone, the strongest. */
function combine(groups: readonly Group[], source: ExportSource): VexVulnerability["sayings"] {
	const bySaying = new Map<string, { saying: VexSaying; products: VexProduct[] }>();
	const add = (saying: VexSaying, product: VexProduct) => {
		const key = JSON.stringify(saying);
		const known = bySaying.get(key);
		if (known === undefined) bySaying.set(key, { saying, products: [product] });
		else known.products.push(product);
	};
	for (const [purl, own] of Map.groupBy(
		groups.toSorted((a, b) => rank(a.saying) - rank(b.saying)),
		(group) => group.purl,
	)) {
		const [first] = own;
		if (first === undefined) continue;
		// What somebody decided, or mended, on one host must silence nobody who reads of the package on another.
		if (purl !== null && first.saying.isVerdict && own.every(({ saying }) => same(saying, first.saying))) {
			add(first.saying, { purl, asset: null });
			continue;
		}
		const told = new Set<number>();
		for (const { saying, assets } of own) {
			for (const asset of assets) {
				if (told.has(asset)) continue;
				told.add(asset);
				add(saying, { purl, asset: source.asset(asset) });
			}
		}
	}
	return [...bySaying.values()].sort((a, b) => rank(a.saying) - rank(b.saying));
}

function rank({ status }: VexSaying): number {
	return vexStatuses.indexOf(status);
}

function same(a: VexSaying, b: VexSaying): boolean {
	return a.isVerdict === b.isVerdict && a.status === b.status && a.words === b.words;
}
