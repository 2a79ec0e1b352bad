/** A Redis or Valkey server's answer to PING and INFO without a password. */
import { z } from "zod";
import { named, wrapped } from "./named.ts";

export const redis = z.object({
	...named,
	...wrapped,
	authenticationRequired: z.boolean(),
	protectedMode: z.boolean().describe("refused because of protected mode"),
	mode: z.string().nullable().describe("standalone, cluster, sentinel"),
	role: z.string().nullable(),
	os: z.string().nullable(),
});
