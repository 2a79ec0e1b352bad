/** A TLS server's accepted versions and ciphers, found with hand-made ClientHellos. */
import { z } from "zod";

export const tlsVersions = ["SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;

export const tls = z.object({
	starttls: z.string().nullable().describe("protocol that was upgraded (smtp, ftp, …); null: TLS from the first byte"),
	hostname: z.string().nullable().describe("server name asked for; null when scanned by address"),
	versions: z.array(z.enum(tlsVersions)).describe("accepted, oldest first"),
	sslv2: z.boolean().optional().describe("SSL 2.0 answered (CVE-2016-0800); missing when it was not tried"),
	ciphers: z.array(
		z.object({
			version: z.enum(tlsVersions),
			id: z.int().describe("IANA number"),
			name: z.string().describe("IANA name, e.g. TLS_RSA_WITH_3DES_EDE_CBC_SHA"),
			bits: z.int().describe("symmetric key strength; 0 for NULL, 112 for 3DES"),
			forwardSecrecy: z.boolean(),
			anonymous: z.boolean(),
			export: z.boolean(),
			aead: z.boolean(),
		}),
	),
	serverPreference: z.boolean().nullable().describe("server's order wins; null when it cannot be told"),
	compression: z.boolean().describe("DEFLATE accepted (CVE-2012-4929)"),
	fallbackScsv: z.boolean().nullable().describe("RFC 7507 honoured; null when only one version"),
	secureRenegotiation: z.boolean().nullable().describe("RFC 5746 answered; null when only TLS 1.3"),
	groups: z.array(z.string()).describe("key-exchange groups accepted, e.g. x25519, secp256r1, ffdhe2048"),
	dhBits: z.int().nullable().describe("smallest finite-field DH modulus seen"),
	alpn: z.string().nullable(),
});
