/** SSH public keys as OpenSSH writes them, and checking a signature with one. Pure; what is no key is null. */
import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import { SshReader, strictBase64 } from "./reader.ts";

export interface SshPublicKey {
	/** As in its file, e.g. `ssh-ed25519`. */
	readonly type: string;
	/** Base64 of the blob. */
	readonly key: string;
	/** As `ssh-keygen -l` writes it: `SHA256:…`. */
	readonly fingerprint: string;
	readonly comment: string;
}

/** No key is longer: RSA of 16,384 bits. Characters of the line. */
const longestLine = 8_192;
const smallestRsaBits = 2_048;

/** One line of a `.pub` file. Null for anything that is not one key of a type that can be verified with. */
export function parsePublicKeyLine(text: string): SshPublicKey | null {
	if (text.length > longestLine) return null;
	const [, type = "", key = "", comment = ""] = /^\s*(\S+)[ \t]+(\S+)(?:[ \t]+([^\n\r]*))?\s*$/.exec(text) ?? [];
	const blob = strictBase64(key);
	if (blob === null || readKey(blob)?.type !== type) return null;
	return { type, key, fingerprint: fingerprintOfBlob(blob), comment: comment.trim().slice(0, 200) };
}

export function fingerprintOfBlob(blob: Uint8Array): string {
	return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

/**
 * Is `signature` (the last field of an SSHSIG or of a certificate) this key's over `data`? SHA-1, keys of RSA below 2,048
 * bits, and security keys nobody touched (PROTOCOL.u2f) do not count.
 */
export function isSignedBy(blob: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean {
	const key = readKey(blob);
	const reader = new SshReader(signature);
	const format = reader.name();
	const raw = reader.string();
	if (key === null || format === null || raw === null) return false;
	const algorithm = key.algorithms[format];
	if (algorithm === undefined) return false;
	const { hash, numbers } = algorithm;
	let signed: Uint8Array = data;
	if (key.application !== null) {
		const [flags] = reader.bytes(1) ?? [];
		const counter = reader.bytes(4);
		if (flags === undefined || counter === null || (flags & userPresent) === 0) return false;
		signed = Buffer.concat([sha256(key.application), Buffer.of(flags), counter, sha256(data)]);
	}
	if (!reader.atEnd) return false;
	const bytes = numbers === null ? raw : bothNumbers(raw, numbers);
	if (bytes === null) return false;
	try {
		return verify(hash, signed, { key: key.object, dsaEncoding: "ieee-p1363" }, bytes);
	} catch {
		return false;
	}
}

/** The flag of a security key that somebody touched it. */
const userPresent = 0x01;

interface Algorithm {
	readonly hash: string | null;
	/** Of signatures that are two numbers: the bytes of each. */
	readonly numbers: number | null;
}

interface ReadKey {
	readonly type: string;
	readonly object: KeyObject;
	/** By the name a signature gives itself. */
	readonly algorithms: Readonly<Record<string, Algorithm>>;
	/** Of security keys: what they sign for. */
	readonly application: Buffer | null;
}

const curves: Readonly<Record<string, { readonly jwk: string; readonly bytes: number; readonly hash: string }>> = {
	nistp256: { jwk: "P-256", bytes: 32, hash: "sha256" },
	nistp384: { jwk: "P-384", bytes: 48, hash: "sha384" },
	nistp521: { jwk: "P-521", bytes: 66, hash: "sha512" },
};

/** RFC 8709 (Ed25519), RFC 5656 (ECDSA), RFC 8332 (RSA), PROTOCOL.u2f (security keys). */
function readKey(blob: Uint8Array): ReadKey | null {
	const reader = new SshReader(blob);
	const type = reader.name() ?? "";
	const isSecurityKey = type.startsWith("sk-");
	const plain = isSecurityKey ? type.slice("sk-".length).replace(/@openssh\.com$/, "") : type;
	const jwk = plain === "ssh-ed25519" ? ed25519(reader) : plain === "ssh-rsa" ? rsa(reader) : ecdsa(reader, plain);
	const application = isSecurityKey ? reader.string() : null;
	if (jwk === null || !reader.atEnd || (isSecurityKey && (application === null || !type.endsWith("@openssh.com")))) {
		return null;
	}
	const algorithms = plain === "ssh-rsa" ? rsaAlgorithms : { [type]: jwk.algorithm };
	try {
		return { type, application, algorithms, object: createPublicKey({ key: jwk.key, format: "jwk" }) };
	} catch {
		// A point that is not on its curve.
		return null;
	}
}

const rsaAlgorithms: Readonly<Record<string, Algorithm>> = {
	"rsa-sha2-256": { hash: "sha256", numbers: null },
	"rsa-sha2-512": { hash: "sha512", numbers: null },
};

interface Jwk {
	readonly key: Record<string, string>;
	readonly algorithm: Algorithm;
}

function ed25519(reader: SshReader): Jwk | null {
	const x = reader.string();
	if (x?.length !== 32) return null;
	return {
		key: { kty: "OKP", crv: "Ed25519", x: x.toString("base64url") },
		algorithm: { hash: null, numbers: null },
	};
}

function rsa(reader: SshReader): Jwk | null {
	const e = reader.positive();
	const n = reader.positive();
	if (e === null || n === null || e.length > 8 || n.length * 8 < smallestRsaBits || n.length > 2_048) return null;
	const key = { kty: "RSA", n: n.toString("base64url"), e: e.toString("base64url") };
	return { key, algorithm: { hash: "sha512", numbers: null } };
}

function ecdsa(reader: SshReader, plain: string): Jwk | null {
	const name = reader.name() ?? "";
	const curve = curves[name];
	const point = reader.string();
	if (curve === undefined || plain !== `ecdsa-sha2-${name}`) return null;
	const { jwk: crv, bytes, hash } = curve;
	// Uncompressed points alone (SEC 1, 2.3.3).
	if (point?.length !== 1 + 2 * bytes || point[0] !== 4) return null;
	const [x, y] = [point.subarray(1, 1 + bytes), point.subarray(1 + bytes)];
	const key = { kty: "EC", crv, x: x.toString("base64url"), y: y.toString("base64url") };
	return { key, algorithm: { hash, numbers: bytes } };
}

/** RFC 5656, 3.1.2: r and s, here each filled up to its full length. */
function bothNumbers(raw: Uint8Array, bytes: number): Buffer | null {
	const reader = new SshReader(raw);
	const numbers = [reader.positive(), reader.positive()];
	const full = numbers.map((number) =>
		number === null || number.length > bytes ? null : Buffer.concat([Buffer.alloc(bytes - number.length), number]),
	);
	const [r, s] = full;
	return r && s && reader.atEnd ? Buffer.concat([r, s]) : null;
}

function sha256(bytes: Uint8Array): Buffer {
	return createHash("sha256").update(bytes).digest();
}
