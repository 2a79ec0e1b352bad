/** Host keys that somebody has confirmed, beside those of OpenSSH's known_hosts. None is ever trusted at first sight. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import { loginHost, shownHostKey, trustedHostKey } from "../model/credential.ts";

const place = {
	host: loginHost.describe("address or name, as it is logged in to"),
	port: z.int().min(1).max(65_535).default(22),
};
const fingerprint = z
	.string()
	.trim()
	.regex(/^SHA256:[A-Za-z0-9+/]{43}$/, "A fingerprint looks like SHA256: and 43 characters")
	.describe("as ssh-keygen -l prints it");

export const list = defineMethod({
	name: "hostkeys.list",
	summary: "List trusted host keys",
	description: "By host and port. Those of known_hosts are not among them.",
	access: "read",
	params: z.object({}),
	result: z.object({ items: z.array(trustedHostKey), total: z.int().nonnegative() }),
});

export const look = defineMethod({
	name: "hostkeys.look",
	summary: "Ask a host for its key",
	description:
		"Connects, takes the key the host shows, and hangs up: nothing secret is sent and nothing is trusted. `out-of-scope` for an excluded host, `not-found` for a name without an address, `conflict` when it shows none.",
	access: "operate",
	audit: ["hostkey.look"],
	errors: ["out-of-scope", "not-found", "conflict"],
	timeoutMs: 30_000,
	params: z.object(place),
	result: shownHostKey,
});

export const trust = defineMethod({
	name: "hostkeys.trust",
	summary: "Trust a host by its key",
	description:
		"With the fingerprint somebody has compared. Without `publicKey` the host is asked, and `conflict` answered when it shows another or none. `conflict` too when it is trusted by another key of that type: forget that first.",
	access: "admin",
	audit: ["hostkey.trust"],
	errors: ["conflict", "not-found", "out-of-scope", "too-large"],
	timeoutMs: 30_000,
	params: z.object({
		...place,
		fingerprint,
		publicKey: z
			.string()
			.max(16_384)
			.optional()
			.describe("a line as in /etc/ssh/ssh_host_ed25519_key.pub; then nothing is sent"),
	}),
	result: trustedHostKey,
});

export const forget = defineMethod({
	name: "hostkeys.forget",
	summary: "Trust a host no longer",
	description: "All its keys at that port, or one. Those of known_hosts stay.",
	access: "admin",
	audit: ["hostkey.forget"],
	errors: ["not-found"],
	params: z.object({ ...place, fingerprint: fingerprint.optional() }),
	result: z.object({ forgotten: z.array(trustedHostKey) }),
});
