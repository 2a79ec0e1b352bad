/** A Nessus plugin's text as a signature, so that what it reported is shown like any other finding. Pure. */
import type { Signature } from "../../protocol/model/signature.ts";
import { nessusFolder, severityOfReport, typeOfReport } from "../evidence/imported.ts";
import { childrenOf, childText, type XmlElement } from "../xml/element.ts";
import type { NessusReport } from "./nessus-host.ts";

const longestPart = 8_000;
const mostListed = 200;

export function signatureOfPlugin(item: XmlElement, report: NessusReport): Omit<Signature, "qid"> {
	const text = (name: string) => childText(item, name)?.slice(0, longestPart) ?? null;
	const words = (name: string) => childrenOf(item, name).flatMap((one) => one.text.trim() || []);
	const cvss =
		cvssOf(text("cvss3_vector"), text("cvss3_base_score")) ?? cvssOf(text("cvss_vector"), text("cvss_base_score"));
	const cves = words("cve").filter((cve) => /^CVE-\d{4}-\d{4,19}$/.test(cve));
	const cwes = [...words("cwe"), ...words("xref").flatMap((xref) => /^CWE:(\d+)$/.exec(xref)?.[1] ?? [])];
	const links = (text("see_also") ?? "").split(/\s+/).filter((link) => /^https?:\/\/[^\s"'<>]+$/.test(link));
	return {
		id: `${nessusFolder}${report.plugin}`,
		aliases: [],
		title: `Nessus: ${report.name.slice(0, 200)}`,
		severity: severityOfReport(report.severity),
		type: typeOfReport(report),
		category: "nessus",
		kind: "nessus",
		cvss,
		cves: [...new Set(cves)].slice(0, mostListed),
		cwes: [...new Set(cwes)].flatMap((cwe) => (/^\d{1,6}$/.test(cwe) ? [`CWE-${cwe}`] : [])).slice(0, 20),
		pci: { fail: false, reason: "none" },
		description: descriptionOf(item, report),
		solution: text("solution") ?? "Nessus names none.",
		references: [...new Set(links)].slice(0, 20),
		match: `Nessus' plugin ${report.plugin} reported it`,
	};
}

function descriptionOf(item: XmlElement, { plugin }: NessusReport): string {
	const family = item.attributes.get("pluginFamily")?.slice(0, 100) ?? "";
	const parts = [childText(item, "synopsis"), childText(item, "description")].flatMap(
		(part) => part?.slice(0, longestPart) ?? [],
	);
	const said = `Nessus says so, plugin ${plugin}${family === "" ? "" : ` of the family ${family}`}: it was imported, and Vedette has not looked itself.`;
	return [...new Set(parts), said].join("\n\n");
}

/** Nessus writes version 2 as `CVSS2#AV:N/…`. */
function cvssOf(vector: string | null, score: string | null): Signature["cvss"] {
	const number = Number(score);
	if (vector === null || score === null || !(number >= 0 && number <= 10)) return null;
	const plain = vector.replace(/^CVSS2#/, "").slice(0, 200);
	return /^[\w:./-]+$/.test(plain) ? { vector: plain, score: number } : null;
}
