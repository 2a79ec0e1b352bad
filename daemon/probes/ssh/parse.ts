/**
 * The bytes of an SSH server before any login, read: identification (RFC 4253 section 4.2), packets (6), KEXINIT (7.1),
 * key-exchange replies (8, RFC 4419, RFC 5656) and host keys. Pure; nothing here throws, whatever the bytes.
 */
import { createHash } from "node:crypto";

/** Lines before the identification string that are read past, and how long they may be (RFC 4253 gives no bound). */
export const maxPreambleLines = 64;
export const maxLineBytes = 8_192;
/** RFC 4253 section 6.1 asks for 35,000 bytes at least; nothing honest before login comes near. */
export const maxPacketBytes = 40_000;

export const messages = {
	disconnect: 1,
	ignore: 2,
	unimplemented: 3,
	debug: 4,
	kexInit: 20,
	kexdhInit: 30,
	kexdhReply: 31,
	gexGroup: 31,
	gexInit: 32,
	gexReply: 33,
	gexRequest: 34,
} as const;

export interface Identification {
	/** The whole line, e.g. SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3. */
	banner: string;
	/** 1.5, 1.99 or 2.0. */
	protocol: string;
	/** `softwareversion` and, after a blank, `comments`. */
	software: string;
}

/** The identification string in a line, or null when the line is not one. */
export function parseIdentification(line: string): Identification | null {
	const found = /^SSH-(\d{1,3}\.\d{1,4})-(.*)$/s.exec(line.slice(0, maxLineBytes));
	if (!found) return null;
	return { banner: line.slice(0, 512), protocol: found[1] ?? "", software: (found[2] ?? "").slice(0, 500).trim() };
}

/** Does the start of a stream belong to SSH? 0 no, 1 certain; lines before the identification are allowed. */
export function looksLikeSsh(bytes: Buffer): number {
	const text = bytes.toString("latin1", 0, maxLineBytes);
	if (/^SSH-\d\.\d/.test(text)) return 1;
	if (/\nSSH-\d\.\d/.test(text)) return 0.9;
	return /^(?:Exceeded MaxStartups|Not allowed at this time)\r?\n/.test(text) ? 0.8 : 0;
}

/** `packet`: its payload; `more`: the bytes end before `size`; `bad`: nothing an SSH server sends. */
export type PacketResult =
	| { kind: "packet"; payload: Buffer; size: number }
	| { kind: "more"; size: number }
	| { kind: "bad" };

/** The first unencrypted binary packet in `bytes` (RFC 4253 section 6); `size` is its length with the length field. */
export function parsePacket(bytes: Buffer): PacketResult {
	if (bytes.length < 5) return { kind: "more", size: 5 };
	const length = bytes.readUInt32BE(0);
	const padding = bytes[4] ?? 0;
	if (length < 2 || length > maxPacketBytes || padding > length - 2) return { kind: "bad" };
	if (bytes.length < 4 + length) return { kind: "more", size: 4 + length };
	return { kind: "packet", payload: bytes.subarray(5, 4 + length - padding), size: 4 + length };
}

export interface KexInit {
	kex: string[];
	hostKeyAlgorithms: string[];
	ciphers: string[];
	macs: string[];
	compression: string[];
	/** The marker of strict key exchange, the counter to CVE-2023-48795, is offered. It stays in `kex` as well. */
	strictKex: boolean;
}

/** The lists of a KEXINIT payload; both directions joined, the server's order kept. Null when it is not one. */
export function parseKexInit(payload: Buffer): KexInit | null {
	if (payload[0] !== messages.kexInit) return null;
	const reader = new FieldReader(payload, 17);
	const lists: string[][] = [];
	for (let i = 0; i < 10; i += 1) {
		const list = reader.string();
		if (!list) return null;
		lists.push(parseNameList(list));
	}
	const [kex = [], hostKeyAlgorithms = [], c1 = [], c2 = [], m1 = [], m2 = [], z1 = [], z2 = []] = lists;
	return {
		kex,
		hostKeyAlgorithms,
		ciphers: joined(c1, c2),
		macs: joined(m1, m2),
		compression: joined(z1, z2),
		strictKex: kex.includes("kex-strict-s-v00@openssh.com"),
	};
}

function parseNameList(bytes: Buffer): string[] {
	const names = bytes.toString("latin1").split(",", 256);
	return [...new Set(names.filter((name) => name !== "").map((name) => name.slice(0, 128)))];
}

function joined(one: string[], other: string[]): string[] {
	return [...new Set([...one, ...other])];
}

/** The public host key blob, first field of every key-exchange reply; null when the payload is not such a reply. */
export function parseKexReply(payload: Buffer, expected: number): Buffer | null {
	return payload[0] === expected ? new FieldReader(payload, 1).string() : null;
}

/** Size in bits of the modulus in a SSH_MSG_KEX_DH_GEX_GROUP (RFC 4419 section 3); null when it is not one. */
export function parseGexGroup(payload: Buffer): { bits: number } | null {
	if (payload[0] !== messages.gexGroup) return null;
	const modulus = new FieldReader(payload, 1).string();
	return modulus && modulus.length > 0 ? { bits: mpintBits(modulus) } : null;
}

export interface HostKey {
	/** ssh-ed25519, ssh-rsa, …; of a certificate, the type with its -cert-v01@openssh.com. */
	type: string;
	bits: number | null;
	/** SHA256:…, of the plain key within when it is a certificate, as ssh-keygen -l prints it. */
	fingerprint: string;
}

const certificateSuffix = "-cert-v01@openssh.com";

/** Type, size and fingerprint of a public key blob (RFC 4253 section 6.6, RFC 5656, RFC 8709). Null when unreadable. */
export function parseHostKey(blob: Buffer): HostKey | null {
	const reader = new FieldReader(blob, 0);
	const type = reader.string()?.toString("latin1") ?? "";
	if (!/^[\x21-\x7e]{1,64}$/.test(type)) return null;
	const isCertificate = type.endsWith(certificateSuffix);
	const plainType = isCertificate ? type.slice(0, -certificateSuffix.length) : type;
	if (isCertificate && !reader.string()) return null;
	const fields: Buffer[] = [];
	const count = keyFields(plainType);
	for (let i = 0; i < count; i += 1) {
		const field = reader.string();
		if (!field) return null;
		fields.push(field);
	}
	const plain = isCertificate ? sshStrings(Buffer.from(plainType, "latin1"), ...fields) : blob;
	return { type, bits: keyBits(plainType, fields), fingerprint: fingerprintOf(plain) };
}

/** SHA256: and unpadded base64, as OpenSSH prints a fingerprint. */
function fingerprintOf(blob: Buffer): string {
	return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

function keyFields(type: string): number {
	if (type === "ssh-rsa") return 2;
	if (type === "ssh-dss") return 4;
	if (type.startsWith("ecdsa-sha2-")) return 2;
	return type === "ssh-ed25519" || type === "ssh-ed448" ? 1 : 0;
}

function keyBits(type: string, fields: Buffer[]): number | null {
	if (type === "ssh-rsa") return mpintBits(fields[1]);
	if (type === "ssh-dss") return mpintBits(fields[0]);
	if (type === "ssh-ed25519") return 256;
	if (type === "ssh-ed448") return 448;
	const curve = /^ecdsa-sha2-nistp(\d{3})$/.exec(type);
	return curve ? Number(curve[1]) : null;
}

/** Bits of a positive mpint (RFC 4251 section 5), leading zero bytes not counted. */
export function mpintBits(mpint: Buffer | undefined): number {
	if (!mpint) return 0;
	const first = mpint.findIndex((byte) => byte !== 0);
	return first < 0 ? 0 : (mpint.length - first) * 8 - Math.clz32(mpint[first] ?? 0) + 24;
}

/** Each part as a `string` of RFC 4251 section 5: four bytes of length, then the bytes. */
export function sshStrings(...parts: readonly Uint8Array[]): Buffer {
	const out: Uint8Array[] = [];
	for (const part of parts) {
		const length = Buffer.alloc(4);
		length.writeUInt32BE(part.length);
		out.push(length, part);
	}
	return Buffer.concat(out);
}

/** Reads `string` fields one after another; null once the bytes do not hold another one. */
class FieldReader {
	readonly #bytes: Buffer;
	#at: number;

	constructor(bytes: Buffer, at: number) {
		this.#bytes = bytes;
		this.#at = at;
	}

	string(): Buffer | null {
		if (this.#at + 4 > this.#bytes.length) return null;
		const length = this.#bytes.readUInt32BE(this.#at);
		const start = this.#at + 4;
		if (length > this.#bytes.length - start) return null;
		this.#at = start + length;
		return this.#bytes.subarray(start, start + length);
	}
}
