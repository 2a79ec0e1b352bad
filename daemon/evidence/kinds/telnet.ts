/** A Telnet server's option negotiation and first text (RFC 854). */
import { z } from "zod";
import { named } from "./named.ts";

export const telnet = z.object({
	...named,
	banner: z.string(),
	loginPrompt: z.boolean(),
	encryption: z.boolean().describe("ENCRYPT, START_TLS or AUTHENTICATION option offered"),
});
