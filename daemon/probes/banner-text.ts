/** Bytes as text that shows every one of them: for what no probe understands. */

const maxBytes = 512;

/** The first 512 bytes; outside printable ASCII, and for the backslash, `\xNN`. */
export function escapeBytes(bytes: Buffer): string {
	let text = "";
	for (const byte of bytes.subarray(0, maxBytes)) {
		const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x5c;
		text += plain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
	}
	return text;
}
