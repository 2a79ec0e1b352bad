/**
 * Shows an OpenSSH user certificate (PROTOCOL.certkeys) in place of its key. ssh2 would sign in the certificate's name, which
 * servers refuse: the request names the certificate's algorithm, the signature within it that of the key (RFC 8332, 3).
 */
import { createPrivateKey, sign } from "node:crypto";
import type { Client, ParsedKey } from "ssh2";
import type { ReadCertificate } from "../credentials/certificate.ts";

/** By type of key: what signs, the hash, and under which name the certificate is asked for. */
const algorithms: Readonly<Record<string, { readonly name: string; readonly hash: string | null }>> = {
	"ssh-ed25519": { name: "ssh-ed25519", hash: null },
	// SHA-1, which the plain name stands for, is refused today.
	"ssh-rsa": { name: "rsa-sha2-512", hash: "sha512" },
	"ecdsa-sha2-nistp256": { name: "ecdsa-sha2-nistp256", hash: "sha256" },
	"ecdsa-sha2-nistp384": { name: "ecdsa-sha2-nistp384", hash: "sha384" },
	"ecdsa-sha2-nistp521": { name: "ecdsa-sha2-nistp521", hash: "sha512" },
};

/** A key to log in with, for this client alone. Null for a type of key whose certificates cannot be shown. */
export function certifiedKey(client: Client, key: ParsedKey, certificate: ReadCertificate): ParsedKey | null {
	const algorithm = algorithms[certificate.keyType];
	if (algorithm === undefined) return null;
	const { name, hash } = algorithm;
	const blob = Buffer.from(certificate.line.split(" ", 2)[1] ?? "", "base64");
	// Only a key that ssh2 has parsed is one to it: this is that key with another face.
	return Object.create(key, {
		type: { value: `${name}-cert-v01@openssh.com` },
		getPublicSSH: { value: () => blob },
		sign: {
			value(data: Buffer): Buffer | Error {
				try {
					const signature = signed(key.getPrivatePEM(), hash, data);
					renameNextSignature(client, name);
					return signature;
				} catch (err) {
					return err instanceof Error ? err : new Error(String(err));
				}
			},
		},
	}) as ParsedKey;
}

/** As SSH writes it (RFC 8032; RFC 5656, 3.1.2; RFC 8332, 3). */
function signed(pem: string, hash: string | null, data: Buffer): Buffer {
	const privateKey = createPrivateKey(pem);
	if (privateKey.asymmetricKeyType !== "ec") return sign(hash, data, privateKey);
	const both = sign(hash, data, { key: privateKey, dsaEncoding: "ieee-p1363" });
	const half = both.length / 2;
	return Buffer.concat([both.subarray(0, half), both.subarray(half)].map((number) => withLength(asInteger(number))));
}

/** RFC 4251, 5, mpint: no zeros in front but one where the highest bit is set. */
function asInteger(number: Buffer): Buffer {
	let at = 0;
	while (at < number.length - 1 && number[at] === 0) at++;
	const short = number.subarray(at);
	return (short[0] ?? 0) > 127 ? Buffer.concat([Buffer.of(0), short]) : short;
}

/** What writes ssh2's packets; not part of its interface. */
interface PacketWriter {
	allocStart: number;
	alloc(size: number, force?: boolean): Buffer;
	finalize(packet: Buffer, force?: boolean): Buffer;
}

/**
 * ssh2 writes the signed request as soon as `sign` returns: that one packet is made apart, and goes out with the name of the
 * signature put right. Throws when ssh2 is no longer made like this.
 */
function renameNextSignature(client: Client, name: string): void {
	const inside = client as unknown as { _protocol?: { _packetRW?: { write?: PacketWriter } } };
	const writer = inside._protocol?._packetRW?.write;
	if (writer === undefined) throw new Error("this version of ssh2 cannot show certificates");
	const { alloc, finalize, allocStart } = writer;
	writer.alloc = (size) => Buffer.alloc(allocStart + size);
	writer.finalize = (packet, force) => {
		writer.alloc = alloc;
		writer.finalize = finalize;
		const payload = renamed(packet.subarray(allocStart), name);
		const made = writer.alloc(payload.length, force);
		payload.copy(made, allocStart);
		return writer.finalize(made, force);
	};
}

/** SSH_MSG_USERAUTH_REQUEST (RFC 4252, 7): its last field holds the signature and what it is called. */
function renamed(payload: Buffer, name: string): Buffer {
	let at = 1;
	// User, service and method; a flag; algorithm and key.
	for (let field = 0; field < 5; field++) {
		at += 4 + payload.readUInt32BE(at);
		if (field === 2) at++;
	}
	const nameLength = payload.readUInt32BE(at + 4);
	const signature = at + 8 + nameLength;
	const length = payload.readUInt32BE(signature);
	const body = [Buffer.from(name, "latin1"), payload.subarray(signature + 4, signature + 4 + length)].map(withLength);
	return Buffer.concat([payload.subarray(0, at), withLength(Buffer.concat(body))]);
}

function withLength(bytes: Buffer): Buffer {
	const length = Buffer.alloc(4);
	length.writeUInt32BE(bytes.length);
	return Buffer.concat([length, bytes]);
}
