/**
 * What another scanner reported, as findings: marked as its own, and closed only by a later file of the same scanner that asked
 * the same plugin at the same place with at least the same access. What a file did not ask stays as it was reported before.
 */
import { nessusFolder, severityOfReport, typeOfReport } from "../evidence/imported.ts";
import type { DataOf, EvidenceRecord, RecordOf } from "../evidence/record.ts";
import type { Check, Verdict } from "../knowledge/knowledge.ts";
import { listRecordsOfKind } from "../store/evidence.ts";
import type { PriorFinding } from "../store/finding-writes.ts";
import type { Store } from "../store/store.ts";
import { unknownSignature } from "./unknown-signature.ts";

/** What a file says of its own scan, so that what it does not report may be over. */
export interface AskedReports {
	/** Plugins that ran; null: the file does not say. */
	readonly plugins: ReadonlySet<number> | null;
	/** Whether the scan asked a port, of which it may have said nothing; null: the file does not say. */
	asksPort(port: number): boolean | null;
	readonly credentialed: boolean;
	readonly portRange: string | null;
	/** Reports that were made since are of this scan too, which may have met the host under several names. Milliseconds. */
	readonly since: number;
	/** The name or address by which the host was scanned. */
	readonly target: string;
	/** Another one by which the same scan met it before; null: none. */
	readonly metAs: string | null;
}

type Report = DataOf<"nessus">["reports"][number];
type PriorReport = Pick<PriorFinding, "signature" | "severity" | "type" | "address" | "port" | "protocol">;

/** The records with what stood there before and was not asked again; what was asked and is not reported any more is left out. */
export function withReportsNotAsked(
	{ db }: Pick<Store, "db">,
	assetId: number,
	records: readonly EvidenceRecord[],
	asked: AskedReports,
): EvidenceRecord[] {
	const [place] = records;
	if (place === undefined) return [...records];
	const told = records.filter((record) => record.kind === "nessus").map((record) => underName(record, asked));
	const others = records.filter((record) => record.kind !== "nessus");
	const stored = listRecordsOfKind(db, assetId, "nessus").filter((record) => record.address === place.address);
	const held = new Map((stored as RecordOf<"nessus">[]).map((record) => [placeOf(record), record]));
	const kept = told.flatMap((record) => {
		const before = held.get(placeOf(record));
		held.delete(placeOf(record));
		if (before === undefined) return [record];
		// The later of two files has the word.
		return before.observedAt > record.observedAt ? [] : [joined(record, before, asked)];
	});
	const over = [...held.values()].flatMap((before) => {
		const rest = before.data.reports.filter((report) => !wasAsked(report, before.port, asked)).map(keptBy(asked));
		const isSame = rest.length === before.data.reports.length && asked.metAs === null;
		if (isSame || before.observedAt > place.observedAt) return [];
		return [{ ...withoutScan(before), observedAt: place.observedAt, data: { ...before.data, reports: rest } }];
	});
	return [...others, ...kept, ...over];
}

function placeOf({ port, protocol }: Pick<EvidenceRecord, "port" | "protocol">): string {
	return `${port}/${protocol}`;
}

function withoutScan({ kind, address, port, protocol, source, complete, observedAt, data }: RecordOf<"nessus">) {
	return { kind, address, port, protocol, source, complete, observedAt, data };
}

function underName(record: RecordOf<"nessus">, { metAs, target }: AskedReports): RecordOf<"nessus"> {
	if (metAs === null) return record;
	const reports = record.data.reports.map((report) => ({ ...report, under: target }));
	return { ...record, data: { ...record.data, reports } };
}

/** What the same scan reported under the other name. */
function keptBy({ metAs, since }: AskedReports): (report: Report) => Report {
	return (report) =>
		metAs === null || report.under !== undefined || report.seenAt < since ? report : { ...report, under: metAs };
}

function joined(record: RecordOf<"nessus">, before: RecordOf<"nessus">, asked: AskedReports): RecordOf<"nessus"> {
	const reported = new Set(record.data.reports.map(({ plugin }) => plugin));
	const rest = before.data.reports
		.filter((report) => !reported.has(report.plugin) && !wasAsked(report, record.port, asked))
		.map(keptBy(asked));
	return rest.length === 0
		? record
		: { ...record, data: { ...record.data, reports: [...record.data.reports, ...rest] } };
}

/** Reported of the host under another name than the one it was scanned by. */
export function isUnderOther(report: Report, { target, metAs, since }: AskedReports): boolean {
	const met = metAs !== null && report.seenAt >= since ? metAs : target;
	return (report.under ?? met) !== target;
}

/** The file's scan asked for it at its port, and saw at least as much as the one that reported it. */
function wasAsked(report: Report, port: number, asked: AskedReports): boolean {
	if (asked.plugins?.has(report.plugin) !== true || report.seenAt >= asked.since) return false;
	if (report.credentialed && !asked.credentialed) return false;
	if (isUnderOther(report, asked)) return false;
	if (port === 0) return true;
	return asked.asksPort(port) ?? (report.portRange !== null && report.portRange === asked.portRange);
}

/** Those of a record: one for each plugin it has a report of, and one for each that a finding at its place is by. */
export function reportChecks(host: {
	readonly records: readonly EvidenceRecord[];
	readonly prior: readonly PriorReport[];
}): (record: RecordOf<"nessus">) => Check[] {
	const checks = new Map<string, Check>();
	for (const record of host.records) {
		if (record.kind !== "nessus") continue;
		for (const [id, { name, severity, byVersion }] of reportsOf(record.data)) {
			if (checks.has(id)) continue;
			const graded = { severity: severityOfReport(severity), type: typeOfReport({ severity, byVersion }) };
			checks.set(id, checkOfReport({ id, title: `Nessus: ${name}`, ...graded }));
		}
	}
	const prior = host.prior.filter(({ signature }) => signature.startsWith(nessusFolder));
	for (const { signature: id, severity, type } of prior) {
		if (!checks.has(id)) checks.set(id, checkOfReport({ id, title: "", severity, type }));
	}
	const found = Map.groupBy(prior, (finding) => `${finding.address} ${placeOf(finding)}`);
	return (record) => {
		const before = found.get(`${record.address} ${placeOf(record)}`) ?? [];
		const ids = new Set([...reportsOf(record.data).keys(), ...before.map(({ signature }) => signature)]);
		return [...ids].flatMap((id) => checks.get(id) ?? []);
	};
}

/** By the signature's id. Every check of a record looks into it. */
function reportsOf(data: DataOf<"nessus">): ReadonlyMap<string, Report> {
	const known = byData.get(data);
	if (known !== undefined) return known;
	const made = new Map(data.reports.map((report) => [`${nessusFolder}${report.plugin}`, report]));
	byData.set(data, made);
	return made;
}

const byData = new WeakMap<DataOf<"nessus">, ReadonlyMap<string, Report>>();

/** Looks for the one plugin's report. */
export function checkOfReport(known: Pick<Check["signature"], "id" | "title" | "severity" | "type">): Check {
	const signature = { ...unknownSignature, category: "nessus", kind: "nessus", ...known };
	return {
		...{ signature, kind: "nessus", urgency: { kev: false, epss: null } },
		evaluate: (record) => verdictOn(record, known.id),
	};
}

function verdictOn(record: EvidenceRecord, id: string): Verdict {
	const report = record.kind === "nessus" ? reportsOf(record.data).get(id) : undefined;
	if (report === undefined) return { matched: false, result: "", problem: "" };
	const { severity, output, credentialed, seenAt, under } = report;
	const day = new Date(seenAt).toISOString().slice(0, 10);
	// Neither seen again nor gone: the finding stays what it is.
	if (seenAt < record.observedAt) {
		const problem =
			under === undefined
				? `it was reported on ${day}, and later scans did not ask for it`
				: `it was reported of ${under} on ${day}, and what came in since did not ask for it by that name`;
		return { matched: null, result: "", problem };
	}
	const how = `Reported by Nessus${credentialed ? ", logged in," : ""} on ${day}.`;
	return {
		...{ matched: true, problem: "", result: output === "" ? how : `${how}\n${output}` },
		...{ severity: severityOfReport(severity), type: typeOfReport(report) },
	};
}
