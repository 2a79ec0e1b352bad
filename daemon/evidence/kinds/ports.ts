/** All ports of an address in one record: which are open and what answers there. */
import { z } from "zod";

export const ports = z.object({
	open: z.array(
		z.object({
			port: z.int(),
			protocol: z.enum(["tcp", "udp"]),
			service: z.string().nullable(),
			product: z.string().nullable(),
			version: z.string().nullable(),
			tls: z.boolean(),
		}),
	),
	probed: z.int().nonnegative(),
	closed: z.int().nonnegative(),
	filtered: z.int().nonnegative(),
});
