/**
 * Secrets at rest: AES-256-GCM (NIST SP 800-38D) under a data key, bound to the place they are kept at, so that a sealed
 * text copied to another row, or an older version put back, does not open.
 */
import { createCipheriv, createDecipheriv, randomBytes, randomInt } from "node:crypto";
import { AppError } from "../../protocol/errors.ts";

/** Where a sealed text belongs: part of what is authenticated. */
export interface SealedPlace {
	readonly table: string;
	readonly id: string;
	/** Raised by each change. */
	readonly version: number;
}

/** First byte of a sealed text: how it is sealed. */
const format = 1;
const nonceBytes = 12;
const tagBytes = 16;
/** Shorter secrets are filled up, so that the length of a password cannot be told from its sealed form. Bytes. */
const smallest = 256;
/** Private keys of 16,384 bits are about 12 kB. */
export const largestSecret = 65_536;

export const keyBytes = 32;

/** A key of its own; wiped with `destroy`. */
export class SecretKey {
	readonly #bytes: Buffer;
	/** Tells keys apart without giving anything away. */
	readonly id: string;

	/** Takes the bytes over. Throws `internal` for any other length than 32. */
	constructor(bytes: Buffer, id: string) {
		if (bytes.length !== keyBytes) throw new AppError("internal", `A key has ${keyBytes} bytes, not ${bytes.length}.`);
		this.#bytes = bytes;
		this.id = id;
	}

	static random(): SecretKey {
		return new SecretKey(randomBytes(keyBytes), randomInt(2 ** 47).toString(36));
	}

	/** Throws `too-large` for more than `largestSecret` bytes. */
	seal(secret: string, place: SealedPlace): Uint8Array {
		const plain = Buffer.from(secret, "utf8");
		if (plain.length > largestSecret) {
			throw new AppError("too-large", `A secret of ${plain.length} bytes is too long; the most is ${largestSecret}.`);
		}
		const padded = Buffer.alloc(4 + Math.max(smallest, plain.length));
		padded.writeUInt32BE(plain.length);
		plain.copy(padded, 4);
		plain.fill(0);
		const nonce = randomBytes(nonceBytes);
		const cipher = createCipheriv("aes-256-gcm", this.#bytes, nonce).setAAD(boundTo(place));
		const sealed = Buffer.concat([
			Buffer.of(format),
			nonce,
			cipher.update(padded),
			cipher.final(),
			cipher.getAuthTag(),
		]);
		padded.fill(0);
		return sealed;
	}

	/** Null for what was not sealed with this key at this place, whatever it is. */
	open(sealed: Uint8Array, place: SealedPlace): string | null {
		if (sealed[0] !== format || sealed.length < 1 + nonceBytes + 4 + tagBytes) return null;
		const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
		const decipher = createDecipheriv("aes-256-gcm", this.#bytes, bytes.subarray(1, 1 + nonceBytes), {
			authTagLength: tagBytes,
		});
		decipher.setAAD(boundTo(place)).setAuthTag(bytes.subarray(-tagBytes));
		try {
			const padded = Buffer.concat([decipher.update(bytes.subarray(1 + nonceBytes, -tagBytes)), decipher.final()]);
			const secret = padded.toString("utf8", 4, 4 + padded.readUInt32BE());
			padded.fill(0);
			return secret;
		} catch {
			return null;
		}
	}

	/** Opens what this key is wrapped in, by whoever holds `outer`. */
	wrap(outer: SecretKey, place: SealedPlace): Uint8Array {
		return outer.seal(this.#bytes.toString("base64"), place);
	}

	destroy(): void {
		this.#bytes.fill(0);
	}
}

function boundTo({ table, id, version }: SealedPlace): Buffer {
	return Buffer.from(JSON.stringify([table, id, version]), "utf8");
}
