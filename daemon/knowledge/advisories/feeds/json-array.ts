/**
 * Reads a JSON document whose records stand in one long array, some hundred at a time: `{"format": …, "records": [{…}, …]}`. What
 * comes before the array must be short, what comes after it is not read.
 */

export interface ArrayPart {
	/** The document's fields before the array. */
	readonly head: unknown;
	readonly items: readonly unknown[];
}

const longestHead = 64 << 10;
const longestItem = 16 << 20;
const itemsAtATime = 500;

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d];

/** Throws an Error for what is cut off, is no such document, or has a record of more than 16 MB. */
export async function* readArray(stream: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<ArrayPart> {
	const items = new ItemScanner();
	let [head, before]: [unknown, Buffer] = [null, Buffer.alloc(0)];
	let batch: unknown[] = [];
	for await (const bytes of stream) {
		let chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		if (head === null) {
			before = Buffer.concat([before, chunk]);
			const start = arrayStart(before, name);
			if (start === null && before.length > longestHead) throw new Error(`there is no array of ${name}`);
			if (start === null) continue;
			head = JSON.parse(`${before.toString("utf8", 0, start)}]}`);
			chunk = before.subarray(start);
		}
		for (const item of items.read(chunk)) {
			batch.push(JSON.parse(item.toString("utf8")));
			if (batch.length < itemsAtATime) continue;
			yield { head, items: batch };
			batch = [];
		}
		if (items.isOver) break;
	}
	if (head === null || !items.isOver) throw new Error("it ends too early");
	yield { head, items: batch };
}

/** Where the array's first item may begin; null when it has not come yet. */
function arrayStart(head: Buffer, name: string): number | null {
	// One byte a character, so that places are those of the bytes.
	const found = new RegExp(`"${name}"\\s*:\\s*\\[`).exec(head.toString("latin1", 0, longestHead));
	return found === null ? null : found.index + found[0].length;
}

/** Finds where objects and arrays begin and end, over chunks that break anywhere. */
class ItemScanner {
	isOver = false;
	#depth = 0;
	#isText = false;
	#isEscaped = false;
	#parts: Buffer[] = [];
	#length = 0;

	*read(chunk: Buffer): Generator<Buffer> {
		let start = 0;
		for (let at = 0; at < chunk.length && !this.isOver; at++) {
			const byte = chunk[at];
			if (this.#isText) {
				if (this.#isEscaped) this.#isEscaped = false;
				else if (byte === backslash) this.#isEscaped = true;
				else if (byte === quote) this.#isText = false;
			} else if (byte === quote) this.#isText = true;
			else if (byte === openBrace || byte === openBracket) {
				if (this.#depth++ === 0) start = at;
			} else if (byte === closeBrace || byte === closeBracket) {
				if (this.#depth === 0) this.isOver = true;
				else if (--this.#depth === 0) yield this.#take(chunk.subarray(start, at + 1));
			}
		}
		if (this.#depth > 0) this.#keep(chunk.subarray(start));
	}

	#keep(part: Buffer): void {
		this.#length += part.length;
		if (this.#length > longestItem) throw new Error("a record that is too long");
		this.#parts.push(Buffer.from(part));
	}

	#take(last: Buffer): Buffer {
		const item = this.#parts.length === 0 ? last : Buffer.concat([...this.#parts, last]);
		this.#parts = [];
		this.#length = 0;
		return item;
	}
}
