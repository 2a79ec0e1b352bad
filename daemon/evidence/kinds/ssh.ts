/** An SSH server before any login: identification string (RFC 4253 section 4.2), KEXINIT lists (7.1), host keys. */
import { z } from "zod";
import { named } from "./named.ts";

export const ssh = z.object({
	...named,
	banner: z.string().describe("identification string, e.g. SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3"),
	protocol: z.string().describe("1.5, 1.99 or 2.0"),
	kex: z.array(z.string()),
	hostKeyAlgorithms: z.array(z.string()),
	ciphers: z.array(z.string()).describe("either direction, server order"),
	macs: z.array(z.string()).describe("either direction, server order"),
	compression: z.array(z.string()),
	strictKex: z.boolean().describe("kex-strict-s-v00@openssh.com offered (the counter to CVE-2023-48795)"),
	hostKeys: z.array(
		z.object({
			type: z.string().describe("ssh-ed25519, ssh-rsa, …"),
			bits: z.int().nullable(),
			fingerprint: z.string().describe("SHA256:… as OpenSSH prints it"),
		}),
	),
	dhGroupBits: z.int().nullable().describe("modulus size given for group-exchange; null when not offered"),
});
