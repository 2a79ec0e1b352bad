/** Signatures: what is looked for. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import { listParams, pageOf } from "../model/listing.ts";
import { signature } from "../model/signature.ts";

export const list = defineMethod({
	name: "signatures.list",
	summary: "List signatures",
	description: "By id unless sorted. Fields: id, qid, title, severity, type, category, kind, cve.",
	access: "read",
	params: listParams,
	result: pageOf(signature),
});

export const get = defineMethod({
	name: "signatures.get",
	summary: "One signature",
	description: "By id, QID (also an alias) or CVE; the first that fits.",
	access: "read",
	errors: ["not-found"],
	params: z.object({ id: z.string().min(1).max(200) }),
	result: signature,
});

export const check = defineMethod({
	name: "signatures.check",
	summary: "Check a signature file",
	description:
		"Everything that can be said about one file on its own: its shape, its expressions, whether its examples behave. `id` is what its path says it must be called. Nothing is stored and nothing judged with it.",
	access: "read",
	params: z.object({ text: z.string().max(65_536), id: z.string().min(1).max(200).optional() }),
	result: z.object({ problems: z.array(z.string()).describe("sentences; none: the file is good") }),
});
