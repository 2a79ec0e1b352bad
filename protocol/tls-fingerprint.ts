/** How a certificate is named when two people compare it. Needs Node, like what dials. */
import { createHash } from "node:crypto";

/** `sha256:` and 64 digits, over the whole certificate in DER: the figure of `openssl x509 -fingerprint -sha256`. */
export function fingerprintOf(der: Uint8Array): string {
	return `sha256:${createHash("sha256").update(der).digest("hex")}`;
}

/** As `fingerprintOf` writes it, from what people copy: with colons, in capitals, with openssl's words before. Null: none. */
export function readFingerprint(text: string): string | null {
	const digits = text
		.trim()
		.toLowerCase()
		.replace(/^sha-?256[ :]*(?:fingerprint)?[ =]*/, "")
		.replaceAll(":", "");
	return /^[\da-f]{64}$/.test(digits) ? `sha256:${digits}` : null;
}
