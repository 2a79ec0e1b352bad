/** What one signature file says: the schema of `signatures/<area>/<id>.yaml`, and the same as JSON Schema. */
import { z } from "zod";
import { findingTypes } from "../../protocol/model/finding.ts";
import { severity } from "../../protocol/model/severity.ts";
import { pciReasons } from "../../protocol/model/signature.ts";
import { kinds } from "../evidence/kinds/index.ts";
import type { Kind } from "../evidence/record.ts";

/** First of our own numbers; those below belong to others and can only be aliases. */
const firstQid = 100_001;

/** Those whose numbers are told. Of PCI DSS 2.0 only where people still use the number. */
export const standards = ["PCI DSS 4.0.1", "PCI DSS 3.2.1", "PCI DSS 2.0"] as const;

const text = z.string().trim().min(1);
const expression = text.max(4_000);
const example = z.strictObject({
	note: text.max(200).optional().describe("where the record comes from, when that helps"),
	record: z.record(z.string(), z.unknown()).describe("fields that matter; the rest is blank"),
	address: z.string().max(64).default("192.0.2.10"),
	port: z.int().min(0).max(65_535).default(0),
	protocol: z.enum(["tcp", "udp"]).default("tcp"),
	now: z.iso.datetime().default("2026-06-01T00:00:00Z"),
});

export const signatureFile = z.strictObject({
	id: z
		.string()
		.regex(/^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/)
		.describe("path below signatures/, no ending"),
	qid: z.int().min(firstQid).max(999_999).describe("our own number; never used again for something else"),
	aliases: z.array(z.int().positive()).max(10).default([]).describe("numbers other products use for the same check"),
	title: z
		.string()
		.max(90)
		.regex(/^\S.* - \S.*[^.]$/)
		.describe("vendor product - weakness"),
	severity,
	type: z.enum(findingTypes),
	cvss: z.string().nullable().default(null).describe("vector, CVSS 2.0 to 4.0; none for information"),
	cve: z
		.array(z.string().regex(/^CVE-\d{4}-\d{4,}$/))
		.max(20)
		.default([]),
	cwe: z
		.array(z.string().regex(/^CWE-\d+$/))
		.max(10)
		.default([]),
	requirements: z
		.array(z.strictObject({ standard: z.enum(standards), id: z.string().regex(/^A?\d+(\.\d+){0,4}$/) }))
		.max(10)
		.default([])
		.describe("what of a standard it checks"),
	pci: z.strictObject({ fail: z.boolean(), reason: z.enum(pciReasons) }),
	"applies-to": z.enum(Object.keys(kinds).sort() as [Kind, ...Kind[]]).describe("evidence kind"),
	values: z
		.record(z.string().regex(/^[a-z][a-zA-Z0-9]*$/), z.unknown())
		.default({})
		.describe("constants, as values.x"),
	match: expression.describe("CEL giving true or false"),
	result: expression.describe("CEL giving what was seen as text"),
	description: text.max(3_000),
	solution: text.max(3_000),
	references: z
		.array(z.url({ protocol: /^https$/ }))
		.min(1)
		.max(12),
	examples: z.strictObject({
		match: z
			.array(example.extend({ result: z.string().describe("result text expected") }))
			.min(1)
			.max(10),
		"no-match": z.array(example).min(1).max(10),
		undecided: z.array(example).max(10).default([]).describe("records that must not be judged either way"),
	}),
});
/** A file without its examples: what a daemon judges with. */
export const judgedPart = signatureFile.omit({ examples: true });
export type JudgedPart = z.infer<typeof judgedPart>;
export type SignatureFile = z.infer<typeof signatureFile>;
export type SignatureExample = SignatureFile["examples"]["no-match"][number];

/** The schema for editors, as it lies in signatures/schema.json (kept fresh by test/signatures.test.ts). */
export function signatureJsonSchema(): Record<string, unknown> {
	return { ...z.toJSONSchema(signatureFile, { io: "input" }), title: "Vedette signature" };
}
