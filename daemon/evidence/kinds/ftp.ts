/** An FTP server (RFC 959, RFC 4217). */
import { z } from "zod";
import { named, wrapped } from "./named.ts";

export const ftp = z.object({
	...named,
	...wrapped,
	banner: z.string(),
	anonymous: z.boolean().nullable().describe("login as anonymous accepted; null when not answered"),
	entries: z.array(z.string()).describe("first names in the anonymous root, 20 at most"),
	authTls: z.boolean().describe("AUTH TLS offered"),
	cleartextLogin: z.boolean().describe("USER is accepted before TLS"),
	features: z.array(z.string()),
	system: z.string().nullable().describe("answer to SYST"),
});
