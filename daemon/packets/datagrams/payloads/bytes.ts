/** Putting messages together from fields of fixed width, network byte order. Pure. */

export function hex(text: string): Uint8Array {
	return Uint8Array.from(text.replaceAll(" ", "").match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function ascii(text: string): Uint8Array {
	return Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 0x7f);
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
	const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		all.set(part, at);
		at += part.length;
	}
	return all;
}

export function u16(...values: readonly number[]): Uint8Array {
	return Uint8Array.from(values.flatMap((value) => [(value >>> 8) & 255, value & 255]));
}

export function u32(...values: readonly number[]): Uint8Array {
	return Uint8Array.from(values.flatMap((value) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255)));
}

export function zeroes(count: number): Uint8Array {
	return new Uint8Array(count);
}

/** DER or BER (X.690): a tag, a definite length, the contents. Below 64 KiB. */
export function tlv(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
	const content = join(...parts);
	const { length } = content;
	const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 255];
	return join(Uint8Array.of(tag, ...size), content);
}

/** A non-negative INTEGER. */
export function integer(value: number): Uint8Array {
	const bytes = [...u32(value)];
	while (bytes.length > 1 && bytes[0] === 0 && (bytes[1] ?? 0) < 0x80) bytes.shift();
	if ((bytes[0] ?? 0) >= 0x80) bytes.unshift(0);
	return tlv(0x02, Uint8Array.from(bytes));
}

export function octets(text: string, tag = 0x04): Uint8Array {
	return tlv(tag, ascii(text));
}
