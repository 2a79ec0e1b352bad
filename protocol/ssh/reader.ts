/** Reads the types of RFC 4251, section 5, from bytes that anybody may have written: bounded, and never throws. */

export class SshReader {
	readonly #bytes: Buffer;
	#at = 0;

	constructor(bytes: Uint8Array) {
		this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	}

	get atEnd(): boolean {
		return this.#at === this.#bytes.length;
	}

	/** Null when so many bytes are not there. */
	bytes(count: number): Buffer | null {
		if (count > this.#bytes.length - this.#at) return null;
		this.#at += count;
		return this.#bytes.subarray(this.#at - count, this.#at);
	}

	uint32(): number | null {
		return this.bytes(4)?.readUInt32BE() ?? null;
	}

	/** `string`: any bytes with their length before them. */
	string(): Buffer | null {
		const length = this.uint32();
		return length === null ? null : this.bytes(length);
	}

	/** A `string` of visible ASCII, as names are. */
	name(): string | null {
		const text = this.string()?.toString("latin1");
		return text !== undefined && /^[!-~]{1,128}$/.test(text) ? text : null;
	}

	/** A positive `mpint` in its one spelling, without the zero that keeps it positive. */
	positive(): Buffer | null {
		const bytes = this.string();
		const [first, second] = bytes ?? [];
		if (bytes === null || first === undefined || first > 127) return null;
		if (first !== 0) return bytes;
		return second !== undefined && second > 127 ? bytes.subarray(1) : null;
	}
}

/** `string` of RFC 4251. */
export function sshString(value: string | Uint8Array): Buffer {
	const bytes = typeof value === "string" ? Buffer.from(value) : value;
	const length = Buffer.alloc(4);
	length.writeUInt32BE(bytes.length);
	return Buffer.concat([length, bytes]);
}

/** The bytes of base64 (RFC 4648, section 4) in its one spelling; null for anything else. */
export function strictBase64(text: string): Buffer | null {
	const bytes = Buffer.from(text, "base64");
	return bytes.length > 0 && bytes.toString("base64") === text ? bytes : null;
}
