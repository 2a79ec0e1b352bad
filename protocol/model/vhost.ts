/** A virtual host: a name that a web or TLS server at an address and port is asked for by itself. */
import { z } from "zod";
import { timestamp } from "./timestamp.ts";

export const virtualHost = z.object({
	id: z.int().positive(),
	address: z.string(),
	port: z.int().min(1).max(65_535),
	name: z.string().describe("lower case, in the letters of the DNS"),
	addedAt: timestamp,
	addedBy: z.string(),
});
export type VirtualHost = z.infer<typeof virtualHost>;
