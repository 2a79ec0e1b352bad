/** A host's network interfaces, as it sees them itself. */
import { z } from "zod";

export const interfaces = z.object({
	interfaces: z.array(
		z.object({
			name: z.string(),
			mac: z.string().nullable().describe("six pairs of hexadecimal digits, lower case; null where there is none"),
			up: z.boolean(),
			addresses: z.array(z.object({ address: z.string(), prefix: z.int() })),
		}),
	),
});
