/**
 * Why, or why not: the reasoning behind a finding, or behind the lack of one, from the same evidence, coverage and check
 * that the verdict came from. Reads only.
 */
import type { z } from "zod";
import { AppError } from "../../protocol/errors.ts";
import type { explain as explainMethod } from "../../protocol/methods/findings.ts";
import type { Asset } from "../../protocol/model/asset.ts";
import type { Finding, FindingEvent, TraceStep } from "../../protocol/model/finding.ts";
import { nessusFolder } from "../evidence/imported.ts";
import type { EvidenceRecord } from "../evidence/record.ts";
import { advisoryFolder } from "../knowledge/advisories/advisory-signature.ts";
import type { Check, Knowledge } from "../knowledge/knowledge.ts";
import { findAsset } from "../store/assets.ts";
import { listCoverage, listRecords, type StoredRecord } from "../store/evidence.ts";
import { findFinding, findingEvents, listFindingsOf } from "../store/findings.ts";
import { isGone } from "../store/missed.ts";
import { findStoredSignature, withNumber } from "../store/signatures.ts";
import type { Store } from "../store/store.ts";
import { isoOf } from "../store/time.ts";
import { explainAdvisory } from "./explain-advisory.ts";
import { explainBanner } from "./explain-banner.ts";
import { explainCoverage } from "./explain-coverage.ts";
import { onHost } from "./host-checks.ts";
import { checkOfReport } from "./imported-reports.ts";
import { manualCheck } from "./manual-check.ts";
import { newestOf } from "./newest-evidence.ts";
import { evaluate } from "./weigh.ts";

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
	const outcome = verdict === "vulnerable" ? "yes" : verdict === "unknown" ? "unknown" : "no";
	const steps = [...found.steps, ...findings.map((one) => lifecycleStep(store, one))];
	return { question, verdict, summary, steps: [...steps, { step: "verdict", outcome, text: summary }], check };
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
	const { check, asset, records, findings } = subject;
	const now = store.clock.now();
	const steps: TraceStep[] = [];
	const name = check?.signature.id ?? findings[0]?.signature ?? "";
	if (check === null) steps.push({ step: "signature", outcome: "no", text: withdrawnText(name) });
	else steps.push(signatureStep(check));
	if (check !== null) steps.push(...evidenceSteps(check, records, asset));
	if (check !== null) steps.push(...explainCoverage(listCoverage(store.db, asset.id), check.kind, subject.place));
	if (check !== null) steps.push(...records.map((record) => expressionStep(check, record, now)));
	steps.push(...findings.map((finding) => lifecycleStep(store, finding)));
	const judged = verdictOf(steps, findings);
	const gone = judged === "vulnerable" && isGone(store.db, asset.id);
	const verdict = gone ? "unknown" : judged;
	const corrected = verdict === "not-vulnerable" ? correctedSummary(store, findings, check) : null;
	const told = corrected ?? summarise(verdict, steps, findings, check, asset);
	const summary = gone ? goneSummary(findings, check, asset) : told;
	steps.push({
		step: "verdict",
		outcome: verdict === "vulnerable" ? "yes" : verdict === "unknown" ? "unknown" : "no",
		text: summary,
	});
	return { question: subject.question, verdict, summary, steps, check: commandFor(check, records, findings) };
}

function withdrawnText(signature: string): string {
	if (!signature.startsWith(advisoryFolder)) return `Signature ${signature} has been withdrawn.`;
	return `No feed that is held speaks of ${signature.slice(advisoryFolder.length)} any more.`;
}

function signatureStep({ signature, kind, basis }: Check): TraceStep {
	const named = signature.cves.length > 0 ? ` (${signature.cves.join(", ")})` : "";
	const requirements = (signature.requirements ?? []).map(({ standard, id }) => `${standard}, ${id}`);
	const from = basis === undefined ? "" : ` It rests on ${basis}.`;
	const asked = `${requirements.length > 0 ? ` Asked for by ${requirements.join("; ")}.` : ""}${from}`;
	return {
		step: "signature",
		outcome: "yes",
		text: `${signature.id}${named} looks at evidence of kind ${kind}, where: ${signature.match.trim().replace(/\s+/g, " ")}${asked === "" ? "" : `.${asked}`}`,
		data: {
			signature: signature.id,
			qid: signature.qid,
			kind,
			match: signature.match,
			...(requirements.length > 0 ? { requirements } : {}),
		},
	};
}

function evidenceSteps(check: Check, records: readonly StoredRecord[], asset: Asset): TraceStep[] {
	if (records.length === 0) {
		const text = `There is no current evidence of kind ${check.kind} for ${asset.name}.`;
		return [{ step: "evidence", outcome: "no", text }];
	}
	return records.map((record) => ({
		step: "evidence",
		outcome: record.complete ? "yes" : "unknown",
		text: `${record.kind} at ${recordPlace(record)} seen ${isoOf(record.observedAt)} by ${bywhom(record)}${record.complete ? "" : "; not everything was answered, so it closes nothing"}.`,
		data: { address: record.address, port: record.port, source: record.source, scan: record.scan },
	}));
}

function expressionStep(check: Check, record: StoredRecord, now: number): TraceStep {
	const verdict = evaluate(check, record, now);
	const data = relevantValues(check, record);
	const at = recordPlace(record);
	if (verdict.matched === null) {
		return { step: "expression", outcome: "unknown", text: `At ${at} it cannot be decided: ${verdict.problem}.`, data };
	}
	const text = verdict.matched
		? `At ${at} it is true. ${verdict.result}`.trim()
		: `At ${at} it is false: ${
				Object.entries(data)
					.map(([field, value]) => `${field} is ${brief(value)}`)
					.join(", ") || "nothing in the record fits"
			}.`;
	return { step: "expression", outcome: verdict.matched ? "yes" : "no", text, data };
}

function lifecycleStep({ db }: Store, finding: Finding): TraceStep {
	const events = findingEvents(db, finding.id);
	const ending = finding.status === "FIXED" ? endings[endOf(events)] : undefined;
	const ended = ending !== undefined && finding.lastFixed !== null ? `, ${ending.word} ${finding.lastFixed}` : "";
	const apart = finding.excepted
		? ` An approved exception sets it apart: vedette except of ${finding.id} shows which.`
		: "";
	const times = finding.timesFound === 1 ? "once" : `${finding.timesFound} times`;
	return {
		step: "lifecycle",
		outcome: finding.status === "FIXED" ? "no" : "yes",
		text: `Finding ${finding.id} is ${finding.status ?? "information"}: found ${times}, first ${finding.firstFound}, last ${finding.lastFound}${ended}.${ending?.means ?? ""}${apart}`,
		data: { id: finding.id, events: events.slice(-20).map(({ at, kind, scan }) => ({ at, kind, scan })) },
	};
}

/** How a finding that is no longer open ended. */
const endings = {
	fixed: { word: "fixed", means: "" },
	closed: {
		word: "closed",
		means: " It was closed because scans in a row did not find the host alive: nobody saw that it was fixed.",
	},
	corrected: {
		word: "corrected",
		means: " What is known has changed: nothing was mended, by what is known now it was never so.",
	},
} as const satisfies Partial<Record<FindingEvent["kind"], { readonly word: string; readonly means: string }>>;

/** By its last ending: it may have been tested again since. */
function endOf(events: readonly FindingEvent[]): keyof typeof endings {
	const isEnding = (kind: FindingEvent["kind"]): kind is keyof typeof endings => Object.hasOwn(endings, kind);
	return events.map(({ kind }) => kind).findLast(isEnding) ?? "fixed";
}

/** Null where none of them was closed by what is known having changed. */
function correctedSummary({ db }: Store, findings: readonly Finding[], check: Check | null): string | null {
	const corrected = findings.find(
		({ id, status }) => status === "FIXED" && endOf(findingEvents(db, id)) === "corrected",
	);
	if (corrected === undefined) return null;
	const title = check?.signature.title ?? corrected.title;
	return `${title}: corrected ${corrected.lastFixed ?? "since"}, by what is known now it was never there.`;
}

function verdictOf(steps: readonly TraceStep[], findings: readonly Finding[]): Explanation["verdict"] {
	if (findings.some((finding) => finding.status !== "FIXED")) return "vulnerable";
	const expressions = steps.filter(({ step }) => step === "expression").map(({ outcome }) => outcome);
	if (expressions.includes("yes")) return "vulnerable";
	if (expressions.includes("unknown")) return "unknown";
	return expressions.includes("no") || findings.length > 0 ? "not-vulnerable" : "unknown";
}

function goneSummary(findings: readonly Finding[], check: Check | null, asset: Asset): string {
	const title = check?.signature.title ?? findings[0]?.title ?? "";
	return `${title}: was there when ${asset.name} was last seen, ${asset.lastSeen.slice(0, 10)}. Scans since have not found the host alive.`;
}

function summarise(
	verdict: Explanation["verdict"],
	steps: readonly TraceStep[],
	findings: readonly Finding[],
	check: Check | null,
	asset: Asset,
): string {
	const open = findings.filter((finding) => finding.status !== "FIXED");
	const title = check?.signature.title ?? findings[0]?.title ?? "";
	if (verdict === "vulnerable") {
		const type = open[0]?.type ?? check?.signature.type;
		const how =
			type === "potential"
				? "potentially so: one sign of it was seen"
				: type === "information"
					? "gathered as information"
					: "seen";
		return `${title}: ${how} on ${asset.name}.`;
	}
	if (verdict === "not-vulnerable") {
		const fixed = findings.find((finding) => finding.status === "FIXED");
		if (fixed) return `${title}: was there, closed ${fixed.lastFixed ?? "since"}.`;
		return `${title}: looked for on ${asset.name} and not there.`;
	}
	const reason = steps.find(({ step, outcome }) => step === "coverage" && outcome !== "yes")?.text;
	return `${title}: cannot be told for ${asset.name}. ${reason ?? "No evidence decides it."}`;
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

/** The record's fields that the expression speaks of. */
function relevantValues(check: Check, record: EvidenceRecord): Record<string, unknown> {
	const words = new Set(Array.from(check.signature.match.matchAll(/\brecord\.(\w+)/g), ([, field]) => field));
	return Object.fromEntries(Object.entries(record.data).filter(([field]) => words.has(field)));
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

function recordPlace(record: EvidenceRecord): string {
	const name = record.instance ? ` as ${record.instance}` : "";
	return record.port === 0 ? record.address : `${record.address} port ${record.port}/${record.protocol}${name}`;
}

function bywhom(record: StoredRecord): string {
	return record.scan === null ? record.source : `scan ${record.scan}`;
}

function brief(value: unknown): string {
	const text = JSON.stringify(value) ?? "missing";
	return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function stringOrNull(value: unknown): string | null {
	return typeof value === "string" ? value : null;
}
