/** The Internet checksum (RFC 1071). Pure. */

/** Over the bytes, which must have zeroes where the checksum goes; `start` is what a pseudo header adds. */
export function checksum(bytes: Uint8Array, start = 0): number {
	let sum = start;
	for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
	while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
	return ~sum & 0xffff;
}
