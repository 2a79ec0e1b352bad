/** A MySQL or MariaDB server's first packet (protocol 10 handshake, or an error packet). */
import { z } from "zod";
import { named } from "./named.ts";

export const mysql = z.object({
	...named,
	serverVersion: z.string().nullable().describe("version string as sent"),
	protocolVersion: z.int().nullable(),
	authPlugin: z.string().nullable(),
	tlsOffered: z.boolean(),
	error: z.string().nullable().describe("text of the error packet, e.g. host not allowed"),
});
