/** Reads an OpenSSH user certificate (PROTOCOL.certkeys): for whom and how long it is good. Its signature is the host's to check. */
import type { CertificateFacts } from "../../protocol/model/credential.ts";

export interface ReadCertificate {
	readonly facts: CertificateFacts;
	/** The type of the key it is for: `ssh-ed25519`, … */
	readonly keyType: string;
	/** That key as SSH encodes it, to be compared with the private one's. */
	readonly publicKey: Uint8Array;
	readonly forUsers: boolean;
	/** Without its comment. */
	readonly line: string;
}

/** How many fields stand for the key itself, by type. */
const keyFields: Readonly<Record<string, number>> = {
	"ssh-ed25519": 1,
	"ssh-rsa": 2,
	"ecdsa-sha2-nistp256": 2,
	"ecdsa-sha2-nistp384": 2,
	"ecdsa-sha2-nistp521": 2,
};
const suffix = "-cert-v01@openssh.com";
const forGood = 0xffff_ffff_ffff_ffffn;
const lastDate = 8_640_000_000_000n;
const mostPrincipals = 1_000;

/** Null for anything else. Never throws. */
export function readCertificate(text: string): ReadCertificate | null {
	const [type = "", body = ""] = text.trim().split(/\s+/, 2);
	const keyType = type.endsWith(suffix) ? type.slice(0, -suffix.length) : "";
	const fields = keyFields[keyType];
	if (fields === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(body)) return null;
	const reader = new Reader(Buffer.from(body, "base64"));
	if (reader.string().toString("latin1") !== type) return null;
	reader.string();
	const key = Array.from({ length: fields }, () => reader.string());
	reader.uint64();
	const kind = reader.uint32();
	const keyId = reader.string().toString("utf8");
	const principals = principalsOf(reader.string());
	const [from, until] = [reader.uint64(), reader.uint64()];
	if (reader.failed || principals === null) return null;
	return {
		facts: {
			keyId: keyId.slice(0, 1_000),
			principals,
			validFrom: from === 0n ? null : momentOf(from),
			validUntil: until === forGood ? null : momentOf(until),
		},
		keyType,
		publicKey: Buffer.concat([Buffer.from(keyType, "latin1"), ...key].flatMap(withLength)),
		forUsers: kind === 1,
		line: `${type} ${body}`,
	};
}

function principalsOf(bytes: Buffer): string[] | null {
	const reader = new Reader(bytes);
	const principals: string[] = [];
	while (!reader.failed && reader.left > 0 && principals.length < mostPrincipals)
		principals.push(reader.string().toString("utf8").slice(0, 300));
	return reader.failed ? null : principals;
}

function momentOf(seconds: bigint): string {
	return new Date(Number(seconds > lastDate ? lastDate : seconds) * 1_000).toISOString().replace(/^\+\d\d/, "");
}

function withLength(bytes: Buffer): Buffer[] {
	const length = Buffer.alloc(4);
	length.writeUInt32BE(bytes.length);
	return [length, bytes];
}

/** RFC 4251, 5. What is not there reads as nothing, and `failed` says so. */
class Reader {
	failed = false;
	readonly #bytes: Buffer;
	#at = 0;

	constructor(bytes: Buffer) {
		this.#bytes = bytes;
	}

	get left(): number {
		return this.#bytes.length - this.#at;
	}

	string(): Buffer {
		return this.#take(this.uint32());
	}

	uint32(): number {
		const bytes = this.#take(4);
		return this.failed ? 0 : bytes.readUInt32BE();
	}

	uint64(): bigint {
		const bytes = this.#take(8);
		return this.failed ? 0n : bytes.readBigUInt64BE();
	}

	#take(length: number): Buffer {
		if (this.failed || length > this.left) {
			this.failed = true;
			return Buffer.alloc(0);
		}
		this.#at += length;
		return this.#bytes.subarray(this.#at - length, this.#at);
	}
}
