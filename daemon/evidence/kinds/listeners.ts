/** Sockets that listen on a host, also those no scan from outside can see. */
import { z } from "zod";

export const listeners = z.object({
	sockets: z.array(
		z.object({
			protocol: z.enum(["tcp", "udp"]),
			address: z.string().describe("`*` for all"),
			port: z.int(),
			process: z.string().nullable().describe("needs root for those of others"),
			pid: z.int().nullable(),
		}),
	),
});
