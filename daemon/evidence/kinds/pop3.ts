/** A POP3 server's greeting and CAPA answer (RFC 1939, RFC 2449). */
import { z } from "zod";
import { named, wrapped } from "./named.ts";

export const pop3 = z.object({
	...named,
	...wrapped,
	banner: z.string(),
	capabilities: z.array(z.string()),
	starttls: z.boolean().describe("STLS offered"),
	mechanisms: z.array(z.string()).describe("SASL, upper case"),
	cleartextLogin: z.boolean().describe("USER offered or accepted before TLS"),
});
