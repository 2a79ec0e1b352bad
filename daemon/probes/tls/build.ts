/** ClientHellos made by hand: any version from SSL 2.0 to TLS 1.3, any cipher list, whether or not a library would. */
import { isIP } from "node:net";
import type { tlsVersions } from "../../evidence/kinds/tls.ts";
import { allGroups } from "./groups.ts";

export type TlsVersion = (typeof tlsVersions)[number];

/** Numbers on the wire (RFC 8446 section 4.2.1 and its predecessors). */
export const versionNumbers: Record<TlsVersion, number> = {
	SSLv3: 0x0300,
	"TLSv1.0": 0x0301,
	"TLSv1.1": 0x0302,
	"TLSv1.2": 0x0303,
	"TLSv1.3": 0x0304,
};

export interface HelloOptions {
	readonly version: TlsVersion;
	readonly ciphers: readonly number[];
	/** Sent as server name (RFC 6066) unless it is an address. */
	readonly hostname?: string | null;
	readonly groups?: readonly number[];
	/** Offers DEFLATE beside no compression. Not in TLS 1.3, which forbids it. */
	readonly compression?: boolean;
	readonly alpn?: readonly string[];
	/** Carries an x25519 share and offers no other group: for TLS 1.3 servers that do not know HelloRetryRequest. */
	readonly keyShare?: boolean;
}

/** TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746): the only way to ask in SSL 3.0, which has no extensions. */
const renegotiationScsv = 0x00ff;
export const fallbackScsv = 0x5600;
const x25519 = 29;

/** RSA-PSS, ECDSA, EdDSA, RSA and DSA with every hash from SHA-512 down to MD5 (RFC 8446 section 4.2.3). */
const signatureSchemes = [
	0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080a, 0x080b, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601,
	0x081a, 0x081b, 0x081c, 0x0708, 0x0303, 0x0301, 0x0302, 0x0402, 0x0502, 0x0602, 0x0203, 0x0201, 0x0202, 0x0101,
];

/**
 * One record with one ClientHello. A TLS 1.3 hello carries no key share unless asked to, so that the server names cipher and group in a
 * HelloRetryRequest (RFC 8446 section 4.1.4) and neither side computes anything.
 */
export function clientHello(options: HelloOptions): Buffer {
	const tls13 = options.version === "TLSv1.3";
	const number = versionNumbers[options.version];
	const ciphers = options.version === "SSLv3" ? [...options.ciphers, renegotiationScsv] : options.ciphers;
	const body = Buffer.concat([
		u16(tls13 ? 0x0303 : number),
		randomLooking,
		tls13 ? prefixed8(randomLooking) : Buffer.of(0),
		prefixed16(Buffer.concat(ciphers.map(u16))),
		options.compression === true && !tls13 ? Buffer.of(2, 1, 0) : Buffer.of(1, 0),
		options.version === "SSLv3" ? Buffer.alloc(0) : prefixed16(Buffer.concat(extensionsOf(options, tls13))),
	]);
	const handshake = Buffer.concat([Buffer.of(1, 0), prefixed16(body)]);
	return Buffer.concat([Buffer.of(22), u16(Math.min(number, 0x0301)), prefixed16(handshake)]);
}

/** A hello nearly every TLS server answers, and that makes any other protocol's server show itself or hang up. */
export function generalHello(hostname: string | null, ciphers: readonly number[]): Buffer {
	return clientHello({ version: "TLSv1.2", ciphers, hostname });
}

/** The CLIENT-HELLO of SSL 2.0, offering its seven ciphers. */
export function sslv2Hello(): Buffer {
	const kinds = [0x010080, 0x020080, 0x030080, 0x040080, 0x050080, 0x060040, 0x0700c0];
	const specs = Buffer.concat(kinds.map((kind) => Buffer.of(kind >> 16, (kind >> 8) & 0xff, kind & 0xff)));
	const challenge = randomLooking.subarray(0, 16);
	const body = Buffer.concat([
		Buffer.of(1),
		u16(2),
		u16(specs.length),
		u16(0),
		u16(challenge.length),
		specs,
		challenge,
	]);
	return Buffer.concat([u16(0x8000 | body.length), body]);
}

/** No secret is ever agreed on, so a fixed random is as good as any, and makes captures comparable. */
const randomLooking = Buffer.from("56656465747465206c6f6f6b732c20616e6420746f7563686573206e6f746821", "hex");

function extensionsOf(options: HelloOptions, tls13: boolean): Buffer[] {
	const { hostname = null } = options;
	const extensions: Buffer[] = [];
	if (hostname !== null && isIP(hostname) === 0 && hostname.length <= 255) {
		const name = Buffer.concat([Buffer.of(0), prefixed16(Buffer.from(hostname, "latin1"))]);
		extensions.push(extension(0, prefixed16(name)));
	}
	const groups = options.keyShare === true ? [x25519] : (options.groups ?? allGroups);
	extensions.push(extension(10, prefixed16(Buffer.concat(groups.map(u16)))));
	extensions.push(extension(11, Buffer.of(1, 0)));
	if (options.version === "TLSv1.2" || tls13) {
		extensions.push(extension(13, prefixed16(Buffer.concat(signatureSchemes.map(u16)))));
	}
	if (options.alpn !== undefined) {
		const protocols = options.alpn.map((name) => prefixed8(Buffer.from(name, "latin1")));
		extensions.push(extension(16, prefixed16(Buffer.concat(protocols))));
	}
	if (tls13) {
		// Any 32 bytes are a public key of x25519 (RFC 7748 section 5).
		const shares = prefixed16(
			options.keyShare === true ? Buffer.concat([u16(x25519), prefixed16(randomLooking)]) : Buffer.alloc(0),
		);
		extensions.push(extension(43, Buffer.of(2, 3, 4)), extension(45, Buffer.of(1, 1)), extension(51, shares));
	} else extensions.push(extension(0xff01, Buffer.of(0)));
	return extensions;
}

function extension(type: number, data: Buffer): Buffer {
	return Buffer.concat([u16(type), prefixed16(data)]);
}

function u16(value: number): Buffer {
	return Buffer.of((value >> 8) & 0xff, value & 0xff);
}

function prefixed8(data: Buffer): Buffer {
	return Buffer.concat([Buffer.of(data.length), data]);
}

function prefixed16(data: Buffer): Buffer {
	return Buffer.concat([u16(data.length), data]);
}
