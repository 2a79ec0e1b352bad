/**
 * Reads a tar archive as a stream (POSIX.1-2008 pax, "ustar interchange format"; GNU's long names too): regular files alone,
 * each held whole, never written anywhere.
 */

import { type ArchiveLimits, TooLarge } from "./zip.ts";

export interface TarEntry {
	readonly name: string;
	readonly bytes: Buffer;
}

const blockBytes = 512;
/** Of the records that only carry a longer name. */
const longestHeader = 1 << 20;

/** True for the first block of an archive. */
export function isTar(head: Uint8Array): boolean {
	return head.length >= blockBytes && readHeader(Buffer.from(head.subarray(0, blockBytes))) !== null;
}

/** Throws an Error for an archive that is cut off or damaged, and `TooLarge` for what is over the limits. */
export async function* readTar(
	stream: AsyncIterable<Uint8Array>,
	wants: (name: string) => boolean,
	limits: ArchiveLimits,
): AsyncGenerator<TarEntry> {
	const source = new ByteSource(stream);
	let longName: string | null = null;
	let all = 0;
	for (let block = await source.take(blockBytes); block !== null; block = await source.take(blockBytes)) {
		// Two blocks of zeros end it; one is enough to know.
		if (block.every((byte) => byte === 0)) return;
		const header = readHeader(block);
		if (header === null) throw new Error("a block that is no header");
		const { kind, size } = header;
		all += size;
		if (all > limits.all) throw new TooLarge("it unpacks to more than is sensible");
		const padding = (blockBytes - (size % blockBytes)) % blockBytes;
		if (kind === "L" || kind === "x") {
			if (size > longestHeader) throw new Error("a name that is too long");
			longName = nameIn(kind, await source.need(size)) ?? longName;
			await source.skip(padding);
			continue;
		}
		const name: string = longName ?? header.name;
		longName = null;
		if (kind === "0" && wants(name)) {
			if (size > limits.entry) throw new TooLarge(`${name} unpacks to more than is sensible`);
			yield { name, bytes: await source.need(size) };
			await source.skip(padding);
		} else await source.skip(size + padding);
	}
}

/** Null when its checksum is wrong. */
function readHeader(block: Buffer): { name: string; size: number; kind: string } | null {
	const sum = block.reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 0x20 : byte), 0);
	if (number(block, 148, 8) !== sum) return null;
	const size = number(block, 124, 12);
	if (size === null || !Number.isSafeInteger(size)) return null;
	const text = (at: number, length: number) => block.toString("utf8", at, at + length).split("\0", 1)[0] ?? "";
	const prefix = text(257, 5) === "ustar" ? text(345, 155) : "";
	const kind = String.fromCharCode(block[156] ?? 0);
	const name = prefix === "" ? text(0, 100) : `${prefix}/${text(0, 100)}`;
	return { name, size, kind: kind === "\0" || kind === "7" ? "0" : kind };
}

/** Octal digits, or GNU's base 256 for what is larger; null for neither. */
function number(block: Buffer, at: number, length: number): number | null {
	if (((block[at] ?? 0) & 0x80) !== 0) return Number(block.readBigUInt64BE(at + length - 8));
	const digits = block
		.toString("latin1", at, at + length)
		.replace(/[\0 ]+$/, "")
		.trimStart();
	return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || "0", 8) : null;
}

/** GNU: the name itself. pax: records of `length key=value\n`. */
function nameIn(kind: string, bytes: Buffer): string | null {
	const text = bytes.toString("utf8");
	if (kind === "L") return text.split("\0", 1)[0] ?? null;
	return /(?:^|\n)[0-9]+ path=([^\n]*)\n/.exec(text)?.[1] ?? null;
}

/** Takes a stream apart by lengths that are not those of its chunks. */
class ByteSource {
	readonly #chunks: AsyncIterator<Uint8Array>;
	#held: Uint8Array = new Uint8Array(0);

	constructor(stream: AsyncIterable<Uint8Array>) {
		this.#chunks = stream[Symbol.asyncIterator]();
	}

	/** Null at the end; throws when it ends within. */
	async take(bytes: number): Promise<Buffer | null> {
		if (this.#held.length === 0 && !(await this.#more())) return null;
		return this.need(bytes);
	}

	async need(bytes: number): Promise<Buffer> {
		const parts: Uint8Array[] = [];
		for (let missing = bytes; missing > 0; ) {
			if (this.#held.length === 0 && !(await this.#more())) throw new Error("it ends too early");
			const part = this.#held.subarray(0, missing);
			this.#held = this.#held.subarray(part.length);
			missing -= part.length;
			parts.push(part);
		}
		return Buffer.concat(parts);
	}

	async skip(bytes: number): Promise<void> {
		for (let missing = bytes; missing > 0; ) {
			if (this.#held.length === 0 && !(await this.#more())) throw new Error("it ends too early");
			const part = Math.min(missing, this.#held.length);
			this.#held = this.#held.subarray(part);
			missing -= part;
		}
	}

	async #more(): Promise<boolean> {
		do {
			const next = await this.#chunks.next();
			if (next.done === true) return false;
			this.#held = next.value;
		} while (this.#held.length === 0);
		return true;
	}
}
