/** Findings as OCSF events of class Vulnerability Finding (schema.ocsf.io/1.7.0/classes/vulnerability_finding), one a line. */
import { harmlessJson } from "../../protocol/harmless.ts";
import type { Signature } from "../../protocol/model/signature.ts";
import { type ToldPackage, toldPackages } from "../assess/told-packages.ts";
import type { ExportMeta, ExportRow, ExportSource } from "./export-source.ts";
import { purlOf } from "./purl.ts";

/** Of the schema. */
const ocsfVersion = "1.7.0";
const classUid = 2002;
const mostSignatures = 5_000;

export function* writeOcsf(source: ExportSource): Generator<string> {
	const signatures = new Map<string, Signature | null>();
	for (const row of source.findings()) {
		if (signatures.size >= mostSignatures) signatures.clear();
		const signature = signatures.get(row.signature) ?? source.signature(row.signature);
		signatures.set(row.signature, signature);
		yield `${harmlessJson(eventOf(row, signature, source.meta))}\n`;
	}
}

/** Informational, Low, Medium, High, Critical: `severity_id` 1 to 5. */
const severityNames = { 1: "Informational", 2: "Low", 3: "Medium", 4: "High", 5: "Critical" } as const;
const activities = { NEW: 1, ACTIVE: 2, REOPENED: 2, FIXED: 3 } as const;
const activityNames = { 1: "Create", 2: "Update", 3: "Close" } as const;

function eventOf(row: ExportRow, signature: Signature | null, { version, at }: ExportMeta): object {
	const activity = activities[row.status ?? "ACTIVE"];
	const [first, last] = [Date.parse(row.firstFound), Date.parse(row.lastFound)];
	const confirmed = row.type === "confirmed";
	return {
		...{ activity_id: activity, activity_name: activityNames[activity] },
		...{ category_uid: 2, category_name: "Findings", class_uid: classUid, class_name: "Vulnerability Finding" },
		type_uid: classUid * 100 + activity,
		...{ severity_id: row.severity, severity: severityNames[row.severity] },
		...statusOf(row),
		...{ time: last, start_time: first, end_time: last, count: row.timesFound, message: row.title },
		...{ confidence_id: confirmed ? 3 : 2, confidence: confirmed ? "High" : "Medium" },
		metadata: {
			...{ version: ocsfVersion, uid: row.uid, logged_time: at },
			product: { name: "Vedette", vendor_name: "Vedette", version },
		},
		finding_info: {
			...{ uid: row.uid, title: row.title, desc: row.result, types: [row.type] },
			...{ first_seen_time: first, last_seen_time: last, created_time: first },
		},
		resources: [{ uid: row.assetUid, name: row.asset.name, ip: row.address, type: "Host" }],
		vulnerabilities: vulnerabilitiesOf(row, signature),
		unmapped: { id: row.id, port: row.port, protocol: row.protocol, qid: row.qid, signature: row.signature },
	};
}

function statusOf({ status, decision }: ExportRow): { status_id: number; status: string; status_detail?: string } {
	if (decision?.state === "approved" && status !== "FIXED") {
		const { kind, reason } = decision;
		return { status_id: 3, status: "Suppressed", status_detail: reason === "" ? kind : `${kind}: ${reason}` };
	}
	if (status === "FIXED") return { status_id: 4, status: "Resolved" };
	return status === "NEW" ? { status_id: 1, status: "New" } : { status_id: 2, status: "In Progress" };
}

/** One for each CVE; each has exactly one of `cve`, `cwe` and `advisory` (constraint `just_one`). */
function vulnerabilitiesOf(row: ExportRow, signature: Signature | null): object[] {
	const told = toldPackages(row.result);
	const packages = told.map(packageOf);
	const solution = signature?.solution ?? "";
	const common = {
		...{ title: row.title, severity: severityNames[row.severity], is_fix_available: row.fix === "available" },
		...{ first_seen_time: Date.parse(row.firstFound), last_seen_time: Date.parse(row.lastFound) },
		...(signature === null ? {} : { desc: signature.description, references: signature.references }),
		...(solution === "" ? {} : { remediation: { desc: solution } }),
		...(packages.length === 0 ? {} : { affected_packages: packages }),
	};
	if (row.cves.length === 0) return [{ ...common, advisory: { uid: row.signature, title: row.title } }];
	return row.cves.map((uid) => ({
		...common,
		...(row.kev ? { is_exploit_available: true } : {}),
		cve: { uid, ...cvssOf(signature), ...(row.epss === null ? {} : { epss: { score: String(row.epss) } }) },
	}));
}

function packageOf(told: ToldPackage): object {
	const purl = purlOf(told, told.version);
	return {
		...{ name: told.package, version: told.version },
		...(purl === null ? {} : { purl }),
		...(told.fixed === null ? {} : { fixed_in_version: told.fixed }),
	};
}

/** Only where it is that of the one CVE there is. */
function cvssOf(signature: Signature | null): { cvss?: object[] } {
	if (signature?.cvss == null || signature.cves.length !== 1) return {};
	const { vector, score } = signature.cvss;
	const version = /^CVSS:([0-9.]+)\//.exec(vector)?.[1] ?? "2.0";
	return { cvss: [{ version, base_score: score, vector_string: vector }] };
}
