/** Content codings undone within a bound (RFC 9110 section 8.4): a bomb gives its first bytes and no more. Never throws. */
import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from "node:zlib";

/** What we offer to read; kept to codings every server of the last twenty years has, and brotli. */
export const acceptedCodings = "gzip, deflate, br";

export interface Decoded {
	bytes: Buffer;
	/** False when a coding was unknown or broken: `bytes` is then what could be had. */
	complete: boolean;
}

/** Undoes the codings of a Content-Encoding field, last first; three at most. */
export function decodeBody(body: Buffer, contentEncoding: string, maxBytes: number): Decoded {
	const codings = contentEncoding
		.toLowerCase()
		.split(",", 8)
		.map((coding) => coding.trim())
		.filter((coding) => coding !== "" && coding !== "identity");
	if (codings.length > 3) return { bytes: body.subarray(0, maxBytes), complete: false };
	let bytes = body;
	let complete = true;
	for (const coding of codings.reverse()) {
		const decoded = decodeOne(bytes, coding, maxBytes);
		if (!decoded) return { bytes: bytes.subarray(0, maxBytes), complete: false };
		bytes = decoded.bytes;
		complete &&= decoded.complete;
	}
	return { bytes: bytes.subarray(0, maxBytes), complete };
}

/** Less and less of the input until what it grows to fits: the first bytes of a bomb, the whole of anything honest. */
function decodeOne(bytes: Buffer, coding: string, maxBytes: number): Decoded | null {
	for (let part = bytes; part.length > 0; part = part.subarray(0, part.length >> 1)) {
		try {
			const decoded = inflate(part, coding, maxBytes);
			return decoded && { bytes: decoded, complete: part === bytes };
		} catch (err) {
			const tooLarge = err instanceof RangeError && "code" in err && err.code === "ERR_BUFFER_TOO_LARGE";
			if (!tooLarge) return null;
		}
	}
	return { bytes, complete: true };
}

/** A body that was cut off decodes as far as it goes; one that would grow past the bound makes zlib throw. */
function inflate(bytes: Buffer, coding: string, maxOutputLength: number): Buffer | null {
	const zlib = { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH };
	switch (coding) {
		case "gzip":
		case "x-gzip":
			return gunzipSync(bytes, zlib);
		case "br":
			return brotliDecompressSync(bytes, { maxOutputLength, finishFlush: constants.BROTLI_OPERATION_FLUSH });
		case "deflate":
			// Some servers send the bare deflate stream, without the zlib wrapper the standard asks for.
			return ((bytes[0] ?? 0) & 0x0f) === 8 ? inflateSync(bytes, zlib) : inflateRawSync(bytes, zlib);
		default:
			return null;
	}
}
