/**
 * Why, or why not: the reasoning behind a finding, or behind the lack of one, from the same evidence, coverage and check
 * that the verdict came from. Reads only.
 */
import type { z } from "zod";
import { AppError } from "../../protocol/errors.ts";
import type { explain as explainMethod } from "../../protocol/methods/findings.ts";
import type { Asset } from "../../protocol/model/asset.ts";
import type { Finding } from "../../protocol/model/finding.ts";
import { nessusFolder } from "../evidence/imported.ts";
import type { EvidenceRecord } from "../evidence/record.ts";
import { advisoryFolder } from "../knowledge/advisories/advisory-signature.ts";
import type { Check, Knowledge } from "../knowledge/knowledge.ts";
import { findAsset } from "../store/assets.ts";
import { listCoverage, listRecords, type StoredRecord } from "../store/evidence.ts";
import { findFinding, listFindingsOf } from "../store/findings.ts";
import { findStoredSignature, withNumber } from "../store/signatures.ts";
import type { Store } from "../store/store.ts";
import { explainAdvisory } from "./explain-advisory.ts";
import { explainBanner } from "./explain-banner.ts";
import { conclude, verdictStep } from "./explain-conclusion.ts";
import { explainCoverage } from "./explain-coverage.ts";
import { evidenceSteps, expressionStep, lifecycleStep, signatureStep, withdrawnStep } from "./explain-steps.ts";
import { onHost } from "./host-checks.ts";
import { checkOfReport } from "./imported-reports.ts";
import { manualCheck } from "./manual-check.ts";
import { newestOf } from "./newest-evidence.ts";

export type Explanation = z.infer<(typeof explainMethod)["result"]>;
export interface ExplainInput {
	id?: number | undefined;
	/** CVE, QID or signature id, with `asset`. */
	subject?: string | undefined;
	/** Id, name or address. */
	asset?: string | undefined;
}

/** Throws `not-found` for a finding or asset there is not, `invalid` when neither is asked for. */
export function explain(store: Store, knowledge: Knowledge, input: ExplainInput): Explanation {
	if (input.id !== undefined) return explainFinding(store, knowledge, input.id);
	if (input.subject === undefined || input.asset === undefined) {
		throw new AppError("invalid", "Say which finding, or which subject on which asset.", {
			hint: "Give the number of a finding, or a CVE, QID or signature and an asset.",
		});
	}
	const asset = getAsset(store, input.asset);
	const check = ofAsset(store, knowledge.find(input.subject), asset) ?? ofReports(store, input.subject);
	const byPackages = explainPackages(store, knowledge, input.subject, asset);
	if (byPackages !== null && (check === null || byPackages.verdict !== "unknown")) return byPackages;
	if (check !== null) return explainSubject(store, check, input.subject, asset);
	const withdrawn = findStoredSignature(store.db, input.subject) !== null;
	const text = withdrawn
		? `Signature ${input.subject} has been withdrawn: it is no longer judged with.`
		: `No signature looks for ${input.subject}, and no feed speaks of it.`;
	return {
		question: questionOf(input.subject, asset),
		verdict: "unknown",
		summary: text,
		steps: [{ step: "signature", outcome: "unknown", text }],
		check: null,
	};
}

function explainFinding(store: Store, knowledge: Knowledge, id: number): Explanation {
	const finding = findFinding(store.db, id);
	if (finding === null)
		throw new AppError("not-found", `There is no finding ${id}.`, { hint: "List them to see which there are." });
	const asset = getAsset(store, String(finding.asset.id));
	if (finding.signature.startsWith(advisoryFolder)) {
		const found = explainPackages(store, knowledge, finding.signature, asset, finding);
		if (found !== null) return found;
	}
	const check = ofAsset(store, knowledge.find(finding.signature), asset) ?? ofReports(store, finding.signature);
	const records = check === null ? [] : recordsFor(store, check, asset).filter((record) => isAt(record, finding));
	return build(store, {
		question: `Why is ${finding.title} ${finding.status ?? "information"} on ${placeName(finding, asset)}?`,
		check,
		asset,
		records,
		findings: [finding],
		place: finding,
	});
}

/** As it judges with all that is known of the asset. */
function ofAsset({ db }: Store, check: Check | null, asset: Asset): Check | null {
	if (check?.onHost === undefined) return check;
	const signature = withNumber(db, check.signature) ?? check.signature;
	const records = listRecords(db, asset.id);
	return onHost({ ...check, signature }, { records, newest: (kind, address) => newestOf(records, kind, address) });
}

/** What another scanner reported: what it looks for, that scanner's file has told. */
function ofReports({ db }: Store, id: string): Check | null {
	const signature = id.startsWith(nessusFolder) ? findStoredSignature(db, id) : null;
	return signature === null ? null : { ...checkOfReport(signature), signature };
}

/** By what the vendor's advisories say of the host's packages; null when they say nothing of the subject. */
function explainPackages(
	store: Store,
	knowledge: Knowledge,
	subject: string,
	asset: Asset,
	finding: Finding | null = null,
): Explanation | null {
	const book = knowledge.advisories;
	if (book === undefined) return null;
	const records = listRecords(store.db, asset.id);
	const address =
		finding?.address ?? records.find(({ kind }) => kind === "packages")?.address ?? asset.addresses[0] ?? "";
	const byPackages = explainAdvisory(book, subject, { name: asset.name, address, records });
	const arePackagesKnown = records.some(({ kind }) => kind === "packages");
	const found = (arePackagesKnown ? null : explainBanner(book, subject, { name: asset.name, records })) ?? byPackages;
	if (found === null) return null;
	const signature = finding?.signature ?? `${advisoryFolder}${subject}`;
	const findings = finding === null ? listFindingsOf(store.db, asset.id, signature) : [finding];
	const question =
		finding === null
			? questionOf(subject, asset)
			: `Why is ${finding.title} ${finding.status ?? "information"} on ${placeName(finding, asset)}?`;
	const { verdict, summary, check } = found;
	const steps = [...found.steps, ...findings.map((one) => lifecycleStep(store, one)), verdictStep(verdict, summary)];
	return { question, verdict, summary, steps, check };
}

function explainSubject(store: Store, check: Check, subject: string, asset: Asset): Explanation {
	return build(store, {
		question: questionOf(subject, asset),
		check,
		asset,
		records: recordsFor(store, check, asset),
		findings: listFindingsOf(store.db, asset.id, check.signature.id),
		place: null,
	});
}

interface Case {
	question: string;
	check: Check | null;
	asset: Asset;
	records: StoredRecord[];
	findings: Finding[];
	/** Where the question is about one place. */
	place: Pick<Finding, "address" | "port" | "protocol" | "instance"> | null;
}

function build(store: Store, subject: Case): Explanation {
	const { question, check, asset, records, findings, place } = subject;
	const now = store.clock.now();
	const looked =
		check === null
			? [withdrawnStep(findings[0]?.signature ?? "")]
			: [
					signatureStep(check),
					...evidenceSteps(check, records, asset),
					...explainCoverage(listCoverage(store.db, asset.id), check.kind, place),
					...records.map((record) => expressionStep(check, record, now)),
				];
	const steps = [...looked, ...findings.map((finding) => lifecycleStep(store, finding))];
	const { verdict, summary } = conclude(store, { steps, findings, check, asset });
	const told = [...steps, verdictStep(verdict, summary)];
	return { question, verdict, summary, steps: told, check: commandFor(check, records, findings) };
}

function commandFor(
	check: Check | null,
	records: readonly StoredRecord[],
	findings: readonly Finding[],
): string | null {
	if (check === null) return null;
	const first = findings[0];
	const record = records.find((candidate) => first === undefined || isAt(candidate, first)) ?? records[0];
	const address = record?.address ?? first?.address;
	if (address === undefined) return null;
	const data = (record?.data ?? {}) as { tls?: unknown; starttls?: unknown; hostname?: unknown };
	return manualCheck(check.kind, {
		address,
		port: record?.port ?? first?.port ?? 0,
		tls: data.tls === true,
		starttls: check.kind === "tls" || check.kind === "certificate" ? stringOrNull(data.starttls) : null,
		hostname: stringOrNull(data.hostname),
	});
}

function recordsFor({ db }: Store, check: Check, asset: Asset): StoredRecord[] {
	return listRecords(db, asset.id).filter((record) => record.kind === check.kind);
}

function getAsset({ db }: Store, name: string): Asset {
	const byId = /^\d{1,15}$/.test(name) ? findAsset(db, { id: Number(name) }) : null;
	const asset = byId ?? findAsset(db, { name });
	if (asset !== null) return asset;
	throw new AppError("not-found", `There is no asset "${name}".`, {
		hint: "Scan it first, or list the assets to see what they are called.",
	});
}

function isAt(record: EvidenceRecord, finding: Pick<Finding, "address" | "port" | "protocol" | "instance">): boolean {
	return (
		(record.instance ?? "") === (finding.instance ?? "") &&
		record.address === finding.address &&
		record.port === (finding.port ?? 0) &&
		record.protocol === (finding.protocol ?? "tcp")
	);
}

function questionOf(subject: string, asset: Asset): string {
	return `Does ${subject} apply to ${asset.name}?`;
}

function placeName(finding: Finding, asset: Asset): string {
	const at = asset.name === finding.address ? asset.name : `${asset.name} (${finding.address})`;
	const name = finding.instance === undefined ? "" : ` as ${finding.instance}`;
	return finding.port === null ? at : `${at} port ${finding.port}/${finding.protocol ?? "tcp"}${name}`;
}

function stringOrNull(value: unknown): string | null {
	return typeof value === "string" ? value : null;
}
