/** A DNS server's behaviour over UDP (RFC 1035; version.bind is RFC 4892 territory). */
import { z } from "zod";
import { named } from "./named.ts";

export const dns = z.object({
	...named,
	recursion: z.boolean().describe("RA set on a query with RD for a name that is not its own"),
	versionBind: z.string().nullable(),
	authoritative: z.boolean(),
	rcode: z.string(),
});
