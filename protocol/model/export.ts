/** An export: findings and what was decided about them, written in a format others read. */
import { z } from "zod";
import { exceptionKinds } from "./exception.ts";
import { timestamp } from "./timestamp.ts";

/**
 * csv: a table. json: one document. jsonl: a finding a line. sarif: SARIF 2.1.0. openvex: OpenVEX 0.2.0. csaf: CSAF 2.0, profile
 * VEX. ocsf: OCSF Vulnerability Findings (class 2002), one a line.
 */
export const exportFormats = ["csv", "json", "jsonl", "sarif", "openvex", "csaf", "ocsf"] as const;
export const exportFormat = z.enum(exportFormats);
export type ExportFormat = z.infer<typeof exportFormat>;

/** How files of a format are called at their end. */
export const exportEndings = {
	...{ csv: "csv", json: "json", jsonl: "jsonl", sarif: "sarif", openvex: "openvex.json", csaf: "csaf.json" },
	ocsf: "ocsf.jsonl",
} as const satisfies Record<ExportFormat, string>;

export const exportJob = z.object({
	export: z.int().positive(),
	total: z.int().nonnegative().describe("findings that are in it"),
});
export type ExportJob = z.infer<typeof exportJob>;

export const exportPart = z.object({
	text: z.string().describe("the next part of the document; parts are put one after the other as they are"),
	rows: z.int().nonnegative().describe("findings read so far"),
	done: z.boolean().describe("it is the last part"),
	gone: z
		.int()
		.nonnegative()
		.describe("with the last part: findings that left the inventory while it was written, and are not in it"),
});
export type ExportPart = z.infer<typeof exportPart>;

/** What was decided on a finding, or asked. ignored: taken out by somebody, or by a rule of the policy (then there is no requester). */
export const findingDecision = z.object({
	kind: z.enum([...exceptionKinds, "ignored"]),
	state: z.enum(["approved", "requested"]),
	request: z.int().positive().nullable().describe("number of the exception request"),
	reason: z.string(),
	requester: z.string(),
	approver: z.string().nullable(),
	until: timestamp.nullable().describe("when it ends; null: it does not, or is not decided"),
});
export type FindingDecision = z.infer<typeof findingDecision>;
