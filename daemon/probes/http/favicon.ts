/** Hashes of a site's icon, the way search engines for the Internet's machines write them. Pure. */
import { createHash } from "node:crypto";

export interface Favicon {
	/** Of the bytes as sent, lower-case hex. */
	sha256: string;
	/** MurmurHash3 (x86, 32 bits, seed 0, signed) of the base64 text broken into lines of 76, as MIME has it. */
	mmh3: number;
}

export function hashFavicon(icon: Uint8Array): Favicon {
	const base64 = Buffer.from(icon).toString("base64");
	const lines = base64.replace(/.{1,76}/g, "$&\n");
	return { sha256: createHash("sha256").update(icon).digest("hex"), mmh3: murmur3(Buffer.from(lines, "latin1")) };
}

/** MurmurHash3_x86_32 with seed 0, as a signed number. */
export function murmur3(bytes: Uint8Array): number {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const whole = bytes.length & ~3;
	let hash = 0;
	for (let i = 0; i < whole; i += 4) {
		hash ^= scrambled(view.getInt32(i, true));
		hash = (hash << 13) | (hash >>> 19);
		hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
	}
	let tail = 0;
	for (let i = bytes.length - 1; i >= whole; i -= 1) tail = (tail << 8) | (bytes[i] ?? 0);
	if (whole < bytes.length) hash ^= scrambled(tail);
	hash ^= bytes.length;
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return hash ^ (hash >>> 16);
}

function scrambled(block: number): number {
	const product = Math.imul(block, 0xcc9e2d51);
	return Math.imul((product << 15) | (product >>> 17), 0x1b873593);
}
