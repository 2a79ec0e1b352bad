/**
 * A certificate that vouches for nobody but itself: an X.509 v3 certificate (RFC 5280) over a fresh P-256 key, written in
 * DER by hand, because Node reads certificates and makes none. Who connects compares its fingerprint.
 */
import { generateKeyPairSync, randomBytes, sign, X509Certificate } from "node:crypto";

export interface KeyPair {
	/** PEM. */
	readonly certificate: string;
	/** PEM, PKCS #8. */
	readonly key: string;
}

/** The name in it; who connects compares the fingerprint, not the name. */
const name = "vedette.local";
const days = 3_650;
/** Clocks differ. Milliseconds. */
const earlierMs = 86_400_000;

const oids = {
	ecdsaWithSha256: "2a8648ce3d040302",
	commonName: "550403",
	basicConstraints: "551d13",
	keyUsage: "551d0f",
	extKeyUsage: "551d25",
	subjectAltName: "551d11",
	serverAuth: "2b06010505070301",
} as const;

/** `now` in Unix milliseconds. */
export function makeSelfSigned(now: number): KeyPair {
	const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
	const algorithm = sequence(oid("ecdsaWithSha256"));
	const who = sequence(tlv(0x31, sequence(oid("commonName"), tlv(0x0c, Buffer.from(name)))));
	const tbs = sequence(
		// Version 3, and a serial number whose first bit is off, so that it is positive and needs no padding.
		tlv(0xa0, tlv(0x02, Buffer.from([2]))),
		tlv(0x02, Buffer.concat([Buffer.from([0x40]), randomBytes(15)])),
		algorithm,
		who,
		sequence(time(now - earlierMs), time(now + days * 86_400_000)),
		who,
		publicKey.export({ type: "spki", format: "der" }),
		tlv(0xa3, sequence(...extensions())),
	);
	const signature = sign("sha256", tbs, privateKey);
	const der = sequence(tbs, algorithm, tlv(0x03, Buffer.concat([Buffer.from([0]), signature])));
	return {
		certificate: new X509Certificate(der).toString(),
		key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
	};
}

function extensions(): Buffer[] {
	const extension = (which: keyof typeof oids, isCritical: boolean, value: Buffer) =>
		sequence(oid(which), ...(isCritical ? [tlv(0x01, Buffer.from([0xff]))] : []), tlv(0x04, value));
	return [
		// No authority: what it has signed must not be believed.
		extension("basicConstraints", true, sequence()),
		// digitalSignature, the first of its bits (RFC 5280, 4.2.1.3).
		extension("keyUsage", true, tlv(0x03, Buffer.from([7, 0x80]))),
		extension("extKeyUsage", false, sequence(oid("serverAuth"))),
		extension("subjectAltName", false, sequence(tlv(0x82, Buffer.from(name)))),
	];
}

/** Tag, length, value (X.690, section 8.1). */
function tlv(tag: number, value: Uint8Array): Buffer {
	const { length } = value;
	const size =
		length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, Math.floor(length / 0x100), length % 0x100];
	return Buffer.concat([Buffer.from([tag, ...size]), value]);
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
	return tlv(0x30, Buffer.concat(parts));
}

function oid(which: keyof typeof oids): Buffer {
	return tlv(0x06, Buffer.from(oids[which], "hex"));
}

/** UTCTime until 2049, GeneralizedTime from then on (RFC 5280, 4.1.2.5). */
function time(at: number): Buffer {
	const digits = new Date(at).toISOString().replace(/[-:T]|\.\d+/g, "");
	return Number(digits.slice(0, 4)) < 2050 ? tlv(0x17, Buffer.from(digits.slice(2))) : tlv(0x18, Buffer.from(digits));
}
