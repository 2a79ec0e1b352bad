/** What came of logging in to a host, or why nobody tried: by whom, how, how far it got, and what stood in the way. */
import { z } from "zod";

const loginOutcomes = ["passed", "insufficient", "failed", "locked", "not-attempted"] as const;

export const login = z.object({
	outcome: z
		.enum(loginOutcomes)
		.describe(
			"insufficient: let in, and could not become who it should; not-attempted: no credential is for this host",
		),
	stage: z
		.string()
		.nullable()
		.describe("where it failed: secrets, settings, connect, host-key, authentication, locked, shell or command"),
	hostKey: z
		.object({
			state: z
				.enum(["known", "unknown", "other-type", "changed", "revoked"])
				.describe("anything but known ended the login before something secret was sent"),
			type: z.string(),
			fingerprint: z.string().describe("SHA256:…"),
			host: z.string().describe("whose it is: the host itself, or one on the way"),
		})
		.nullable()
		.describe("the last key that was shown"),
	credential: z.string().nullable().describe("its name"),
	user: z.string().nullable(),
	port: z.int().nullable(),
	method: z.string().nullable().describe("what let it in: key, agent or password"),
	via: z.array(z.string()).describe("jump hosts, in order"),
	privileges: z.object({
		method: z.enum(["none", "root", "sudo", "su", "doas"]).describe("root: the login is root's own"),
		obtained: z.boolean(),
		why: z.string().nullable().describe("why they were not obtained"),
	}),
	reason: z.string().nullable().describe("why it failed, or what is missing, a sentence"),
	hint: z.string().nullable().describe("what to do about it"),
	hop: z.int().nullable().describe("which host on the way failed, from 0; the last is the host itself"),
	gathered: z.array(z.string()).describe("kinds of evidence that came home whole"),
	missing: z.array(z.string()).describe("kinds that did not, or not whole"),
	tracking: z
		.object({
			id: z.string().nullable().describe("the host id found or written"),
			place: z.string().nullable(),
			state: z.enum(["read", "written", "failed"]),
			why: z.string().nullable(),
		})
		.nullable()
		.describe("null: no tracking"),
	seconds: z.number().nonnegative(),
});

/** Nobody tried. */
export function loginNotAttempted(reason = "No credential is for this host."): z.output<typeof login> {
	return {
		...{ outcome: "not-attempted", stage: null, hostKey: null, credential: null, user: null, port: null, method: null },
		...{ via: [], privileges: { method: "none", obtained: false, why: null }, hop: null, tracking: null, seconds: 0 },
		...{ gathered: [], missing: [], reason },
		hint: "Store one, or widen the targets of one: vedette credential add",
	};
}
