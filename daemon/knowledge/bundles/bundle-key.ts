/** Keys that sign bundles: Ed25519 (RFC 8032), their ids, and the line by which a public key is carried. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";

/** The first word of such a line. */
const lineWord = "vedette-key";
const publicKeyBytes = 32;

export interface KeyPair {
	/** 32 bytes, base64. */
	readonly publicKey: string;
	/** PKCS #8 in PEM. */
	readonly secret: string;
}

export function makeKeyPair(): KeyPair {
	const { publicKey, privateKey } = generateKeyPairSync("ed25519");
	const { x = "" } = publicKey.export({ format: "jwk" });
	return {
		publicKey: Buffer.from(x, "base64url").toString("base64"),
		secret: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
	};
}

/** Sixteen hexadecimal digits. */
export function keyId(publicKey: string): string {
	return createHash("sha256").update(Buffer.from(publicKey, "base64")).digest("hex").slice(0, 16);
}

/** Null for what is no public key. */
export function publicKeyObject(publicKey: string): KeyObject | null {
	const bytes = Buffer.from(publicKey, "base64");
	if (bytes.length !== publicKeyBytes) return null;
	try {
		const jwk = { kty: "OKP", crv: "Ed25519", x: bytes.toString("base64url") };
		return createPublicKey({ key: jwk, format: "jwk" });
	} catch {
		return null;
	}
}

export function secretKeyObject(secret: string): KeyObject {
	return createPrivateKey(secret);
}

/** `vedette-key BASE64 NAME`. */
export function keyLine(publicKey: string, name: string): string {
	return `${lineWord} ${publicKey} ${name}`;
}

/** Null for what is no such line. */
export function parseKeyLine(line: string): { readonly publicKey: string; readonly name: string } | null {
	const found = /^vedette-key ([A-Za-z0-9+/]{43}=)(?: +(\S.{0,59}))?$/.exec(line.trim());
	const publicKey = found?.[1];
	if (publicKey === undefined || publicKeyObject(publicKey) === null) return null;
	return { publicKey, name: found?.[2]?.trim() ?? keyId(publicKey) };
}
