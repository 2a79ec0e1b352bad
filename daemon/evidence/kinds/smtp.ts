/** An SMTP server's greeting and EHLO answer (RFC 5321). */
import { z } from "zod";
import { named, wrapped } from "./named.ts";

export const smtp = z.object({
	...named,
	...wrapped,
	banner: z.string(),
	hostname: z.string().nullable(),
	extensions: z.array(z.string()),
	starttls: z.boolean(),
	authMechanisms: z.array(z.string()).describe("offered before TLS, upper case"),
	vrfy: z.boolean().describe("VRFY postmaster answered 250, 251 or 252 with an address"),
});
