/** A certificate chain as evidence. Certificates come from the target: nothing in them makes this throw. */
import { createHash, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import type { DataOf } from "../../evidence/record.ts";
import { signatureAlgorithmOf } from "./der.ts";
import { isTrusted, signedBy } from "./trust.ts";

type CertificateData = DataOf<"certificate">;
type Entry = CertificateData["leaf"];

const maxNames = 500;
const maxTextLength = 4_096;

/** Null when the first certificate cannot be read; later ones that cannot are left out. */
export function describeChain(
	ders: readonly Buffer[],
	about: { hostname: string | null; starttls: string | null; now: number },
): CertificateData | null {
	const certificates = ders.map(parseCertificate);
	const leaf = certificates[0];
	if (leaf === undefined || leaf === null) return null;
	const readable = certificates.filter((certificate) => certificate !== null);
	const chain = readable.map(describe);
	const entry = chain[0];
	if (entry === undefined) return null;
	return {
		starttls: about.starttls,
		hostname: about.hostname,
		commonName: commonNameOf(leaf.subject),
		names: namesOf(leaf.subjectAltName),
		matchesHostname: about.hostname === null ? null : matches(leaf, about.hostname),
		selfSigned: signedBy(leaf, leaf),
		trusted: isTrusted(readable, about.now),
		keyFingerprint: keyFingerprintOf(leaf),
		leaf: entry,
		chain,
	};
}

/** The key-exchange group an ECDSA certificate's key lies on; null for other keys. */
export function certificateGroup(der: Buffer): number | null {
	const curve = keyOf(parseCertificate(der))?.asymmetricKeyDetails?.namedCurve;
	return { prime256v1: 23, secp384r1: 24, secp521r1: 25 }[curve ?? ""] ?? null;
}

function parseCertificate(der: Buffer): X509Certificate | null {
	try {
		return new X509Certificate(der);
	} catch {
		return null;
	}
}

function describe(certificate: X509Certificate): Entry {
	const key = keyOf(certificate);
	const details = key?.asymmetricKeyDetails;
	const curve = details?.namedCurve ?? null;
	return {
		subject: oneLine(certificate.subject),
		issuer: oneLine(certificate.issuer),
		serial: certificate.serialNumber.toLowerCase(),
		notBefore: dateOf(certificate.validFrom),
		notAfter: dateOf(certificate.validTo),
		keyType: key?.asymmetricKeyType ?? "unknown",
		keyBits: details?.modulusLength ?? bitsOfCurve(curve ?? key?.asymmetricKeyType ?? ""),
		curve,
		signatureAlgorithm: signatureAlgorithmOf(certificate.raw),
		fingerprint: certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
		ca: certificate.ca,
	};
}

/** Null for a key of a kind that node:crypto does not know. */
function keyOf(certificate: X509Certificate | null) {
	try {
		return certificate?.publicKey ?? null;
	} catch {
		return null;
	}
}

function keyFingerprintOf(certificate: X509Certificate): string {
	try {
		const spki = certificate.publicKey.export({ type: "spki", format: "der" });
		return createHash("sha256").update(spki).digest("hex");
	} catch {
		return "";
	}
}

function bitsOfCurve(curve: string): number | null {
	const known: Record<string, number> = { prime256v1: 256, ed25519: 256, ed448: 448 };
	const told = /(\d{3})/.exec(curve)?.[1];
	return known[curve] ?? (told === undefined ? null : Number(told));
}

/** OpenSSL writes one attribute a line. */
function oneLine(name: string | undefined): string {
	return (name ?? "").slice(0, maxTextLength).split("\n").join(", ");
}

function commonNameOf(subject: string | undefined): string | null {
	const line = (subject ?? "").split("\n").findLast((attribute) => attribute.startsWith("CN="));
	return line === undefined ? null : line.slice(3, 3 + maxTextLength);
}

/** Node quotes an entry as JSON when it has unusual characters (CVE-2021-44532). */
function namesOf(subjectAltName: string | undefined): string[] {
	const names: string[] = [];
	for (const [, , text = ""] of (subjectAltName ?? "").matchAll(/(DNS|IP Address):("(?:[^"\\]|\\.)*"|[^,]*)/g)) {
		if (names.length === maxNames) break;
		names.push(unquoted(text).slice(0, maxTextLength).toLowerCase());
	}
	return names;
}

function unquoted(text: string): string {
	if (!text.startsWith('"')) return text;
	try {
		return String(JSON.parse(text));
	} catch {
		return text;
	}
}

function matches(certificate: X509Certificate, hostname: string): boolean {
	try {
		return (isIP(hostname) === 0 ? certificate.checkHost(hostname) : certificate.checkIP(hostname)) !== undefined;
	} catch {
		return false;
	}
}

/** RFC 3339; the epoch for a date that is none, so that it counts as expired. */
function dateOf(text: string): string {
	const time = Date.parse(text);
	return new Date(Number.isNaN(time) ? 0 : time).toISOString();
}
