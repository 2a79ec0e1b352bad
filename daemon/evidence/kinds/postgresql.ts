/** A PostgreSQL server's answers to SSLRequest and to a startup message for user postgres, without a password. */
import { z } from "zod";
import { named } from "./named.ts";

export const postgresql = z.object({
	...named,
	tlsOffered: z.boolean(),
	cleartextAccepted: z.boolean().describe("a startup message without TLS was not refused for lack of TLS"),
	authentication: z
		.enum(["trust", "password", "md5", "scram-sha-256", "gss", "sspi", "rejected", "other"])
		.nullable()
		.describe("what the server asked for; trust: nothing"),
	error: z.string().nullable(),
});
