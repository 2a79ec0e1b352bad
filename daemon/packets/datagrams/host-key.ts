/** An address as something to look up by: a number for IPv4, eight 16-bit words in a string for IPv6. Pure. */

export type HostKey = number | string;

/** `at` is where 4 or 16 bytes in network order begin. IPv4-mapped addresses are IPv4 addresses. */
export function hostKey(view: DataView, at: number, family: 4 | 6): HostKey {
	if (family === 4) return view.getUint32(at);
	if (view.getUint32(at) === 0 && view.getUint32(at + 4) === 0 && view.getUint32(at + 8) === 0xffff) {
		return view.getUint32(at + 12);
	}
	let key = "";
	for (let i = 0; i < 16; i += 2) key += String.fromCharCode(view.getUint16(at + i));
	return key;
}

/** Of the same /24 or /64: what is learned of the way to one holds for the other. */
export function networkKey(key: HostKey): HostKey {
	return typeof key === "number" ? key >>> 8 : key.slice(0, 4);
}
