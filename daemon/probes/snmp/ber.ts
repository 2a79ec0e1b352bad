/**
 * The little of BER that SNMP needs (X.690 section 8; RFC 3417 section 8 narrows it): definite lengths, one-byte tags. Reading
 * is bounded by the bytes given and by depth, and gives null instead of throwing.
 */

export const tags = {
	integer: 0x02,
	octetString: 0x04,
	null: 0x05,
	objectId: 0x06,
	sequence: 0x30,
	timeTicks: 0x43,
	getRequest: 0xa0,
	getResponse: 0xa2,
} as const;

export interface Element {
	tag: number;
	content: Buffer;
}

/** The first element in `bytes` and what follows it; null when there is no whole one. */
export function readElement(bytes: Buffer): { element: Element; rest: Buffer } | null {
	const tag = bytes[0];
	const first = bytes[1];
	if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return null;
	const extra = first & 0x80 ? first & 0x7f : 0;
	if (first === 0x80 || extra > 4 || bytes.length < 2 + extra) return null;
	const length = extra === 0 ? first : bytes.readUIntBE(2, extra);
	const start = 2 + extra;
	if (length > bytes.length - start) return null;
	return {
		element: { tag, content: bytes.subarray(start, start + length) },
		rest: bytes.subarray(start + length),
	};
}

/** The elements inside a constructed one, in order; null when one is broken or there are more than `max`. */
export function readElements(content: Buffer, max: number): Element[] | null {
	const elements: Element[] = [];
	let rest = content;
	while (rest.length > 0) {
		const next = readElement(rest);
		if (!next || elements.length >= max) return null;
		elements.push(next.element);
		rest = next.rest;
	}
	return elements;
}

/** An INTEGER or an unsigned of RFC 2578 (TimeTicks) of six bytes at most; null when longer or empty. */
export function readNumber(element: Element | undefined): number | null {
	if (!element || element.content.length === 0 || element.content.length > 6) return null;
	const { tag, content } = element;
	if (tag !== tags.integer && tag !== tags.timeTicks) return null;
	return tag === tags.integer ? content.readIntBE(0, content.length) : content.readUIntBE(0, content.length);
}

/** An OBJECT IDENTIFIER in dotted form (X.690 section 8.19); null when it is broken or has more than 128 parts. */
export function readObjectId(element: Element | undefined): string | null {
	if (element?.tag !== tags.objectId || element.content.length === 0 || element.content.length > 512) return null;
	const arcs: number[] = [];
	let value = 0;
	for (const byte of element.content) {
		value = value * 128 + (byte & 0x7f);
		if (value > 0xffffffff) return null;
		if (byte & 0x80) continue;
		arcs.push(value);
		value = 0;
	}
	if (arcs.length === 0 || arcs.length > 127 || ((element.content.at(-1) ?? 0) & 0x80) !== 0) return null;
	const [first = 0, ...rest] = arcs;
	const top = Math.min(2, Math.floor(first / 40));
	return [top, first - top * 40, ...rest].join(".");
}

export function element(tag: number, ...parts: readonly Uint8Array[]): Buffer {
	const content = Buffer.concat(parts);
	const length =
		content.length < 0x80 ? Buffer.of(content.length) : Buffer.of(0x82, content.length >> 8, content.length & 0xff);
	return Buffer.concat([Buffer.of(tag), length, content]);
}

/** A non-negative INTEGER below 2^31. */
export function integer(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeInt32BE(value);
	let start = 0;
	while (start < 3 && bytes[start] === 0 && ((bytes[start + 1] ?? 0) & 0x80) === 0) start += 1;
	return element(tags.integer, bytes.subarray(start));
}

/** An OBJECT IDENTIFIER from its dotted form, which is ours and well-formed. */
export function objectId(dotted: string): Buffer {
	const [top = 0, second = 0, ...arcs] = dotted.split(".").map(Number);
	const bytes = [top * 40 + second, ...arcs].flatMap((arc) => {
		const groups = [arc & 0x7f];
		for (let left = arc >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
		return groups;
	});
	return element(tags.objectId, Buffer.from(bytes));
}
