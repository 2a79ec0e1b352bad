/** Credentials: with what Vedette logs in where. Secrets go in; no method gives one back. */
import { z } from "zod";
import { changesNothing, defineMethod } from "../define.ts";
import {
	credentialMatches,
	credentialName,
	credentialWords,
	credential as model,
	newProof,
	privileges,
	secretsState,
	secretText,
} from "../model/credential.ts";
import { doctorReport } from "../model/doctor.ts";

const credential = z.string().trim().min(1).max(100).describe("its name, without regard to case");
const order = z.int().positive().describe("place among the others, from 1");
const ownPassword = secretText.describe("secret; the password of sudo, su or doas where it is one of its own");
const proofs = z.array(newProof).min(1).max(8).describe("tried in order, keys before passwords");

export const list = defineMethod({
	name: "credentials.list",
	summary: "List credentials",
	description: "All of them in their order, without their secrets; and what keeps the key of the secrets.",
	access: "operate",
	audit: changesNothing,
	params: z.object({}),
	result: z.object({ items: z.array(model), total: z.int().nonnegative(), secrets: secretsState }),
});

export const get = defineMethod({
	name: "credentials.get",
	summary: "One credential",
	description: "Without its secrets.",
	access: "operate",
	audit: changesNothing,
	errors: ["not-found"],
	params: z.object({ credential }),
	result: model,
});

export const create = defineMethod({
	name: "credentials.create",
	summary: "Store a credential",
	description:
		"Keys, passphrases and certificates are checked first: `invalid` for what could never work, with `details.problem` saying what. `conflict` when there is one of that name or a key file cannot be read, `forbidden` while the secrets are locked, `unavailable` when their key is not there.",
	access: "admin",
	audit: ["credential.create"],
	errors: ["conflict", "forbidden", "too-large", "unavailable"],
	timeoutMs: 30_000,
	params: credentialWords.extend({
		name: credentialName,
		proofs,
		ownPassword: ownPassword.optional(),
		order: order.optional().describe("last when left out"),
	}),
	result: model,
});

export const edit = defineMethod({
	name: "credentials.edit",
	summary: "Change a credential",
	description:
		"What is left out stays. Proofs are replaced all together; a password of sudo's own stays until another is given. Errors are those of `credentials.create`.",
	access: "admin",
	audit: ["credential.edit"],
	errors: ["not-found", "conflict", "forbidden", "too-large", "unavailable"],
	timeoutMs: 30_000,
	params: z.object({
		credential,
		name: credentialName.optional(),
		proofs: proofs.optional(),
		ownPassword: ownPassword.optional(),
		order: order.optional(),
		user: credentialWords.shape.user.optional(),
		ports: credentialWords.shape.ports.unwrap().optional(),
		sudo: z
			.object({
				method: privileges.shape.method.unwrap().optional(),
				password: privileges.shape.password.unwrap().optional(),
				user: privileges.shape.user.unwrap().optional(),
			})
			.optional()
			.describe("what is left out of it stays"),
		leastPrivilege: z.boolean().optional(),
		jump: credentialWords.shape.jump.unwrap().optional(),
		tracking: z.boolean().optional(),
		targets: credentialWords.shape.targets.unwrap().optional(),
		excluded: credentialWords.shape.excluded.unwrap().optional(),
		enabled: z.boolean().optional(),
	}),
	result: model,
});

export const remove = defineMethod({
	name: "credentials.remove",
	summary: "Delete a credential",
	description: "With its secrets. Logins that are under way end as they would.",
	access: "admin",
	audit: ["credential.delete"],
	errors: ["not-found"],
	params: z.object({ credential }),
	result: z.object({ deleted: model }),
});

export const match = defineMethod({
	name: "credentials.match",
	summary: "Which credentials would be used for a host, and why",
	description:
		"For an address, or for a host name with each of its addresses. The target that covers the fewest addresses decides, then the order. Nothing is sent to the host.",
	access: "operate",
	audit: changesNothing,
	timeoutMs: 30_000,
	params: z.object({ target: z.string().trim().min(1).max(253).describe("one address or host name") }),
	result: z.object({ items: z.array(credentialMatches), total: z.int().nonnegative() }),
});

export const unlock = defineMethod({
	name: "credentials.unlock",
	summary: "Unlock the secrets",
	description: "Until the daemon ends. `forbidden` for a wrong passphrase. Nothing happens when they are not locked.",
	access: "admin",
	audit: ["credential.unlock"],
	errors: ["forbidden", "unavailable"],
	timeoutMs: 30_000,
	params: z.object({ passphrase: secretText }),
	result: secretsState,
});

export const protect = defineMethod({
	name: "credentials.protect",
	summary: "Keep the secrets by a passphrase, or no longer",
	description:
		"From the next start on nothing can be logged in to before `credentials.unlock`; null goes back to systemd's credential or a key file. `forbidden` while they are locked. A passphrase that is lost cannot be replaced.",
	access: "admin",
	audit: ["credential.protect"],
	errors: ["forbidden", "unavailable"],
	timeoutMs: 30_000,
	params: z.object({ passphrase: secretText.min(8).nullable() }),
	result: secretsState,
});

export const check = defineMethod({
	name: "credentials.check",
	summary: "Log in to a host as a scan would, and say how far it gets",
	description:
		"Step by step: each jump host, host key, proof, shell, privileges and what is gathered, with the cure of what fails; and the lines of sudoers(5), or of doas.conf(5) where that is how, that allow what is run as root, with the programs where they are on that host. Stores nothing. `out-of-scope` for an excluded address, `not-found` when no credential is for the host.",
	access: "operate",
	audit: ["credential.check"],
	errors: ["not-found", "out-of-scope", "unavailable"],
	timeoutMs: 300_000,
	params: z.object({
		target: z.string().trim().min(1).max(253).describe("one address or host name"),
		credential: credential.optional().describe("the first that is for the host when left out"),
	}),
	result: doctorReport.extend({
		address: z.string(),
		dropIn: z
			.object({ file: z.string().describe("where it goes on the host"), text: z.string() })
			.nullable()
			.describe("null: nothing is to be allowed, the login is root's own or can only be by su"),
	}),
});

export const untrack = defineMethod({
	name: "credentials.untrack",
	summary: "Remove the host id that tracking wrote to a host",
	description:
		"Logs in and removes /etc/vedette/hostid, and nothing else; another product's id stays. The asset keeps what else it is known by. `conflict` when the login or the removal failed, with the reason; `out-of-scope` for an excluded address, `not-found` when no credential is for the host.",
	access: "admin",
	audit: ["credential.untrack"],
	errors: ["not-found", "out-of-scope", "conflict", "unavailable"],
	timeoutMs: 300_000,
	params: z.object({
		target: z.string().trim().min(1).max(253).describe("one address or host name"),
		credential: credential.optional().describe("the first that is for the host when left out"),
	}),
	result: z.object({
		address: z.string(),
		removed: z.boolean().describe("false: there was none"),
		id: z.string().nullable().describe("the one that was there"),
	}),
});
