/** Checks a private key before it is stored, so that the first host is not where one learns that it is of no use. */
import { createHash, createPrivateKey, randomBytes } from "node:crypto";
import { AppError } from "../../protocol/errors.ts";

export interface CheckedKey {
	/** `ssh-ed25519`, `ssh-rsa`, `ecdsa-sha2-nistp256`, … */
	readonly type: string;
	/** Of its public key, as ssh-keygen prints it. */
	readonly fingerprint: string;
	/** The public key as SSH encodes it. */
	readonly publicKey: Uint8Array;
	readonly encrypted: boolean;
	/**
	 * The same key without a passphrase. Under the seal it is as safe as with one beside it, and a login need not spend
	 * tenths of a second on opening it.
	 */
	readonly opened: string;
}

/** What is wrong with a key: `details.problem` of the error. */
export type KeyProblem = "public" | "putty" | "certificate" | "encrypted" | "passphrase" | "slow" | "format";

/** Bcrypt rounds of an OpenSSH key beyond which opening it would hold everything up for seconds; ssh-keygen's own are 16 or 24. */
const mostRounds = 128;

/** What an OpenSSH private key begins with. */
const magic = "openssh-key-v1\0";

/** As it is kept: without what editors leave. */
export function tidyKey(text: string): string {
	return `${text
		.replace(/^\uFEFF/, "")
		.replace(/\r\n?/g, "\n")
		.trim()}\n`;
}

/** Throws `invalid`; nothing of the key is in the error. `text` as `tidyKey` gives it. */
export async function checkPrivateKey(text: string, passphrase: string | null): Promise<CheckedKey> {
	refuseOthers(text);
	const cipher = openSshCipher(text);
	if (cipher !== null && cipher.rounds > mostRounds) {
		throw wrongKey("slow", `Opening the key takes ${cipher.rounds} rounds; the most is ${mostRounds}.`, {
			hint: "Encrypt it anew with fewer: ssh-keygen -p -a 64 -f FILE",
		});
	}
	const encrypted = cipher === null ? isEncryptedPem(text) : cipher.name !== "none";
	if (encrypted && passphrase === null) {
		throw wrongKey("encrypted", "The private key is encrypted, and there is no passphrase for it.", {
			hint: "Give its passphrase too: vedette credential … --passphrase",
		});
	}
	const { default: ssh2 } = await import("ssh2");
	const parsed = ssh2.utils.parseKey(text, encrypted ? (passphrase ?? undefined) : undefined);
	const key = parsed instanceof Error ? null : [parsed].flat()[0];
	if (key == null || !key.isPrivateKey()) {
		if (encrypted && !/Unsupported/.test(parsed instanceof Error ? parsed.message : "")) {
			throw wrongKey("passphrase", "That is not the passphrase of the private key.", {
				hint: "Try it by hand: ssh-keygen -y -f FILE",
			});
		}
		throw formatUnknown();
	}
	const publicKey = Uint8Array.from(key.getPublicSSH());
	const opened = encrypted ? openedText(key.getPrivatePEM(), publicKey) : text;
	return { type: key.type, fingerprint: fingerprintOf(publicKey), publicKey, encrypted, opened };
}

/** PEM as SSH libraries read it; Ed25519, which has no such form, in OpenSSH's own (PROTOCOL.key). */
function openedText(pem: string, publicKey: Uint8Array): string {
	if (!pem.startsWith("-----BEGIN PRIVATE KEY-----")) return `${pem.trim()}\n`;
	const { d = "", x = "" } = createPrivateKey(pem).export({ format: "jwk" });
	const [seed, point] = [Buffer.from(d, "base64url"), Buffer.from(x, "base64url")];
	const one = Buffer.from([0, 0, 0, 1]);
	const check = randomBytes(4);
	const parts = ["ssh-ed25519", point, Buffer.concat([seed, point]), ""].map(field);
	const secret = Buffer.concat([check, check, ...parts]);
	const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7]).subarray(0, (8 - (secret.length % 8)) % 8);
	const inner = field(Buffer.concat([secret, padding]));
	const outer = [Buffer.from(magic), ...["none", "none", ""].map(field), one, field(publicKey), inner];
	const lines = Buffer.concat(outer)
		.toString("base64")
		.replace(/(.{70})/g, "$1\n")
		.trim();
	return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

/** As ssh-keygen prints it. */
export function fingerprintOf(blob: Uint8Array): string {
	return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

function refuseOthers(text: string): void {
	if (/^(ssh|ecdsa|sk)-[a-z0-9@.-]*-cert-v01@openssh\.com /.test(text)) {
		throw wrongKey("certificate", "That is a certificate, not the private key it belongs to.", {
			hint: "Give the private key as the key, and this as its certificate.",
		});
	}
	if (/^(ssh-|ecdsa-|sk-)\S+ AAAA/.test(text) || /^-+ ?BEGIN [A-Z0-9 ]*PUBLIC KEY/.test(text)) {
		throw wrongKey("public", "That is a public key; the private one is needed.", {
			hint: "It lies beside it, under the same name without .pub. It never leaves the daemon.",
		});
	}
	if (text.startsWith("PuTTY-User-Key-File-")) {
		throw wrongKey("putty", "That is a key of PuTTY, in a format of its own.", {
			hint: "Turn it into OpenSSH's: puttygen key.ppk -O private-openssh -o key",
		});
	}
	if (/^-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/.test(text)) {
		throw wrongKey("format", "That private key is in the format PKCS #8, which SSH logins here cannot use.", {
			hint: "Turn a copy of it into OpenSSH's format: ssh-keygen -p -f FILE",
		});
	}
	if (!/^-----BEGIN (OPENSSH|RSA|EC|DSA) PRIVATE KEY-----\n/.test(text)) throw formatUnknown();
}

function formatUnknown(): AppError {
	return wrongKey("format", "That is no private key that can be read.", {
		hint: "Give a file as ssh-keygen writes it: it begins with -----BEGIN OPENSSH PRIVATE KEY-----. Keys on a security token need an agent.",
	});
}

function wrongKey(problem: KeyProblem, message: string, { hint }: { hint: string }): AppError {
	return new AppError("invalid", message, { hint, details: { problem } });
}

/** RFC 1421's header, as OpenSSL writes it. */
function isEncryptedPem(text: string): boolean {
	return /^Proc-Type: 4,ENCRYPTED$/m.test(text.slice(0, 500));
}

/** OpenSSH's PROTOCOL.key: magic, cipher name, KDF name, KDF options (salt, rounds). Null for another format. */
function openSshCipher(text: string): { readonly name: string; readonly rounds: number } | null {
	const body = /^-----BEGIN OPENSSH PRIVATE KEY-----\n([A-Za-z0-9+/=\n]+)/.exec(text)?.[1];
	if (body === undefined) return null;
	const bytes = Buffer.from(body, "base64");
	if (bytes.toString("latin1", 0, magic.length) !== magic) return null;
	const name = stringAt(bytes, magic.length);
	const kdf = name && stringAt(bytes, name.end);
	const options = kdf && stringAt(bytes, kdf.end);
	const salt = options && stringAt(options.bytes, 0);
	if (name == null || options == null) return null;
	const rounds = salt != null && options.bytes.length >= salt.end + 4 ? options.bytes.readUInt32BE(salt.end) : 0;
	return { name: name.bytes.toString("latin1"), rounds };
}

/** RFC 4251, 5: a length and as many bytes. Null when they are not there. */
function stringAt(bytes: Buffer, at: number): { readonly bytes: Buffer; readonly end: number } | null {
	if (at + 4 > bytes.length) return null;
	const end = at + 4 + bytes.readUInt32BE(at);
	return end > bytes.length ? null : { bytes: bytes.subarray(at + 4, end), end };
}

function field(content: Uint8Array | string): Buffer {
	const bytes = Buffer.from(content as string);
	const length = Buffer.alloc(4);
	length.writeUInt32BE(bytes.length);
	return Buffer.concat([length, bytes]);
}
