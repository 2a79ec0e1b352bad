/** Writes the bytes of a version key: what compares as bytes (memcmp, SQLite's BLOB order) as the versions compare. */

export class KeyWriter {
	private bytes = new Uint8Array(64);
	private length = 0;

	byte(value: number): this {
		if (this.length === this.bytes.length) {
			const larger = new Uint8Array(this.length * 2);
			larger.set(this.bytes);
			this.bytes = larger;
		}
		this.bytes[this.length++] = value;
		return this;
	}

	/** A number of any size, as digits; leading zeros count for nothing, and no digits are zero. */
	number(digits: string): this {
		let from = 0;
		while (from < digits.length && digits[from] === "0") from++;
		const count = digits.length - from;
		if (count < 0xff) this.byte(count);
		else
			this.byte(0xff)
				.byte(count >>> 16)
				.byte((count >>> 8) & 0xff)
				.byte(count & 0xff);
		return this.ascii(digits, from);
	}

	/** Characters below 256 as they are; what must end before a longer one needs a `byte(0)` after it. */
	ascii(text: string, from = 0): this {
		for (let i = from; i < text.length; i++) this.byte(text.charCodeAt(i));
		return this;
	}

	finish(): Uint8Array {
		return this.bytes.slice(0, this.length);
	}
}

/** An epoch is a C `int` to the package managers. */
const largestEpoch = 2 ** 31 - 1;

/** The epoch before the first colon and what follows it; null when what stands there is no epoch. */
export function splitEpoch(text: string): { epoch: number; rest: string } | null {
	const colon = text.indexOf(":");
	if (colon < 0) return { epoch: 0, rest: text };
	const digits = text.slice(0, colon);
	if (!/^[0-9]+$/.test(digits) || Number(digits) > largestEpoch) return null;
	return { epoch: Number(digits), rest: text.slice(colon + 1) };
}

/** Four bytes, big-endian. */
export function writeEpoch(key: KeyWriter, epoch: number): void {
	key
		.byte(epoch >>> 24)
		.byte((epoch >>> 16) & 0xff)
		.byte((epoch >>> 8) & 0xff)
		.byte(epoch & 0xff);
}
