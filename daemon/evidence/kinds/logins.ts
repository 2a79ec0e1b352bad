/** The rules local logins go by: login.defs, PAM, quality and lockout settings, the shell's idle limit. */
import { z } from "zod";

export const logins = z.object({
	defaults: z.record(z.string(), z.string()).describe("login.defs(5): PASS_MAX_DAYS, ENCRYPT_METHOD, …"),
	/** Lines of the stacks that check passwords, includes left out; null: there is no PAM. */
	pam: z
		.array(
			z.object({
				file: z.string().describe("below /etc/pam.d"),
				type: z.enum(["auth", "account", "password", "session"]),
				control: z.string(),
				module: z.string().describe("without .so: pam_unix"),
				arguments: z.array(z.string()),
			}),
		)
		.nullable(),
	/** What is in force by PAM and its configuration files together; null where no module asks for it. */
	quality: z
		.object({
			module: z.string(),
			minLength: z.int(),
			/** At least so many, as a negative number the way pwquality.conf has it; positive are credits. */
			digits: z.int(),
			upper: z.int(),
			lower: z.int(),
			other: z.int(),
			minClasses: z.int(),
		})
		.nullable(),
	remembered: z.int().nullable().describe("old passwords that may not be used again"),
	lockout: z
		.object({
			module: z.string(),
			attempts: z.int().describe("0: never locks"),
			seconds: z.int().describe("until it opens by itself; 0: never"),
		})
		.nullable(),
	nullok: z.boolean().nullable().describe("an empty password lets in; null: there is no PAM"),
	idleSeconds: z.int().nullable().describe("TMOUT of login shells"),
	inactiveDays: z.int().nullable().describe("useradd: days after which an expired password locks; null: never"),
});
