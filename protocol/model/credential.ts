/** Stored credentials as they are shown: everything but the secrets, which go in and never come out. */
import { z } from "zod";
import { timestamp } from "./timestamp.ts";

/** Ways to log in. Others follow. */
export const credentialKinds = ["ssh"] as const;

/** Who may read it is the terminal it is typed at and the daemon: `writeOnly` keeps it out of arguments and examples. */
export const secretText = z
	.string()
	.min(1)
	.max(1_024)
	.meta({ writeOnly: true, description: "secret; never given back" });

export const credentialName = z
	.string()
	.trim()
	.min(1)
	.max(100)
	.regex(/^[^\p{Cc}"]*$/u, "A name has neither quotation marks nor control characters");

/** A name that a login command takes: no blank, no dash in front, nothing a shell would read (useradd(8)). */
export const loginUser = z
	.string()
	.max(64)
	.regex(/^[\p{L}\p{N}_.][\p{L}\p{N}_.@\\-]*\$?$/u, "That is no user name");

/** An address or host name to connect to. */
export const loginHost = z
	.string()
	.trim()
	.max(253)
	.regex(/^[\p{L}\p{N}_:[][\p{L}\p{N}_.:%[\]-]*$/u, "That is no host name and no address");

const port = z.int().min(1).max(65_535);

/** OpenSSH's PROTOCOL.certkeys. */
export const certificateFacts = z.object({
	keyId: z.string(),
	principals: z.array(z.string()).describe("users it is good for; empty for any"),
	validFrom: timestamp.nullable(),
	validUntil: timestamp.nullable().describe("null: for good"),
});
export type CertificateFacts = z.infer<typeof certificateFacts>;

/** A private key as text: PEM or OpenSSH's own format. Bytes at most: as much as can be sealed. */
export const keyText = z
	.string()
	.min(1)
	.max(65_536)
	.meta({ writeOnly: true, description: "secret; the private key, never given back" });

const withKey = {
	passphrase: secretText.optional(),
	certificate: z.string().max(16_384).optional().describe("the line of an OpenSSH user certificate for this key"),
};
const socketPath = z.string().min(1).max(107).startsWith("/").describe("of a socket on the daemon's machine");

/** What proves who one is, as it is handed over. */
export const newProof = z.discriminatedUnion("kind", [
	z.object({ kind: z.literal("key"), privateKey: keyText, ...withKey }),
	z.object({
		kind: z.literal("key-file"),
		path: z.string().max(4_096).startsWith("/").describe("on the daemon's machine; read at each login"),
		...withKey,
	}),
	z.object({ kind: z.literal("password"), password: secretText }),
	z.object({ kind: z.literal("agent"), socket: socketPath.nullable().default(null) }),
]);
export type NewProof = z.output<typeof newProof>;

/** What proves who one is, as far as it may be shown. */
export const shownProof = z.discriminatedUnion("kind", [
	z.object({
		kind: z.literal("key"),
		path: z
			.string()
			.nullable()
			.describe("of the private key on the daemon's machine, read at each login; null: stored"),
		type: z.string().nullable().describe("such as ssh-ed25519; null when the file could not be read"),
		fingerprint: z.string().nullable().describe("of the public key, SHA256:…"),
		passphrase: z.boolean().describe("whether one is stored; a stored key needs none: it lies opened under the seal"),
		certificate: certificateFacts.nullable(),
	}),
	z.object({ kind: z.literal("password") }),
	z.object({
		kind: z.literal("agent"),
		socket: z.string().nullable().describe("path on the daemon's machine; null: its own SSH_AUTH_SOCK"),
	}),
]);
export type ShownProof = z.infer<typeof shownProof>;

export const privilegeMethods = ["none", "sudo", "su", "doas"] as const;

export const privileges = z.object({
	method: z.enum(privilegeMethods).default("none").describe("how commands that need it become another user's"),
	password: z
		.enum(["none", "login", "own"])
		.default("none")
		.describe("what is answered when a password is asked for: nothing, the login's password, one of its own"),
	user: loginUser.default("root").describe("who to become"),
});
export type Privileges = z.infer<typeof privileges>;

export const jumpHost = z.object({
	host: loginHost,
	port: port.default(22),
	user: loginUser.nullable().default(null).describe("null: the credential's"),
	credential: credentialName.nullable().default(null).describe("whose proofs are shown there; null: this one's"),
});

export const jump = z.discriminatedUnion("kind", [
	z.object({ kind: z.literal("none") }),
	z.object({ kind: z.literal("ssh-config") }).describe("as the ssh_config of the daemon's user says"),
	z.object({ kind: z.literal("hosts"), hosts: z.array(jumpHost).min(1).max(8).describe("in order") }),
]);
export type Jump = z.infer<typeof jump>;

const targetTexts = z.array(z.string().trim().min(1).max(300)).max(1_000);

/** What a person says of a credential besides its proofs. */
export const credentialWords = z.object({
	user: loginUser,
	ports: z.array(port).min(1).max(16).default([22]).describe("where SSH may listen, tried in order"),
	sudo: privileges.prefault({}),
	leastPrivilege: z
		.boolean()
		.default(false)
		.describe("only single commands of the allow-list are run as another user, never a shell"),
	jump: jump.default({ kind: "ssh-config" }),
	tracking: z.boolean().default(false).describe("may write a host id to the target, to know it again"),
	targets: targetTexts
		.default(["all"])
		.describe("addresses, blocks, ranges, host names, group:TITLE, tag:NAME, or all"),
	excluded: targetTexts.default([]).describe("where it is never used; written as targets are"),
	enabled: z.boolean().default(true),
});
export type CredentialWords = z.output<typeof credentialWords>;

export const loginOutcome = z.object({
	at: timestamp,
	address: z.string(),
	outcome: z.string().max(60).describe("such as passed or failed"),
	text: z.string().max(1_000),
});
export type LoginOutcome = z.infer<typeof loginOutcome>;

export const credential = credentialWords.extend({
	id: z.int().positive(),
	name: z.string(),
	kind: z.enum(credentialKinds),
	order: z.int().positive().describe("from 1: decides between targets that are equally specific"),
	proofs: z.array(shownProof),
	lastOutcome: loginOutcome.nullable().describe("of the newest login with it"),
	createdAt: timestamp,
	createdBy: z.string(),
	updatedAt: timestamp,
	updatedBy: z.string(),
});
export type Credential = z.infer<typeof credential>;

const credentialBrief = z.object({
	id: z.int().positive(),
	name: z.string(),
	user: z.string(),
	ports: z.array(port),
});

/** Which credentials would be used for an address, which would not, and why. */
export const credentialMatches = z.object({
	address: z.string().nullable().describe("null for a name that has none now"),
	hostname: z.string().nullable(),
	used: z
		.array(credentialBrief.extend({ target: z.string().describe("its most specific target there"), why: z.string() }))
		.describe("in the order they would be tried"),
	unused: z.array(credentialBrief.extend({ why: z.string() })),
});
export type CredentialMatches = z.infer<typeof credentialMatches>;

/** What keeps the key of all secrets. */
export const secretsState = z.object({
	keptBy: z.enum(["systemd", "file", "passphrase"]).nullable().describe("null: there is no secret yet"),
	locked: z.boolean().describe("a passphrase is needed before any login"),
});
export type SecretsState = z.infer<typeof secretsState>;

/** A key as a host shows it. */
export const shownHostKey = z.object({
	host: z.string(),
	address: z.string(),
	port,
	type: z.string(),
	key: z.string().describe("the public key, base64"),
	fingerprint: z.string(),
	trusted: z.enum(["yes", "no", "changed"]).describe("changed: the host is trusted by another key of this type"),
});
export type ShownHostKey = z.infer<typeof shownHostKey>;

export const trustedHostKey = z.object({
	id: z.int().positive(),
	host: z.string(),
	port,
	type: z.string(),
	key: z.string().describe("the public key, base64"),
	fingerprint: z.string().describe("SHA256:…"),
	addedAt: timestamp,
	addedBy: z.string(),
});
export type TrustedHostKey = z.infer<typeof trustedHostKey>;
