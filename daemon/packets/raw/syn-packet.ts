/** The probe as bytes: a TCP SYN with one option (MSS), in an IPv4 packet, or alone for IPv6. Pure. */

/** IPv4 header of 20 and TCP header of 24 bytes. */
export const syn4Length = 44;
/** The TCP header only: the kernel writes the rest and the checksum. */
export const syn6Length = 24;

const flagsWord = 0x6002;
const windowSize = 64_240;
const optionWords = [0x0204, 1_460] as const;
const versionWord = 0x4500;
const dontFragment = 0x4000;
const ttlAndProtocol = (64 << 8) | 6;
const tcpProtocol = 6;
const ipSum = versionWord + syn4Length + dontFragment + ttlAndProtocol;
const tcpSum = tcpProtocol + syn6Length + flagsWord + windowSize + optionWords[0] + optionWords[1];

/** What does not change from probe to probe, written once into each place of a buffer. */
export function prepareSyn4(view: DataView, at: number): void {
	view.setUint16(at, versionWord);
	view.setUint16(at + 2, syn4Length);
	view.setUint32(at + 4, dontFragment);
	view.setUint16(at + 8, ttlAndProtocol);
	prepareSyn6(view, at + 20);
}

export function prepareSyn6(view: DataView, at: number): void {
	view.setUint32(at + 8, 0);
	view.setUint16(at + 12, flagsWord);
	view.setUint16(at + 14, windowSize);
	view.setUint32(at + 16, 0);
	view.setUint16(at + 20, optionWords[0]);
	view.setUint16(at + 22, optionWords[1]);
}

/** Addresses are 32-bit numbers. Checksums as in RFC 1071 over what `prepareSyn4` wrote and this writes. */
export function writeSyn4(
	view: DataView,
	at: number,
	from: number,
	to: number,
	fromPort: number,
	toPort: number,
	sequence: number,
): void {
	const addresses = (from >>> 16) + (from & 0xffff) + (to >>> 16) + (to & 0xffff);
	view.setUint16(at + 10, ~fold(ipSum + addresses) & 0xffff);
	view.setUint32(at + 12, from);
	view.setUint32(at + 16, to);
	view.setUint16(at + 20, fromPort);
	view.setUint16(at + 22, toPort);
	view.setUint32(at + 24, sequence);
	const sum = tcpSum + addresses + fromPort + toPort + (sequence >>> 16) + (sequence & 0xffff);
	view.setUint16(at + 36, ~fold(sum) & 0xffff);
}

export function writeSyn6(view: DataView, at: number, fromPort: number, toPort: number, sequence: number): void {
	view.setUint16(at, fromPort);
	view.setUint16(at + 2, toPort);
	view.setUint32(at + 4, sequence);
}

function fold(sum: number): number {
	const once = (sum & 0xffff) + (sum >>> 16);
	return (once & 0xffff) + (once >>> 16);
}
