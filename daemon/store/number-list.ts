/** Lists of numbers in few bytes: each as its distance from the one before, in their order. Pure. */

/** Whole numbers from 0 to 2^31 - 1: distances as variable-length integers, signs in the lowest bit (protobuf's ZigZag). */
export function packNumbers(numbers: readonly number[]): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(numbers.length * 5);
	let at = 0;
	let before = 0;
	for (const number of numbers) {
		const distance = number - before;
		before = number;
		let left = distance < 0 ? -distance * 2 - 1 : distance * 2;
		while (left > 127) {
			bytes[at++] = (left & 127) | 128;
			left >>>= 7;
		}
		bytes[at++] = left;
	}
	return bytes.slice(0, at);
}

/** What was packed, from a place in the bytes on. Any bytes yield numbers; those cut off at the end are left out. */
export function unpackNumbers(bytes: Uint8Array, from = 0): number[] {
	return unpackMarked(bytes, null, from);
}

/** The same, but only numbers whose place in `marks` is not 0: of thousands of lists few have one. */
export function unpackMarked(bytes: Uint8Array, marks: Uint8Array | null, from = 0): number[] {
	const numbers: number[] = [];
	const { length } = bytes;
	const marked = marks?.length ?? 0;
	let number = 0;
	for (let at = from; at < length; ) {
		let byte = bytes[at++] ?? 0;
		let distance = byte & 127;
		for (let shift = 7; byte > 127; shift += 7) {
			if (at >= length) return numbers;
			byte = bytes[at++] ?? 0;
			distance |= (byte & 127) << shift;
		}
		number += (distance >>> 1) ^ -(distance & 1);
		// Compared first: reading beyond an array is slow, and hostile bytes may name any number.
		if (marks === null || (number >= 0 && number < marked && marks[number] !== 0)) numbers.push(number);
	}
	return numbers;
}
