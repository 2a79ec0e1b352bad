/** A VNC server's RFB handshake (RFC 6143 section 7.1). */
import { z } from "zod";
import { named } from "./named.ts";

export const vnc = z.object({
	...named,
	protocol: z.string().describe("e.g. 003.008"),
	securityTypes: z.array(z.string()).describe("None, VNC Authentication, TLS, VeNCrypt, …"),
	authenticationRequired: z.boolean(),
});
