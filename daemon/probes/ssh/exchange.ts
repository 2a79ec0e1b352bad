/**
 * The client's half of an SSH key exchange, as far as the server's host key and no further. No secret is ever derived,
 * so a public value only has to be one that a server accepts; the server's signature is not checked.
 */
import { createECDH, randomBytes } from "node:crypto";
import { type KexInit, messages, sshStrings } from "./parse.ts";

export interface KexMethod {
	readonly name: string;
	/** `gex`: the server picks the group (RFC 4419); `plain`: one message each way. */
	readonly kind: "plain" | "gex";
	/** The client's public value, encoded as its message carries it. */
	publicValue(): Buffer;
}

/** Cheapest for the server first: what decides how much work a scan makes. */
const methods: readonly KexMethod[] = [
	plain("curve25519-sha256", () => randomBytes(32)),
	plain("curve25519-sha256@libssh.org", () => randomBytes(32)),
	plain("ecdh-sha2-nistp256", () => createECDH("prime256v1").generateKeys()),
	plain("ecdh-sha2-nistp384", () => createECDH("secp384r1").generateKeys()),
	plain("ecdh-sha2-nistp521", () => createECDH("secp521r1").generateKeys()),
	plain("curve448-sha512", () => randomBytes(56)),
	// An encapsulation key of zero coefficients and a random seed passes the modulus check of FIPS 203 section 7.2.
	plain("mlkem768x25519-sha256", () => Buffer.concat([Buffer.alloc(1_152), randomBytes(32), randomBytes(32)])),
	plain("sntrup761x25519-sha512", () => randomBytes(1_158 + 32)),
	plain("sntrup761x25519-sha512@openssh.com", () => randomBytes(1_158 + 32)),
	plain("diffie-hellman-group14-sha256", () => numberBelow(2_048)),
	plain("diffie-hellman-group14-sha1", () => numberBelow(2_048)),
	plain("diffie-hellman-group15-sha512", () => numberBelow(3_072)),
	plain("diffie-hellman-group16-sha512", () => numberBelow(4_096)),
	plain("diffie-hellman-group17-sha512", () => numberBelow(6_144)),
	plain("diffie-hellman-group18-sha512", () => numberBelow(8_192)),
	plain("diffie-hellman-group1-sha1", () => numberBelow(1_024)),
];

const groupExchanges = ["diffie-hellman-group-exchange-sha256", "diffie-hellman-group-exchange-sha1"] as const;

/** A method both sides know. With `group`, the group exchange first, since it also tells the modulus. */
export function chooseMethod(offered: readonly string[], group: boolean): KexMethod | null {
	const exchange = groupExchanges.find((name) => offered.includes(name));
	const gex: KexMethod | null = exchange
		? { name: exchange, kind: "gex", publicValue: () => numberBelow(1_024) }
		: null;
	const direct = methods.find((method) => offered.includes(method.name)) ?? null;
	return group ? (gex ?? direct) : (direct ?? gex);
}

/**
 * One host key algorithm for each key the server may hold: an RSA key has three signature algorithms, and a certificate
 * wraps a key that is offered plainly too. Six at most.
 */
export function chooseHostKeys(offered: readonly string[]): string[] {
	const chosen = new Map<string, string>();
	for (const name of offered) {
		if (!/^(?:rsa-sha2-(?:512|256)|ssh-(?:rsa|dss|ed25519|ed448)|ecdsa-sha2-nistp\d{3})$/.test(name)) continue;
		const family = /^(?:rsa-sha2-|ssh-rsa$)/.test(name) ? "rsa" : name;
		if (!chosen.has(family)) chosen.set(family, name);
	}
	const certificates = offered.filter((name) => name.endsWith("-cert-v01@openssh.com"));
	return chosen.size > 0 ? [...chosen.values()].slice(0, 6) : certificates.slice(0, 2);
}

/** A KEXINIT that leaves the server one choice of method and host key, and its own lists for everything else. */
export function kexInitPayload(server: KexInit, method: string, hostKey: string): Buffer {
	const list = (names: readonly string[]) => Buffer.from(names.join(","), "latin1");
	const { ciphers, macs, compression } = server;
	const lists = [[method], [hostKey], ciphers, ciphers, macs, macs, compression, compression, [], []].map(list);
	return Buffer.concat([Buffer.of(messages.kexInit), randomBytes(16), sshStrings(...lists), Buffer.alloc(5)]);
}

/** SSH_MSG_KEXDH_INIT or SSH_MSG_KEX_ECDH_INIT, which look alike (RFC 4253 section 8, RFC 5656 section 4). */
export function exchangeInitPayload(publicValue: Buffer): Buffer {
	return Buffer.concat([Buffer.of(messages.kexdhInit), sshStrings(publicValue)]);
}

/** SSH_MSG_KEX_DH_GEX_REQUEST: asks for 1024 bits, to learn what the server gives to one content with that little. */
export function gexRequestPayload(): Buffer {
	const payload = Buffer.alloc(13);
	payload[0] = messages.gexRequest;
	payload.writeUInt32BE(1_024, 1);
	payload.writeUInt32BE(1_024, 5);
	payload.writeUInt32BE(8_192, 9);
	return payload;
}

/** SSH_MSG_KEX_DH_GEX_INIT with a value fit for a modulus of `bits`. */
export function gexInitPayload(bits: number): Buffer {
	return Buffer.concat([Buffer.of(messages.gexInit), sshStrings(numberBelow(bits))]);
}

/** SSH_MSG_DISCONNECT by application: the parting that keeps "connection reset" out of the server's log. */
export function disconnectPayload(): Buffer {
	const reason = Buffer.of(messages.disconnect, 0, 0, 0, 11);
	return Buffer.concat([reason, sshStrings(Buffer.from("scan done"), Buffer.alloc(0))]);
}

/** A payload in an unencrypted packet (RFC 4253 section 6): padded to eight bytes, four of padding at least. */
export function packetOf(payload: Buffer): Buffer {
	const padding = 4 + ((8 - ((5 + payload.length + 4) % 8)) % 8);
	const head = Buffer.alloc(5);
	head.writeUInt32BE(1 + payload.length + padding, 0);
	head[4] = padding;
	return Buffer.concat([head, payload, randomBytes(padding)]);
}

function plain(name: string, publicValue: () => Buffer): KexMethod {
	return { name, kind: "plain", publicValue };
}

/** A random positive mpint of one bit less than `bits`, below any modulus of that size. */
function numberBelow(bits: number): Buffer {
	const bytes = randomBytes(Math.max(2, Math.ceil((Math.min(bits, 16_384) - 1) / 8)));
	const spare = bytes.length * 8 - (Math.min(bits, 16_384) - 1);
	bytes[0] = (bytes[0] ?? 0) & (0xff >> Math.min(spare, 8));
	bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 1;
	return (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : trimmed(bytes);
}

/** An mpint carries no leading zero byte unless the next one has its top bit set (RFC 4251 section 5). */
function trimmed(bytes: Buffer): Buffer {
	let start = 0;
	while (start < bytes.length - 1 && bytes[start] === 0 && ((bytes[start + 1] ?? 0) & 0x80) === 0) start += 1;
	return bytes.subarray(start);
}
