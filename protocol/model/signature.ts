/** A signature as a client sees it: what is looked for, why it matters, what to do. */
import { z } from "zod";
import { findingType } from "./finding.ts";
import { severity } from "./severity.ts";

export const pciReasons = [
	"cvss",
	"end-of-life",
	"open-database",
	"default-credentials",
	"weak-tls",
	"anonymous-key-exchange",
	"cleartext-login",
	"information-exposure",
	"malware",
	"none",
] as const;

export const signature = z.object({
	id: z.string(),
	qid: z.int().positive(),
	aliases: z.array(z.int().positive()).describe("numbers other products use for the same check"),
	title: z.string(),
	severity,
	type: findingType,
	category: z.string().describe("first folder of the id"),
	kind: z.string().describe("evidence kind it looks at"),
	cvss: z.object({ vector: z.string(), score: z.number().min(0).max(10) }).nullable(),
	cves: z.array(z.string()),
	cwes: z.array(z.string()),
	requirements: z
		.array(z.object({ standard: z.string().describe("PCI DSS 4.0.1, PCI DSS 3.2.1, …"), id: z.string() }))
		.optional()
		.describe("what of a standard it checks; absent: nothing"),
	pci: z.object({ fail: z.boolean(), reason: z.enum(pciReasons) }),
	description: z.string(),
	solution: z.string(),
	references: z.array(z.string()),
	match: z.string().describe("CEL over one record"),
});
export type Signature = z.infer<typeof signature>;
