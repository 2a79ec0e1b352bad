/** A host's local accounts, with what shadow(5) tells of their passwords: never the hash itself. */
import { z } from "zod";

export const accounts = z.object({
	users: z.array(
		z.object({
			name: z.string(),
			uid: z.int(),
			gid: z.int(),
			home: z.string(),
			shell: z.string(),
			groups: z.array(z.string()).describe("besides the primary one"),
			password: z
				.object({
					state: z.enum(["set", "empty", "locked", "none"]).describe("none: nothing that could ever match"),
					hash: z.string().nullable().describe("how it is hashed: yescrypt, sha512, md5, …"),
					changedAt: z.number().nullable().describe("milliseconds since the epoch"),
					minDays: z.int().nullable(),
					maxDays: z.int().nullable(),
					warnDays: z.int().nullable(),
					expiresAt: z.number().nullable(),
				})
				.nullable()
				.describe("null: not told, it needs root"),
		}),
	),
});
