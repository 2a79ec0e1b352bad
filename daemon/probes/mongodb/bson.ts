/** As much of BSON (bsonspec.org 1.1) as a MongoDB handshake needs. Reading is pure, total and bounded in depth and elements. */

export type BsonValue = null | boolean | number | bigint | string | Buffer | BsonValue[] | BsonDocument;
export interface BsonDocument {
	readonly [name: string]: BsonValue;
}

const maxDepth = 16;
const maxElements = 10_000;

/** Writes strings, booleans and whole numbers (as int32): what our own commands consist of. */
export function encodeBson(document: Readonly<Record<string, string | boolean | number>>): Buffer {
	const parts = Object.entries(document).map(([name, value]) => {
		const key = Buffer.from(`${name}\0`);
		if (typeof value === "boolean") return Buffer.concat([Buffer.from([8]), key, Buffer.from([value ? 1 : 0])]);
		if (typeof value === "number") return Buffer.concat([Buffer.from([0x10]), key, int32(value)]);
		const text = Buffer.from(`${value}\0`);
		return Buffer.concat([Buffer.from([2]), key, int32(text.length), text]);
	});
	const body = Buffer.concat(parts);
	return Buffer.concat([int32(body.length + 5), body, Buffer.from([0])]);
}

/** Reads the document at the start of the bytes; null when it is malformed, cut short or too deep. */
export function decodeBson(bytes: Buffer): BsonDocument | null {
	return new Reader(bytes).document(0, bytes.length, 0)?.value ?? null;
}

interface Read<T> {
	readonly value: T;
	readonly next: number;
}

class Reader {
	readonly #bytes: Buffer;
	#elements = 0;

	constructor(bytes: Buffer) {
		this.#bytes = bytes;
	}

	document(at: number, limit: number, depth: number): Read<BsonDocument> | null {
		if (at + 5 > limit || depth > maxDepth) return null;
		const end = at + this.#bytes.readInt32LE(at);
		if (end < at + 5 || end > limit || this.#bytes[end - 1] !== 0) return null;
		// A null prototype: a field called __proto__ is a field.
		const value: Record<string, BsonValue> = Object.create(null);
		let next = at + 4;
		while (next < end - 1) {
			if (++this.#elements > maxElements) return null;
			const nameEnd = this.#bytes.indexOf(0, next + 1);
			if (nameEnd < 0 || nameEnd >= end - 1) return null;
			const read = this.#value(this.#bytes[next] ?? 0, nameEnd + 1, end - 1, depth);
			if (read === null) return null;
			value[this.#bytes.toString("utf8", next + 1, nameEnd)] = read.value;
			next = read.next;
		}
		return { value, next: end };
	}

	#value(type: number, at: number, limit: number, depth: number): Read<BsonValue> | null {
		switch (type) {
			case 0x02:
			case 0x0d:
			case 0x0e:
				return this.#string(at, limit);
			case 0x03:
				return this.document(at, limit, depth + 1);
			case 0x04: {
				const read = this.document(at, limit, depth + 1);
				return read && { value: Object.values(read.value), next: read.next };
			}
			case 0x05: {
				if (at + 5 > limit) return null;
				return this.#slice(at + 5, this.#bytes.readInt32LE(at), limit);
			}
			default:
				return this.#fixed(type, at, limit);
		}
	}

	#fixed(type: number, at: number, limit: number): Read<BsonValue> | null {
		const size = fixedSizes[type];
		if (size === undefined || at + size > limit) return null;
		const next = at + size;
		if (type === 0x01) return { value: this.#bytes.readDoubleLE(at), next };
		if (type === 0x08) return { value: this.#bytes[at] !== 0, next };
		if (type === 0x10) return { value: this.#bytes.readInt32LE(at), next };
		if (type === 0x09 || type === 0x11 || type === 0x12) return { value: this.#bytes.readBigInt64LE(at), next };
		return { value: size === 0 ? null : this.#bytes.subarray(at, next), next };
	}

	#string(at: number, limit: number): Read<string> | null {
		if (at + 5 > limit) return null;
		const length = this.#bytes.readInt32LE(at);
		const next = at + 4 + length;
		if (length < 1 || next > limit) return null;
		return { value: this.#bytes.toString("utf8", at + 4, next - 1), next };
	}

	#slice(at: number, length: number, limit: number): Read<Buffer> | null {
		if (length < 0 || at + length > limit) return null;
		return { value: this.#bytes.subarray(at, at + length), next: at + length };
	}
}

/** Bytes of the types whose size does not vary; regular expressions and code with scope do not occur in handshakes. */
const fixedSizes: Readonly<Record<number, number>> = {
	1: 8, // double
	6: 0, // undefined
	7: 12, // object id
	8: 1, // boolean
	9: 8, // date
	10: 0, // null
	16: 4, // int32
	17: 8, // timestamp
	18: 8, // int64
	19: 16, // decimal128
	127: 0, // max key
	255: 0, // min key
};

function int32(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeInt32LE(value | 0, 0);
	return bytes;
}
