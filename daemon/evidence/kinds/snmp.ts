/** An SNMP agent's answer to GET sysDescr with well-known communities (RFC 1157, RFC 3416). */
import { z } from "zod";
import { named } from "./named.ts";

export const snmp = z.object({
	...named,
	versions: z.array(z.enum(["v1", "v2c"])),
	communities: z.array(z.string()).describe("of public and private, those answered"),
	sysDescr: z.string().nullable(),
	sysName: z.string().nullable(),
	sysObjectId: z.string().nullable(),
	uptimeSeconds: z.number().nullable(),
});
