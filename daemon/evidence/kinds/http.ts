/** An HTTP server's answers to a handful of GET requests (RFC 9110). */
import { z } from "zod";
import { named, wrapped } from "./named.ts";

export const http = z.object({
	...named,
	...wrapped,
	hostname: z.string().nullable().describe("Host asked for; null when scanned by address"),
	status: z.int(),
	reason: z.string(),
	headers: z.record(z.string(), z.string()).describe("lower-case names; repeated ones joined by comma and blank"),
	title: z.string().nullable(),
	redirects: z.array(z.object({ status: z.int(), location: z.string() })).describe("followed on the same host only"),
	body: z.string().describe("first 8 KiB of the last answer, as text"),
	favicon: z.object({ sha256: z.string(), mmh3: z.int() }).nullable(),
	authSchemes: z.array(z.string()).describe("of WWW-Authenticate, lower case: basic, digest, …"),
	methods: z.array(z.string()).describe("of Allow, upper case"),
	cookies: z.array(
		z.object({ name: z.string(), secure: z.boolean(), httpOnly: z.boolean(), sameSite: z.string().nullable() }),
	),
	answersEverything: z.boolean().describe("a made-up path was answered 200: paths below prove nothing"),
	paths: z
		.array(
			z.object({
				path: z.string(),
				status: z.int(),
				contentType: z.string().nullable(),
				length: z.int(),
				excerpt: z.string().describe("first 512 bytes, as text"),
			}),
		)
		.describe("what well-known paths answered; those not answered 200, 401 or 403 are left out"),
});
