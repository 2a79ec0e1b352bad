/** An IMAP server's greeting and CAPABILITY answer (RFC 9051). */
import { z } from "zod";
import { named, wrapped } from "./named.ts";

export const imap = z.object({
	...named,
	...wrapped,
	banner: z.string(),
	capabilities: z.array(z.string()),
	starttls: z.boolean(),
	mechanisms: z.array(z.string()).describe("AUTH=, upper case"),
	cleartextLogin: z.boolean().describe("LOGINDISABLED is missing before TLS"),
});
