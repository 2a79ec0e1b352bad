/** The little of DER (X.690) that node:crypto does not tell of a certificate: which algorithm signed it. */

const algorithms: Record<string, string> = {
	"1.2.840.113549.1.1.2": "md2WithRSAEncryption",
	"1.2.840.113549.1.1.3": "md4WithRSAEncryption",
	"1.2.840.113549.1.1.4": "md5WithRSAEncryption",
	"1.2.840.113549.1.1.5": "sha1WithRSAEncryption",
	"1.2.840.113549.1.1.10": "rsassaPss",
	"1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
	"1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
	"1.2.840.113549.1.1.13": "sha512WithRSAEncryption",
	"1.2.840.113549.1.1.14": "sha224WithRSAEncryption",
	"1.3.14.3.2.29": "sha1WithRSA",
	"1.2.840.10040.4.3": "dsaWithSHA1",
	"2.16.840.1.101.3.4.3.1": "dsaWithSHA224",
	"2.16.840.1.101.3.4.3.2": "dsaWithSHA256",
	"1.2.840.10045.4.1": "ecdsaWithSHA1",
	"1.2.840.10045.4.3.1": "ecdsaWithSHA224",
	"1.2.840.10045.4.3.2": "ecdsaWithSHA256",
	"1.2.840.10045.4.3.3": "ecdsaWithSHA384",
	"1.2.840.10045.4.3.4": "ecdsaWithSHA512",
	"1.2.156.10197.1.501": "sm2WithSM3",
	"1.3.101.112": "ed25519",
	"1.3.101.113": "ed448",
	"2.16.840.1.101.3.4.3.17": "mlDsa44",
	"2.16.840.1.101.3.4.3.18": "mlDsa65",
	"2.16.840.1.101.3.4.3.19": "mlDsa87",
};

/** Name of the outer signatureAlgorithm (RFC 5280 section 4.1.1.2), its dotted number when unknown, `unknown` when unreadable. */
export function signatureAlgorithmOf(certificate: Buffer): string {
	const outer = element(certificate, 0, 0x30);
	const signed = outer === null ? null : element(certificate, outer.start, 0x30);
	const algorithm = signed === null ? null : element(certificate, signed.end, 0x30);
	const id = algorithm === null ? null : element(certificate, algorithm.start, 0x06);
	if (id === null) return "unknown";
	const dotted = objectIdentifier(certificate.subarray(id.start, id.end));
	return algorithms[dotted] ?? dotted;
}

/** Where the content of the element at `at` starts and ends; null unless it has that tag and fits. */
function element(bytes: Buffer, at: number, tag: number): { start: number; end: number } | null {
	const first = bytes[at + 1];
	if (bytes[at] !== tag || first === undefined) return null;
	if (first < 0x80) return at + 2 + first <= bytes.length ? { start: at + 2, end: at + 2 + first } : null;
	const size = first & 0x7f;
	const start = at + 2 + size;
	if (size === 0 || size > 4 || start > bytes.length) return null;
	const end = start + bytes.readUIntBE(at + 2, size);
	return end <= bytes.length ? { start, end } : null;
}

function objectIdentifier(bytes: Buffer): string {
	const arcs: number[] = [];
	let value = 0;
	for (const byte of bytes.subarray(0, 32)) {
		value = (value * 128 + (byte & 0x7f)) % Number.MAX_SAFE_INTEGER;
		if (byte >= 0x80) continue;
		if (arcs.length === 0)
			arcs.push(Math.min(2, Math.floor(value / 40)), value - 40 * Math.min(2, Math.floor(value / 40)));
		else arcs.push(value);
		value = 0;
	}
	return arcs.length === 0 ? "unknown" : arcs.join(".");
}
