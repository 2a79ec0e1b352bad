/** The one thing a map reads from what a UDP port answers: a machine's NetBIOS name. Pure. */

/**
 * The machine's name in a node status response (RFC 1002 section 4.2.18): the unique name of type 0. Printable ASCII
 * without the blanks it is filled up with; null when there is none, or when the bytes are something else.
 */
export function netbiosNameOf(bytes: Uint8Array): string | null {
	const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (view.length < 57 || (view.readUInt16BE(2) & 0x8000) === 0) return null;
	// The name asked for comes back in full, so that the list of names begins at a fixed place.
	if (view[12] !== 32 || view.readUInt16BE(46) !== 0x21) return null;
	const names = view[56] ?? 0;
	for (let index = 0; index < names; index++) {
		const at = 57 + index * 18;
		if (at + 18 > view.length) return null;
		const isGroup = (view.readUInt16BE(at + 16) & 0x8000) !== 0;
		if (isGroup || view[at + 15] !== 0) continue;
		const name = view.toString("latin1", at, at + 15).replace(/[ \0]+$/, "");
		return /^[\x21-\x7e][\x20-\x7e]*$/.test(name) ? name : null;
	}
	return null;
}
