/** The certificate chain a TLS server presents (RFC 5280). */
import { z } from "zod";

const certificateEntry = z.object({
	subject: z.string(),
	issuer: z.string(),
	serial: z.string(),
	notBefore: z.string().describe("RFC 3339"),
	notAfter: z.string().describe("RFC 3339"),
	keyType: z.string().describe("rsa, ec, ed25519, dsa, …"),
	keyBits: z.int().nullable(),
	curve: z.string().nullable(),
	signatureAlgorithm: z.string().describe("e.g. sha256WithRSAEncryption"),
	fingerprint: z.string().describe("SHA-256, lower-case hex"),
	ca: z.boolean(),
});

export const certificate = z.object({
	starttls: z.string().nullable(),
	hostname: z.string().nullable().describe("name the host was asked for by; null when scanned by address"),
	commonName: z.string().nullable(),
	names: z.array(z.string()).describe("subjectAltName dns and ip entries, lower case"),
	matchesHostname: z.boolean().nullable().describe("RFC 6125; null when scanned by address"),
	selfSigned: z.boolean(),
	trusted: z.boolean().describe("chain ends in a public root shipped with Node"),
	keyFingerprint: z.string().describe("SHA-256 of the leaf's SubjectPublicKeyInfo, lower-case hex"),
	leaf: certificateEntry,
	chain: z.array(certificateEntry).describe("as sent, leaf first"),
});
