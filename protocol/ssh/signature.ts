/**
 * Signatures of files as `ssh-keygen -Y sign` makes them (OpenSSH, PROTOCOL.sshsig): reading and checking. Pure; nothing in
 * one makes it throw.
 */
import { createHash } from "node:crypto";
import { fingerprintOfBlob, isSignedBy } from "./public-key.ts";
import { SshReader, sshString, strictBase64 } from "./reader.ts";

export interface SshSignature {
	/** Base64 of the public key that says it signed. */
	readonly key: string;
	readonly fingerprint: string;
	/** What the signature is for: one made for something else must not count. */
	readonly namespace: string;
	readonly hash: "sha256" | "sha512";
	/** The key's own signature, with the name of its algorithm. */
	readonly signature: Uint8Array;
}

const magic = "SSHSIG";
const begin = "-----BEGIN SSH SIGNATURE-----";
const end = "-----END SSH SIGNATURE-----";
/** An RSA key of 16,384 bits makes one of 6,000. Characters. */
const longest = 16_384;

/** What `ssh-keygen -Y sign` writes. Null for anything else. */
export function parseArmoredSignature(text: string): SshSignature | null {
	if (text.length > longest) return null;
	const lines = text.trim().split(/\r?\n/);
	if (lines[0] !== begin || lines.at(-1) !== end) return null;
	const blob = strictBase64(lines.slice(1, -1).join(""));
	return blob === null ? null : parseSignature(blob);
}

/** The bytes within the armour. Null for anything that is not one signature and nothing after it. */
export function parseSignature(blob: Uint8Array): SshSignature | null {
	const reader = new SshReader(blob);
	if (reader.bytes(magic.length)?.toString("latin1") !== magic || reader.uint32() !== 1) return null;
	const key = reader.string();
	const namespace = reader.name();
	// Reserved; whatever is in it, it is signed too, and nobody knows what it means.
	const reserved = reader.string();
	const hash = reader.name();
	const signature = reader.string();
	if (key === null || namespace === null || reserved?.length !== 0 || signature === null || !reader.atEnd) return null;
	if (hash !== "sha256" && hash !== "sha512") return null;
	return { key: key.toString("base64"), fingerprint: fingerprintOfBlob(key), namespace, hash, signature };
}

/** Is it over this text, for this purpose, by the key it names? Whose key that is must be known from elsewhere. */
export function isSignatureOver(found: SshSignature, text: string | Uint8Array, namespace: string): boolean {
	if (found.namespace !== namespace) return false;
	const data = signedData(text, namespace, found.hash);
	return isSignedBy(Buffer.from(found.key, "base64"), data, found.signature);
}

/** What the key signs in place of the text. */
export function signedData(text: string | Uint8Array, namespace: string, hash: "sha256" | "sha512"): Buffer {
	const digest = createHash(hash).update(text).digest();
	return Buffer.concat([Buffer.from(magic), ...[namespace, "", hash, digest].map(sshString)]);
}

/** The bytes of a signature, from the blob of the key and what it answered to `signedData`. */
export function signatureBlob(key: Uint8Array, namespace: string, hash: string, signature: Uint8Array): Buffer {
	const version = Buffer.of(0, 0, 0, 1);
	return Buffer.concat([Buffer.from(magic), version, ...[key, namespace, "", hash, signature].map(sshString)]);
}
