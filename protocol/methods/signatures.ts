/** Signatures: what is looked for. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import { listParams, pageOf } from "../model/common.ts";
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
