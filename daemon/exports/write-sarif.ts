/**
 * Findings as SARIF 2.1.0 (OASIS). What is found on a network lies in no file: places are hosts and ports, as URIs and as
 * logical locations. Rules stand behind the results, since which there are is known only then.
 */
import { harmlessJson } from "../../protocol/harmless.ts";
import type { Signature } from "../../protocol/model/signature.ts";
import type { ExportRow, ExportSource } from "./export-source.ts";
import { fingerprint } from "./identifiers.ts";

const schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

export function* writeSarif(source: ExportSource): Generator<string> {
	const { version, at, filter, installation } = source.meta;
	const rules = new Map<string, number>();
	yield `{"$schema":"${schema}","version":"2.1.0","runs":[{"results":[`;
	for (const row of source.findings()) {
		const isFirst = source.rows === 1;
		const rule = rules.get(row.signature) ?? rules.size;
		rules.set(row.signature, rule);
		yield `${isFirst ? "\n" : ",\n"}${harmlessJson(resultOf(row, rule))}`;
	}
	yield `\n],"tool":{"driver":{"name":"Vedette","version":${harmlessJson(version)},"rules":[`;
	for (const [name, index] of rules) {
		yield `${index === 0 ? "\n" : ",\n"}${harmlessJson(ruleOf(name, source.signature(name)))}`;
	}
	const isWhole = source.gone === 0;
	const invocation = { executionSuccessful: isWhole, endTimeUtc: new Date(at).toISOString() };
	const properties = { filter, installation, gone: source.gone };
	yield `\n]}},"invocations":[${harmlessJson(invocation)}],"columnKind":"unicodeCodePoints","properties":${harmlessJson(properties)}}]}\n`;
}

function resultOf(row: ExportRow, ruleIndex: number): object {
	const { signature, address, port, protocol, instance } = row;
	const own = { ruleId: signature, ruleIndex, correlationGuid: row.uid, ...standing(row) };
	return {
		...own,
		message: { text: row.result === "" ? row.title : `${row.title}\n${row.result}` },
		locations: [
			{
				physicalLocation: { artifactLocation: { uri: uriOf(row) } },
				logicalLocations: [
					{ name: row.asset.name, kind: "resource", fullyQualifiedName: `${row.asset.name}/${placeOf(row)}` },
				],
			},
		],
		partialFingerprints: {
			"vedetteFinding/v1": row.uid,
			"vedettePlace/v1": fingerprint([signature, address, port, protocol, instance ?? null]),
		},
		...(row.cvss === null ? {} : { rank: row.cvss * 10 }),
		...suppressionsOf(row),
		occurrenceCount: row.timesFound,
		properties: {
			...{ id: row.id, assetUid: row.assetUid, address, port, protocol, severity: row.severity, type: row.type },
			...{ status: row.status, firstFound: row.firstFound, lastFound: row.lastFound, lastFixed: row.lastFixed },
			...{ cves: row.cves, kev: row.kev, epss: row.epss, fix: row.fix },
		},
	};
}

/** What is asked for and not decided is a suppression under review. None at all is said too: left out it would be unknown. */
function suppressionsOf({ decision }: ExportRow): { suppressions: object[] } {
	if (decision === null) return { suppressions: [] };
	const { kind, state, request, reason, requester, approver, until } = decision;
	return {
		suppressions: [
			{
				...{ kind: "external", status: state === "approved" ? "accepted" : "underReview" },
				justification: reason === "" ? kind : reason,
				properties: { kind, request, requester, approver, until },
			},
		],
	};
}

/** SARIF has a level only for what fails (3.27.10). */
function standing({ status, type, severity }: ExportRow): { kind: string; level: string } {
	if (type === "information") return { kind: "informational", level: "none" };
	if (status === "FIXED") return { kind: "pass", level: "none" };
	return { kind: "fail", level: severity >= 4 ? "error" : severity === 3 ? "warning" : "note" };
}

function ruleOf(name: string, signature: Signature | null): object {
	if (signature === null) return { id: name };
	const { title, description, solution, references, cvss, cves, cwes, severity } = signature;
	const help = [solution, ...references.map((address) => `See ${address}`)].filter((text) => text !== "").join("\n");
	const [page] = references;
	return {
		...{ id: name, name: title, shortDescription: { text: title } },
		fullDescription: { text: description === "" ? title : description },
		help: { text: help === "" ? title : help },
		...(page !== undefined && /^https?:\/\/[^\s"<>\\^`{|}]+$/.test(page) ? { helpUri: page } : {}),
		defaultConfiguration: { level: severity >= 4 ? "error" : severity === 3 ? "warning" : "note" },
		properties: {
			tags: ["security", signature.category, ...cwes.map((cwe) => `external/cwe/${cwe.toLowerCase()}`)],
			precision: signature.type === "confirmed" ? "high" : "medium",
			"security-severity": (cvss?.score ?? severity * 2).toFixed(1),
			...{ qid: signature.qid, cves },
			...(cvss === null ? {} : { cvss: cvss.vector }),
		},
	};
}

/** `tcp://192.0.2.1:22`, `tcp://[2001:db8::1]:22`, `host://192.0.2.1` for what is about the whole host. */
function uriOf({ address, port, protocol }: Pick<ExportRow, "address" | "port" | "protocol">): string {
	// A zone is written %25 in a URI (RFC 6874).
	const host = address.includes(":") ? `[${address.replace("%", "%25")}]` : address;
	return port === null ? `host://${host}` : `${protocol}://${host}:${port}`;
}

function placeOf({ address, port, protocol, instance }: ExportRow): string {
	const place = port === null ? address : `${address}:${port}/${protocol}`;
	return instance === undefined ? place : `${place}/${instance}`;
}
