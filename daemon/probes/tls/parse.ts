/**
 * What a TLS server sends before encryption starts, from bytes to values: records, alerts, ServerHello with
 * HelloRetryRequest, Certificate, ServerKeyExchange. Pure; malformed bytes give null, never an exception.
 */

/** RFC 8446 section 5.1, with the slack of compressed records (RFC 5246 section 6.2.2). */
const maxRecordBytes = 16_384 + 2_048;
const maxChain = 16;
const maxCertificateBytes = 64 * 1024;

export interface RecordHeader {
	readonly type: "change-cipher-spec" | "alert" | "handshake" | "application-data";
	readonly version: number;
	readonly length: number;
}

const recordTypes = {
	20: "change-cipher-spec",
	21: "alert",
	22: "handshake",
	23: "application-data",
} as const;

/** Reads the five bytes before each record; null when this is no TLS. */
export function parseRecordHeader(bytes: Buffer): RecordHeader | null {
	if (bytes.length < 5) return null;
	const type = recordTypes[bytes.readUInt8(0) as keyof typeof recordTypes];
	const version = bytes.readUInt16BE(1);
	const length = bytes.readUInt16BE(3);
	if (type === undefined || version < 0x0300 || version > 0x0304 || length > maxRecordBytes) return null;
	return { type, version, length };
}

export interface Alert {
	readonly fatal: boolean;
	readonly code: number;
}

export function parseAlert(body: Buffer): Alert | null {
	const [level, code] = body;
	if (body.length !== 2 || code === undefined || (level !== 1 && level !== 2)) return null;
	return { fatal: level === 2, code };
}

export interface HandshakeMessage {
	readonly type: number;
	readonly body: Buffer;
}

/** Handshake message types that are met before encryption. */
export const messageTypes = { serverHello: 2, certificate: 11, serverKeyExchange: 12, serverHelloDone: 14 } as const;

/** Puts handshake messages together from record bodies, however they are cut. Holds at most `maxBytes`. */
export class MessageAssembler {
	readonly #maxBytes: number;
	#parts: Buffer[] = [];
	#have = 0;
	#need = 4;
	#seen = 0;

	constructor(maxBytes: number) {
		this.#maxBytes = maxBytes;
	}

	/** The messages this body completes; null once more is announced or sent than is ever read. */
	push(body: Buffer): HandshakeMessage[] | null {
		this.#seen += body.length;
		if (this.#seen > this.#maxBytes) return null;
		this.#parts.push(body);
		this.#have += body.length;
		if (this.#have < this.#need) return [];
		let all = Buffer.concat(this.#parts);
		const messages: HandshakeMessage[] = [];
		this.#need = 4;
		while (all.length >= 4) {
			this.#need = 4 + all.readUIntBE(1, 3);
			if (this.#need > this.#maxBytes) return null;
			if (all.length < this.#need) break;
			messages.push({ type: all.readUInt8(0), body: all.subarray(4, this.#need) });
			all = all.subarray(this.#need);
			this.#need = 4;
		}
		this.#parts = [all];
		this.#have = all.length;
		return messages;
	}
}

export interface ServerHello {
	/** Negotiated version: of supported_versions where that is answered, else the old field. */
	readonly version: number;
	readonly cipher: number;
	readonly compression: number;
	readonly helloRetryRequest: boolean;
	readonly secureRenegotiation: boolean;
	readonly alpn: string | null;
	/** Group of key_share; null before TLS 1.3. */
	readonly group: number | null;
}

/** The random value that marks a HelloRetryRequest (RFC 8446 section 4.1.3). */
const retryRandom = Buffer.from("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c", "hex");

export function parseServerHello(body: Buffer): ServerHello | null {
	if (body.length < 38) return null;
	const sessionLength = body.readUInt8(34);
	const at = 35 + sessionLength;
	if (sessionLength > 32 || body.length < at + 3) return null;
	const extensions = parseExtensions(body.subarray(at + 3));
	if (extensions === null) return null;
	const selected = extensions.get(43);
	const share = extensions.get(51);
	const protocols = extensions.get(16);
	return {
		version: selected?.length === 2 ? selected.readUInt16BE(0) : body.readUInt16BE(0),
		cipher: body.readUInt16BE(at),
		compression: body.readUInt8(at + 2),
		helloRetryRequest: body.subarray(2, 34).equals(retryRandom),
		secureRenegotiation: extensions.has(0xff01),
		alpn: protocols === undefined ? null : parseAlpn(protocols),
		group: share !== undefined && share.length >= 2 ? share.readUInt16BE(0) : null,
	};
}

/** By type; the first of a repeated one. Null when lengths do not add up. No extensions at all is fine. */
function parseExtensions(bytes: Buffer): Map<number, Buffer> | null {
	const found = new Map<number, Buffer>();
	if (bytes.length < 2) return found;
	const end = 2 + bytes.readUInt16BE(0);
	if (end > bytes.length) return null;
	for (let at = 2; at + 4 <= end; ) {
		const type = bytes.readUInt16BE(at);
		const next = at + 4 + bytes.readUInt16BE(at + 2);
		if (next > end) return null;
		if (!found.has(type)) found.set(type, bytes.subarray(at + 4, next));
		at = next;
	}
	return found;
}

function parseAlpn(data: Buffer): string | null {
	const length = data[2] ?? 0;
	return data.length >= 3 + length && length > 0 ? data.toString("latin1", 3, 3 + length) : null;
}

/** The chain of a Certificate message up to TLS 1.2, as DER, leaf first; null when malformed or absurd. */
export function parseCertificates(body: Buffer): Buffer[] | null {
	if (body.length < 3) return null;
	const end = 3 + body.readUIntBE(0, 3);
	if (end > body.length) return null;
	const chain: Buffer[] = [];
	for (let at = 3; at < end; ) {
		if (at + 3 > end || chain.length === maxChain) return null;
		const next = at + 3 + body.readUIntBE(at, 3);
		if (next > end || next - at > maxCertificateBytes) return null;
		chain.push(body.subarray(at + 3, next));
		at = next;
	}
	return chain;
}

/** What the server contributes to the key exchange: the curve, or the size of its finite-field modulus. */
export type KeyExchange =
	| { readonly kind: "curve"; readonly group: number }
	| { readonly kind: "field"; readonly bits: number };

/** The suite decides how the body is to be read (RFC 8422 section 5.4, RFC 5246 section 7.4.3). */
export function parseServerKeyExchange(body: Buffer, exchange: "ecdhe" | "dhe"): KeyExchange | null {
	if (exchange === "ecdhe") {
		const named = body.length >= 3 && body.readUInt8(0) === 3;
		return named ? { kind: "curve", group: body.readUInt16BE(1) } : null;
	}
	if (body.length < 2) return null;
	const modulus = body.subarray(2, 2 + body.readUInt16BE(0));
	if (modulus.length === 0 || modulus.length !== body.readUInt16BE(0)) return null;
	const first = modulus.findIndex((byte) => byte !== 0);
	if (first < 0) return null;
	return { kind: "field", bits: (modulus.length - first) * 8 - Math.clz32(modulus[first] ?? 0) + 24 };
}

/** Is this the SERVER-HELLO of SSL 2.0, with at least one cipher it shares? */
export function isSslv2ServerHello(bytes: Buffer): boolean {
	if (bytes.length < 13 || (bytes.readUInt8(0) & 0x80) === 0) return false;
	const length = bytes.readUInt16BE(0) & 0x7fff;
	return length >= 11 && bytes.readUInt8(2) === 4 && bytes.readUInt16BE(5) === 2 && bytes.readUInt16BE(9) >= 3;
}
