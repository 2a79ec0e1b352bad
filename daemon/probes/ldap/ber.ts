/** As much of BER (X.690) as LDAP uses: definite lengths, one-byte tags. Reading is pure, total and never past the end. */

export interface Element {
	readonly tag: number;
	readonly content: Buffer;
	/** Bytes of tag, length and content. */
	readonly size: number;
}

export const tag = { boolean: 0x01, integer: 0x02, octetString: 0x04, enumerated: 0x0a, sequence: 0x30 } as const;

/** Bytes of tag and length, and the content's length; null when the form is not LDAP's, undefined when more is needed. */
export function readHeader(bytes: Buffer, at = 0): { head: number; length: number } | null | undefined {
	const first = bytes[at + 1];
	if (((bytes[at] ?? 0) & 0x1f) === 0x1f) return null;
	if (first === undefined) return undefined;
	if (first < 0x80) return { head: 2, length: first };
	const count = first & 0x7f;
	if (count === 0 || count > 4) return null;
	if (at + 2 + count > bytes.length) return undefined;
	return { head: 2 + count, length: bytes.readUIntBE(at + 2, count) };
}

/** The element at an offset; null when it is malformed or not whole. */
export function readElement(bytes: Buffer, at = 0): Element | null {
	const header = readHeader(bytes, at);
	if (!header) return null;
	const end = at + header.head + header.length;
	if (end > bytes.length) return null;
	return { tag: bytes[at] ?? 0, content: bytes.subarray(at + header.head, end), size: header.head + header.length };
}

/** The elements a constructed element holds, as many as are whole; `max` at most. */
export function readElements(content: Buffer, max = 4_096): Element[] {
	const found: Element[] = [];
	let at = 0;
	while (at < content.length && found.length < max) {
		const element = readElement(content, at);
		if (element === null) break;
		found.push(element);
		at += element.size;
	}
	return found;
}

/** A whole number of up to six bytes; null otherwise. */
export function readInteger(element: Element | undefined): number | null {
	if (element === undefined || element.content.length < 1 || element.content.length > 6) return null;
	return element.content.readIntBE(0, element.content.length);
}

/** An element with this content, given as bytes, text, or elements to put one behind the other. */
export function write(tagByte: number, content: Uint8Array | string | readonly Buffer[]): Buffer {
	const body =
		typeof content === "string"
			? Buffer.from(content)
			: content instanceof Uint8Array
				? Buffer.from(content)
				: Buffer.concat([...content]);
	const length = body.length < 0x80 ? Buffer.of(body.length) : Buffer.of(0x82, body.length >> 8, body.length & 0xff);
	return Buffer.concat([Buffer.of(tagByte), length, body]);
}
