/** Knowledge: everything evidence is judged with. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import { knowledgeStatus } from "../model/overview.ts";

export const status = defineMethod({
	name: "knowledge.status",
	summary: "What Vedette judges with, and how old it is",
	description: "Signature count and version, and each feed with its age.",
	access: "read",
	params: z.object({}),
	result: knowledgeStatus,
});
