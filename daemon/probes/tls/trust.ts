/**
 * Does a chain end in a public root? Signatures, dates and the CA flag are checked; revocation, name constraints and key
 * usage are not. The roots are those shipped with Node.
 */
import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";

const maxDepth = 8;

let rootsBySubject: Map<string, X509Certificate[]> | null = null;

/** `chain` as sent, leaf first; the rest in any order. */
export function isTrusted(chain: readonly X509Certificate[], now: number): boolean {
	let current = chain[0];
	for (let depth = 0; current !== undefined && depth < maxDepth; depth += 1) {
		const certificate: X509Certificate = current;
		if (!isCurrent(certificate, now)) return false;
		if (issuerAmong(rootsNamed(certificate.issuer), certificate, now) !== undefined) return true;
		current = issuerAmong(
			chain.filter((candidate) => candidate !== certificate && candidate.ca),
			certificate,
			now,
		);
	}
	return false;
}

/** Named as the issuer, and its key verifies the signature. */
export function signedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
	try {
		return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
	} catch {
		return false;
	}
}

function issuerAmong(candidates: readonly X509Certificate[], certificate: X509Certificate, now: number) {
	return candidates.find((candidate) => isCurrent(candidate, now) && signedBy(certificate, candidate));
}

function isCurrent(certificate: X509Certificate, now: number): boolean {
	return Date.parse(certificate.validFrom) <= now && now <= Date.parse(certificate.validTo);
}

function rootsNamed(subject: string): readonly X509Certificate[] {
	rootsBySubject ??= Map.groupBy(
		rootCertificates.map((pem) => new X509Certificate(pem)),
		(root) => root.subject,
	);
	return rootsBySubject.get(subject) ?? [];
}
