/** An RDP server's X.224 negotiation ([MS-RDPBCGR] 2.2.1.1 and 2.2.1.2). */
import { z } from "zod";
import { named } from "./named.ts";

export const rdp = z.object({
	...named,
	protocols: z.array(z.enum(["rdp", "tls", "hybrid", "hybrid-ex"])).describe("accepted security layers"),
	nlaRequired: z.boolean().describe("only hybrid layers are accepted"),
});
