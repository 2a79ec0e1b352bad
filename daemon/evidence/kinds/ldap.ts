/** An LDAP server's root DSE and its answer to an anonymous bind (RFC 4511, RFC 4512). */
import { z } from "zod";
import { named, wrapped } from "./named.ts";

export const ldap = z.object({
	...named,
	...wrapped,
	anonymousBind: z.boolean(),
	anonymousSearch: z.boolean().describe("a naming context gave at least one entry"),
	namingContexts: z.array(z.string()),
	versions: z.array(z.string()),
	mechanisms: z.array(z.string()),
	starttls: z.boolean(),
});
